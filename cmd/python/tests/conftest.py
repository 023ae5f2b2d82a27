"""What the tests share."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent.parent

# Where the package is not installed, the tests take it from here, and Go builds the program.
if importlib.util.find_spec("rasp") is None:
    sys.path.insert(0, str(HERE.parent / "src"))

import rasp  # noqa: E402


@pytest.fixture(scope="session", autouse=True)
def program(tmp_path_factory: pytest.TempPathFactory) -> None:
    try:
        rasp.binary()
    except rasp.RaspError:
        if shutil.which("go") is None:
            pytest.exit("there is neither the program rasp nor Go to build it", returncode=1)
        built = tmp_path_factory.mktemp("bin") / "rasp"
        subprocess.run(["go", "build", "-o", str(built), "./cmd/rasp"], cwd=ROOT, env={**os.environ, "CGO_ENABLED": "0"}, check=True)
        os.environ["RASP_BINARY"] = str(built)


@pytest.fixture(scope="session")
def sort() -> rasp.Model:
    """A small model: layer 0 counts, layer 1 fetches."""
    return rasp.compile("sort", vocab="abc", length=5)


@pytest.fixture(scope="session")
def export() -> None:
    """For tests of what ``rasp export`` writes."""
    if "export" not in rasp.command("--help"):
        pytest.skip("this rasp has no command export")
