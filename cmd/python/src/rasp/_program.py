"""Programs: what is said of them, interpreted and sampled, without a model."""

from __future__ import annotations

import itertools
import json
import os
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple, Union

import numpy as np

from ._errors import RaspError, error
from ._process import folder, process, run

Value = Union[str, int, float, bool]
"""A value of RASP."""

Tokens = Union[str, Sequence[Value]]
"""An input: text, one token a character, or a sequence of tokens."""

Program = Union[str, "os.PathLike[str]"]
"""A program: its text, the path of a file, or the name of a ready-made one."""

Vocabulary = Union[str, Sequence[Value]]
"""Tokens: ``"abc"``, ``"0..9"`` or a list."""

_numbers = itertools.count()


def plain(tokens: Tokens) -> Union[str, List[Value]]:
    """An input as JSON has it. Text that begins with [ would be read as a list."""
    if isinstance(tokens, str):
        return list(tokens) if tokens.startswith("[") else tokens
    return [v.item() if isinstance(v, np.generic) else v for v in tokens]


def argument(tokens: Tokens) -> str:
    """An input as the command line has it."""
    found = plain(tokens)
    return found if isinstance(found, str) else json.dumps(found)


def which(program: Program) -> Dict[str, Any]:
    """A program as ``rasp serve`` takes it: a text has more than a name or a path has."""
    if isinstance(program, str) and any(c in program for c in "\n;="):
        return {"source": program, "name": "<rasp>"}
    file = os.fspath(program)
    return {"file": os.path.abspath(file) if os.path.exists(file) else file}


def as_file(program: Program) -> str:
    """A program as a FILE of the command line."""
    found = which(program)
    if "file" in found:
        return str(found["file"])
    path = Path(folder()) / f"program{next(_numbers)}.rasp"
    path.write_text(found["source"], encoding="utf-8")
    return str(path)


def domain(vocab: Optional[Vocabulary], length: Optional[int], causal: Optional[bool]) -> Dict[str, Any]:
    """What a program is run or compiled for, where it does not say so itself."""
    given: Dict[str, Any] = {}
    if vocab is not None:
        given["vocab"] = vocab if isinstance(vocab, str) else list(plain(vocab))
    if length is not None:
        if length < 1:
            raise RaspError(f"length: the longest input has at least 1 token, not {length}")
        given["length"] = length
    if causal is not None:
        given["causal"] = causal
    return given


def names(output: Union[None, str, Sequence[str]]) -> List[str]:
    if output is None:
        return []
    return [output] if isinstance(output, str) else list(output)


Place = Union[Tuple[str, int], str]


def place(key: Place) -> Tuple[str, int]:
    """An s-op and a position, given as ``("place", 0)`` or ``"place@0"``."""
    if not isinstance(key, str):
        sop, at = key
        return sop, at
    sop, _, position = key.rpartition("@")
    if not sop or not position.isdecimal():
        raise ValueError(f'{key!r} is no place: ("place", 0) or "place@0" is the s-op place at position 0')
    return sop, int(position)


def settings(given: Mapping[Place, Value]) -> List[Dict[str, Any]]:
    """``{("place", 0): 2}`` as ``rasp serve`` has it."""
    return [
        {"sop": sop, "position": at, "value": json.dumps(plain([v])[0], ensure_ascii=False)}
        for (sop, at), v in ((place(key), v) for key, v in given.items())
    ]


def results(answers: List[Dict[str, Any]], single: bool) -> List[Any]:
    """The outputs of each input: of the one output, or a dict by name."""
    found: List[Any] = []
    for n, answer in enumerate(answers):
        if "error" in answer:
            failed = error([answer["error"]])
            failed.input = n
            raise failed
        one = {o["name"]: np.array(o["selector"], bool) if "selector" in o else o["values"] for o in answer["outputs"]}
        found.append(next(iter(one.values())) if single else one)
    return found


def interpret(
    program: Program,
    tokens: Tokens,
    *,
    output: Union[None, str, Sequence[str]] = None,
    vocab: Optional[Vocabulary] = None,
    causal: Optional[bool] = None,
    set: Optional[Mapping[Place, Value]] = None,
) -> Any:
    """What a program computes on an input, by the interpreter.

    Returns the values by position, [n]; of a selector a bool array [n queries, n keys]; of
    several outputs a dict by name. ``output`` names s-ops or selectors on the way; ``set``
    gives s-ops values at positions: ``{("place", 0): 2}``.
    """
    asked = which(program)
    asked.update(domain(vocab, None, causal))
    asked.update(inputs=[plain(tokens)], outputs=names(output), set=settings(set or {}))
    answers = process.call("interpret", asked)
    single = "error" in answers[0] or len(answers[0]["outputs"]) == 1
    return results(answers, single)[0]


def sample(
    program: Any,
    n: Optional[int] = None,
    *,
    all: bool = False,
    distribution: str = "uniform",
    seed: int = 1,
    pairs: Optional[str] = None,
    position: Optional[int] = None,
    output: Union[None, str, Sequence[str]] = None,
    vocab: Optional[Vocabulary] = None,
    length: Optional[int] = None,
    causal: Optional[bool] = None,
) -> List[Dict[str, Any]]:
    """Inputs of a program or a Model, with its outputs as labels; no input comes twice.

    Each example is a dict with ``input`` and ``output``; with ``pairs``, an s-op, it has
    ``clean`` and ``corrupt`` inputs of one length on which that differs (at ``position``),
    and their outputs: see docs/data-sets.md. ``all`` takes every input there is. A list of
    dicts is what pandas, pyarrow and datasets make tables of.
    """
    from ._model import Model

    args = ["sample", "--seed", str(seed)]
    if all:
        args.append("--all")
    else:
        if n is None:
            raise RaspError("sample: n is missing; all=True takes every input")
        args += ["-n", str(n), "--distribution", distribution]
    if pairs is not None:
        args += ["--pairs", pairs]
    if position is not None:
        args += ["--position", str(position)]
    if output is not None:
        args += ["--output", ",".join(names(output))]
    given = domain(vocab, length, causal)
    if "vocab" in given:
        v = given["vocab"]
        args += ["--vocab", v if isinstance(v, str) else json.dumps(v)]
    if "length" in given:
        args += ["--length", str(given["length"])]
    if "causal" in given:
        args.append("--causal=" + str(given["causal"]).lower())
    file = program.path if isinstance(program, Model) else as_file(program)
    return [json.loads(line) for line in run([*args, "--", file]).splitlines()]


def programs() -> Dict[str, str]:
    """The ready-made programs: name and what it computes."""
    return {p["name"]: p["title"] for p in process.call("programs", {})}


def source(name: str) -> str:
    """The text of a ready-made program."""
    for p in process.call("programs", {}):
        if p["name"] == name:
            return str(p["text"])
    raise RaspError(f"there is no ready-made program {name}", hint="rasp.programs() has their names")


def command(*args: Any, stdin: str = "") -> str:
    """What ``rasp ARGS`` prints: any command of the command line."""
    return run([str(a) for a in args], stdin)


