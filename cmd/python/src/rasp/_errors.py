"""Faults of programs, inputs and models, as exceptions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, List, Optional

from ._words import in_python


@dataclass(frozen=True)
class Fault:
    """One fault at one place.

    ``line`` and ``column`` count from 1 and are 0 where there is no place in a program;
    ``text`` is the fault for people, with the line and a caret.
    """

    message: str
    text: str
    kind: str = ""
    severity: str = "error"
    file: str = ""
    line: int = 0
    column: int = 0
    hint: str = ""


class RaspError(Exception):
    """What is wrong with a program, an input, a model or a call.

    The attributes are those of the first fault; ``faults`` has all of them, ``input`` the
    number of the input of a batch, from 0, if one is at fault.
    """

    def __init__(self, message: str, *, text: str = "", hint: str = "", faults: Optional[List[Fault]] = None) -> None:
        super().__init__(message)
        self.message = message
        self.faults = faults or []
        first = self.faults[0] if self.faults else Fault(message, text)
        self.kind, self.file, self.line, self.column = first.kind, first.file, first.line, first.column
        self.hint = hint or first.hint
        self.text = text or message
        self.input: Optional[int] = None

    def __str__(self) -> str:
        text = self.text.rstrip()
        if self.hint and self.hint not in text:
            text += f"\n      = hint: {self.hint}"
        return text


class RaspWarning(UserWarning):
    """What a program likely does not mean."""


def fault(data: Dict[str, Any], method: str = "") -> Fault:
    """A fault as ``rasp serve`` writes it, in words of Python."""
    return Fault(
        message=in_python(data["message"], method),
        text=in_python(data["text"], method),
        kind=data.get("kind", ""),
        severity=data.get("severity", "error"),
        file=data.get("file", ""),
        line=data.get("line", 0),
        column=data.get("col", 0),
        hint=in_python(data.get("hint", ""), method),
    )


def error(faults: List[Dict[str, Any]], text: str = "", message: str = "", hint: str = "", method: str = "") -> RaspError:
    """The exception for faults as ``rasp serve`` writes them, in words of Python."""
    known = [fault(f, method) for f in faults]
    return RaspError(
        known[0].message if known else in_python(message, method),
        text=in_python(text, method) or "".join(f.text for f in known),
        hint=in_python(hint, method),
        faults=known,
    )


def error_of_input(number: int, data: Dict[str, Any], many: bool) -> RaspError:
    """The exception for an input of ``many``: the text names it as ``inputs[number]``."""
    found = error([data])
    found.input = number
    if many:
        found.text = f"inputs[{number}]: {found.text}"
    return found
