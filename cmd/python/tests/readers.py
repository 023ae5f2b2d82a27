"""Repositories whose readers of circuits are run as they are, where they lie beside ours.

READERS is a folder of git repositories, one a reader, each in OWNER+NAME or in
OWNER+NAME/repo; only files that are committed are read. What a reader imports beyond what is
installed is stubbed, as far as reading does not use it.
"""

import os
import pathlib
import subprocess
import sys
import types

import pytest


def text(repository, path):
    """A file of a repository, from its newest commit."""
    if not (readers := os.environ.get("READERS")):
        pytest.skip("READERS does not say where the repositories of other readers are")
    folder = pathlib.Path(readers) / repository.replace("/", "+")
    folder = folder / "repo" if (folder / "repo").exists() else folder
    if not folder.exists():
        pytest.skip(f"{repository} is not in {readers}")
    return subprocess.run(["git", "-C", folder, "show", f"HEAD:{path}"], capture_output=True, text=True, check=True).stdout


def module(name, repository, path, stubs):
    """A file of a repository as a module; stubs are modules by name, which are imported in
    place of what there is."""
    pytest.importorskip("torch", reason="torch is not installed")
    source = text(repository, path)
    package, kept = name.rpartition(".")[0], {}
    made = types.ModuleType(name)
    made.__package__ = package
    for stub, content in {package: {"__path__": []}, **stubs}.items():
        kept[stub] = sys.modules.get(stub)
        sys.modules[stub] = types.ModuleType(stub)
        vars(sys.modules[stub]).update(content)
    kept[name] = sys.modules.get(name)
    sys.modules[name] = made  # dataclasses look there
    try:
        exec(compile(source, f"{repository}/{path}", "exec"), vars(made))
    finally:
        for stub, before in kept.items():
            if before is None:
                del sys.modules[stub]
            else:
                sys.modules[stub] = before
    return made
