"""Builds wheels: the Python package, and the program rasp as Go builds it.

A build backend (PEP 517) that needs nothing but Python and Go, so that `pip install ./cmd/python` works, and a script:

    python3 cmd/python/backend/rasp_build.py [-o FOLDER] [SYSTEM/ARCH ...]

makes wheels for the platforms that are named, or for all. The same sources, Go and Python give the same bytes.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any, Dict, List, Optional

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

HERE = Path(__file__).resolve().parent.parent
ROOT = HERE.parent.parent

# The oldest systems on which programs of Go 1.26 run. A static program needs no C library, glibc or musl.
PLATFORMS = {
    "linux/amd64": "manylinux_2_17_x86_64.manylinux2014_x86_64.musllinux_1_1_x86_64",
    "linux/arm64": "manylinux_2_17_aarch64.manylinux2014_aarch64.musllinux_1_1_aarch64",
    "darwin/amd64": "macosx_12_0_x86_64",
    "darwin/arm64": "macosx_12_0_arm64",
    "windows/amd64": "win_amd64",
    "windows/arm64": "win_arm64",
}

EPOCH = (1980, 1, 1, 0, 0, 0)  # of all files: the earliest that a zip file has


def project() -> Dict[str, Any]:
    with open(HERE / "pyproject.toml", "rb") as f:
        found: Dict[str, Any] = tomllib.load(f)["project"]
    return found


def host() -> str:
    """What Go builds for: this machine, or what GOOS and GOARCH say."""
    try:
        said = subprocess.run(["go", "env", "GOOS", "GOARCH"], check=True, capture_output=True, text=True, cwd=ROOT)
    except FileNotFoundError:
        raise SystemExit("building rasp takes Go 1.26 or later (https://go.dev/dl); wheels need none") from None
    return "/".join(said.stdout.split())


def build_program(platform: str) -> bytes:
    """The program for a platform, static and stripped. The pages are left out, for which nobody installs it."""
    system, arch = platform.split("/")
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "rasp"
        command = ["go", "build", "-trimpath", "-buildvcs=false", "-tags", "nopages", "-ldflags", "-s -w -buildid="]
        env = {**os.environ, "CGO_ENABLED": "0", "GOOS": system, "GOARCH": arch, "GOFLAGS": "-mod=readonly"}
        subprocess.run([*command, "-o", str(out), "./cmd/rasp"], check=True, cwd=ROOT, env=env)
        return out.read_bytes()


def metadata() -> str:
    p = project()
    lines = [
        "Metadata-Version: 2.4",
        f"Name: {p['name']}",
        f"Version: {p['version']}",
        f"Summary: {p['description']}",
        f"License-Expression: {p['license']}",
        "License-File: LICENSE",
        "License-File: notices.txt",
        f"Requires-Python: {p['requires-python']}",
    ]
    lines += [f"Requires-Dist: {d}" for d in p["dependencies"]]
    for extra, wanted in p["optional-dependencies"].items():
        lines.append(f"Provides-Extra: {extra}")
        lines += [f'Requires-Dist: {d}; extra == "{extra}"' for d in wanted]
    text = (HERE / p["readme"]).read_text(encoding="utf-8")
    return "\n".join([*lines, "Description-Content-Type: text/markdown", "", text])


def tags(platform: str) -> List[str]:
    return ["py3-none-" + tag for tag in PLATFORMS[platform].split(".")]


class Wheel:
    """A wheel that is being written; the record of what is in it comes last."""

    def __init__(self, path: Path, info: str) -> None:
        self.info = info
        self.record: List[str] = []
        self.zip = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9)

    def add(self, name: str, content: bytes, mode: int = 0o644) -> None:
        entry = zipfile.ZipInfo(name, EPOCH)
        entry.external_attr = (0o100000 | mode) << 16
        entry.create_system = 3  # so that the mode counts, wherever this runs
        entry.compress_type = zipfile.ZIP_DEFLATED
        self.zip.writestr(entry, content, compresslevel=9)
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        self.record.append(f"{name},sha256={digest},{len(content)}")

    def close(self) -> None:
        name = self.info + "/RECORD"
        self.add(name, "\n".join([*self.record, f"{name},,", ""]).encode())
        self.zip.close()


def write(folder: Path, platform: str, files: Dict[str, bytes], program: bytes) -> str:
    """Writes a wheel of a platform, with files by name; returns its name."""
    p = project()
    base = f"{p['name']}-{p['version']}"
    if platform not in PLATFORMS:
        raise SystemExit(f"no wheels are made for {platform}, but for {', '.join(PLATFORMS)}")
    name = f"{base}-py3-none-{PLATFORMS[platform]}.whl"
    info = base + ".dist-info"
    folder.mkdir(parents=True, exist_ok=True)
    wheel = Wheel(folder / name, info)
    for file, content in sorted(files.items()):
        wheel.add(file, content)
    ending = ".exe" if platform.startswith("windows") else ""
    wheel.add(f"{base}.data/scripts/rasp{ending}", program, 0o755)
    wheel.add(info + "/METADATA", metadata().encode())
    about = ["Wheel-Version: 1.0", "Generator: rasp_build", "Root-Is-Purelib: false", *("Tag: " + t for t in tags(platform)), ""]
    wheel.add(info + "/WHEEL", "\n".join(about).encode())
    wheel.add(info + "/licenses/LICENSE", (ROOT / "LICENSE").read_bytes())
    wheel.add(info + "/licenses/notices.txt", (ROOT / "docs" / "notices.txt").read_bytes())
    wheel.close()
    return name


def package() -> Dict[str, bytes]:
    source = HERE / "src"
    return {f.relative_to(source).as_posix(): f.read_bytes() for f in source.rglob("*") if f.suffix == ".py" or f.name == "py.typed"}


# The hooks of PEP 517 and PEP 660.

Settings = Optional[Dict[str, Any]]


def build_wheel(wheel_directory: str, config_settings: Settings = None, metadata_directory: Optional[str] = None) -> str:
    platform = host()
    return write(Path(wheel_directory), platform, package(), build_program(platform))


def build_editable(wheel_directory: str, config_settings: Settings = None, metadata_directory: Optional[str] = None) -> str:
    platform = host()
    files = {"__editable__.rasp.pth": (str(HERE / "src") + "\n").encode()}
    return write(Path(wheel_directory), platform, files, build_program(platform))


def build_sdist(sdist_directory: str, config_settings: Settings = None) -> str:
    raise SystemExit("rasp is built from its repository, which has the Go sources: pip install ./cmd/python; there are wheels for all others")


def main() -> None:
    p = argparse.ArgumentParser(description="Make wheels.")
    p.add_argument("-o", "--out", type=Path, default=Path("dist"), help="the folder for the wheels")
    p.add_argument("platforms", nargs="*", metavar="SYSTEM/ARCH", help="of " + ", ".join(PLATFORMS) + "; none: all")
    a = p.parse_args()
    for platform in a.platforms or PLATFORMS:
        if platform not in PLATFORMS:
            p.error(f"no wheels are made for {platform}, but for {', '.join(PLATFORMS)}")
        name = write(a.out, platform, package(), build_program(platform))
        print(f"{(a.out / name).stat().st_size:>10}  {name}")


if __name__ == "__main__":
    main()
