"""The Python in documents: what a line gives is what stands behind it."""

from __future__ import annotations

import ast
import linecache
import re
from pathlib import Path
from typing import Any, Dict, List, Tuple

import pytest

import rasp

DOCS = Path(__file__).resolve().parents[3] / "docs"
PAGES = {"python": 14, "disguise": 1, "raspbench": 1}  # with the lines that are compared at least, where all packages are there
BLOCK = re.compile(r"(?:<!-- needs: ([\w ]+) -->\n)?```python\n(.*?)```", re.S)


def blocks(page: str) -> List[Tuple[List[str], str]]:
    return [(needs.split(), text) for needs, text in BLOCK.findall((DOCS / f"{page}.md").read_text(encoding="utf-8"))]


def run(text: str, names: Dict[str, Any]) -> int:
    """Runs a block; compares each expression that has a comment with it, and counts them."""
    lines, compared = text.splitlines(), 0
    for node in ast.parse(text).body:
        source = ast.get_source_segment(text, node)
        assert source is not None and node.end_lineno is not None
        _, _, expected = lines[node.end_lineno - 1][len(source.splitlines()[-1]) :].partition("# ")
        if isinstance(node, ast.Expr) and expected:
            assert repr(eval(source, names)) == expected, source
            compared += 1
        else:
            file = f"<page {node.lineno} {hash(text)}>"
            linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)  # nnsight reads it there
            exec(compile(source, file, "exec"), names)
    return compared


@pytest.mark.parametrize("page", PAGES)
def test_page(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    if page == "raspbench":
        rasp.command("suite", "sort", "-o", "set", "--lengths", 8, "--robust", "--levels", 4, "--inputs", 20, "--pairs", 8)
    names: Dict[str, Any] = {}
    compared = 0
    missing: List[str] = []
    for needs, text in blocks(page):
        try:
            for package in needs:
                __import__(package)
        except ImportError as e:
            missing.append(str(e.name))
            continue
        compared += run(text, names)
    assert compared >= PAGES[page] or missing
    if missing:
        pytest.skip(f"the rest of the page is right; without {', '.join(sorted(set(missing)))} some blocks were left out")
