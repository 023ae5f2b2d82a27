"""The Python in docs/python.md: what a line gives is what stands behind it."""

from __future__ import annotations

import ast
import linecache
import re
from pathlib import Path
from typing import Any, Dict, List, Tuple

import pytest

PAGE = Path(__file__).resolve().parents[3] / "docs" / "python.md"
BLOCK = re.compile(r"(?:<!-- needs: ([\w ]+) -->\n)?```python\n(.*?)```", re.S)


def blocks() -> List[Tuple[List[str], str]]:
    return [(needs.split(), text) for needs, text in BLOCK.findall(PAGE.read_text(encoding="utf-8"))]


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
            file = f"<python.md {node.lineno} {hash(text)}>"
            linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)  # nnsight reads it there
            exec(compile(source, file, "exec"), names)
    return compared


def test_page() -> None:
    names: Dict[str, Any] = {}
    compared = 0
    missing: List[str] = []
    for needs, text in blocks():
        try:
            for package in needs:
                __import__(package)
        except ImportError as e:
            missing.append(str(e.name))
            continue
        compared += run(text, names)
    assert compared >= 14
    if missing:
        pytest.skip(f"the rest of the page is right; without {', '.join(sorted(set(missing)))} some blocks were left out")
