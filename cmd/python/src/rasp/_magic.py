"""The cell magic %%rasp."""

from __future__ import annotations

import argparse
import shlex
from typing import Any, NoReturn

from ._errors import RaspError
from ._model import Model, compile


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise RaspError(f"%%rasp: {message}", hint="%%rasp [NAME] [--vocab V] [--length N] [--causal] [--output S] [-O 0..2]")


def _parser() -> argparse.ArgumentParser:
    p = _Parser(prog="%%rasp", add_help=False)
    p.add_argument("name", nargs="?", default="model")
    p.add_argument("--vocab")
    p.add_argument("--length", type=int)
    p.add_argument("--causal", action="store_const", const=True)
    p.add_argument("--output")
    p.add_argument("--partial", action="store_true")
    p.add_argument("-O", dest="optimize", type=int, default=1)
    return p


def rasp(shell: Any, line: str, cell: str) -> Model:
    """``%%rasp NAME``: compiles the cell, and gives the model that name."""
    a = _parser().parse_args(shlex.split(line))
    outputs = a.output.split(",") if a.output else None
    source = cell if "\n" in cell else cell + "\n"
    model = compile(
        source, vocab=a.vocab, length=a.length, causal=a.causal, outputs=outputs, optimize=a.optimize, partial=a.partial
    )
    shell.user_ns[a.name] = model
    return model


def register(shell: Any) -> None:
    """Makes the magic known to a shell of IPython."""

    def magic(line: str, cell: str) -> Model:
        return rasp(shell, line, cell)

    shell.register_magic_function(magic, "cell", "rasp")
