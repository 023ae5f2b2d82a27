"""The cell magic, and the notebooks, run from top to bottom."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any, List

import pytest

import rasp

NOTEBOOKS = sorted((Path(__file__).resolve().parent.parent / "notebooks").glob("*.ipynb"))


def test_magic() -> None:
    ipython = pytest.importorskip("IPython.core.interactiveshell", reason="IPython is not installed")
    shell: Any = ipython.InteractiveShell.instance()
    shell.run_line_magic("load_ext", "rasp")
    model = shell.run_cell_magic("rasp", "nth --vocab abc --length 4", "same = select(tokens, tokens, ==);\nn = selector_width(same);\n")
    assert shell.user_ns["nth"] is model and model("aba") == [2, 1, 2]
    assert shell.run_cell_magic("rasp", "--vocab '[\"the\", \"cat\"]' --length 2", "x = tokens;")(["cat"]) == ["cat"]
    with pytest.raises(rasp.RaspError) as e:
        shell.run_cell_magic("rasp", "m --vocab ab --length 2", "x = tokens;\ny = select(x, x, ==) + 1;\n")
    assert e.value.line == 2
    with pytest.raises(rasp.RaspError, match="unrecognized"):
        shell.run_cell_magic("rasp", "--lenght 3", "x = tokens;\n")


def needs(notebook: Any) -> List[str]:
    """The packages that a notebook says it needs, beside rasp and NumPy."""
    return list(notebook.metadata.get("rasp", {}).get("needs", []))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_notebook(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nbformat = pytest.importorskip("nbformat", reason="nbformat is not installed")
    nbclient = pytest.importorskip("nbclient", reason="nbclient is not installed")
    pytest.importorskip("ipykernel", reason="ipykernel is not installed")
    notebook = nbformat.read(path, as_version=4)
    for package in needs(notebook):
        pytest.importorskip(package, reason=f"{package} is not installed")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(p for p in sys.path if p))
    client = nbclient.NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(tmp_path)}}, kernel_name="python3")
    client.execute()


def test_there_are_notebooks() -> None:
    assert len(NOTEBOOKS) == 4
