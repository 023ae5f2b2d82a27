"""The wheel: small, the same each time, and what pip expects."""

from __future__ import annotations

import base64
import hashlib
import importlib.util
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest

import rasp

HERE = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def build() -> Any:
    spec = importlib.util.spec_from_file_location("rasp_build", HERE / "backend" / "rasp_build.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def wheel(build: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    if shutil.which("go") is None:
        pytest.skip("there is no Go to build the program")
    folder = tmp_path_factory.mktemp("wheel")
    return folder / str(build.build_wheel(str(folder)))


def test_small(wheel: Path) -> None:
    assert wheel.stat().st_size < 10_000_000


def test_same_bytes(wheel: Path, build: Any, tmp_path: Path) -> None:
    again = tmp_path / str(build.build_wheel(str(tmp_path)))
    assert again.name == wheel.name and again.read_bytes() == wheel.read_bytes()


def test_record(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as z:
        names = z.namelist()
        (record,) = [n for n in names if n.endswith("/RECORD")]
        lines = [line.split(",") for line in z.read(record).decode().splitlines()]
        assert [line[0] for line in lines] == names
        for name, digest, size in lines[:-1]:
            content = z.read(name)
            assert int(size) == len(content)
            assert digest == "sha256=" + base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        assert "rasp/__init__.py" in names and "rasp/py.typed" in names
        (program,) = [i for i in z.infolist() if "/scripts/rasp" in i.filename]
        assert program.external_attr >> 16 & 0o111 == 0o111
        about = z.read(record.replace("RECORD", "WHEEL")).decode()
        assert all(f"Tag: py3-none-{t}\n" in about for t in wheel.name.split("none-")[1].removesuffix(".whl").split("."))


def test_every_platform_has_tags(build: Any, tmp_path: Path) -> None:
    for platform in build.PLATFORMS:
        name = build.write(tmp_path, platform, {}, b"program")
        with zipfile.ZipFile(tmp_path / name) as z:
            ending = ".exe" if platform.startswith("windows") else ""
            assert f"rasp-{rasp.__version__}.data/scripts/rasp{ending}" in z.namelist()
    with pytest.raises(SystemExit, match="no wheels are made"):
        build.write(tmp_path, "plan9/386", {}, b"")


def test_parquet(tmp_path: Path) -> None:
    out = tmp_path / "x.parquet"
    rasp.command("sample", "reverse", "-n", 3, "-o", out)
    assert out.read_bytes()[:4] == b"PAR1"
