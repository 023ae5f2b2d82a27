"""Where the program rasp is."""

from __future__ import annotations

import os
import shutil
import sys
import sysconfig
from pathlib import Path
from typing import Iterator

from ._errors import RaspError

_NAME = "rasp.exe" if sys.platform == "win32" else "rasp"


def _places() -> Iterator[Path]:
    yield Path(sysconfig.get_path("scripts")) / _NAME
    package = Path(__file__).resolve().parent
    for folder in ("bin", "Scripts"):  # pip install --target
        yield package.parent / folder / _NAME
    user = "nt_user" if sys.platform == "win32" else "posix_user"
    if sys.platform == "darwin" and sys._framework:  # type: ignore[attr-defined,unused-ignore]
        user = "osx_framework_user"
    if user in sysconfig.get_scheme_names():
        yield Path(sysconfig.get_path("scripts", user)) / _NAME


def binary() -> str:
    """The path of the program rasp: the one that came with this package, ``$RASP_BINARY`` if that is set."""
    given = os.environ.get("RASP_BINARY")
    if given:
        if not shutil.which(given):
            raise RaspError(f"RASP_BINARY: {given} is no program")
        return given
    for place in _places():
        if place.is_file():
            return str(place)
    raise RaspError(
        "the program rasp, which comes with this package, is not where packages are installed",
        hint="install the wheel again, or name a program: RASP_BINARY=/path/to/rasp",
    )
