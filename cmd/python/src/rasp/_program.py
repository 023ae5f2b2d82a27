"""Programs: what is said of them, interpreted and sampled, without a model."""

from __future__ import annotations

import itertools
import json
import math
import operator
import os
from pathlib import Path
from typing import AbstractSet, Any, Dict, Iterable, List, Mapping, Optional, Sequence, Tuple, Union

import numpy as np

from ._errors import RaspError, error_of_input
from ._process import folder, process, run, run_as_asked

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
    if isinstance(tokens, (bytes, bytearray, AbstractSet, Mapping)) or not isinstance(tokens, Iterable) or getattr(tokens, "ndim", 1) == 0:
        raise TypeError(f"an input is text, or a list of tokens, not {_short(tokens)}")
    return [_token(v, at) for at, v in enumerate(tokens)]


def _token(v: Any, at: int) -> Value:
    value = v.item() if isinstance(v, np.generic) else v
    if not isinstance(value, (str, bool, int, float)):
        raise TypeError(f"a token is a string, a number or a boolean, not {_short(v)} (position {at})")
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"a token is a finite number, not {value} (position {at})")
    return value


def _short(x: Any) -> str:
    """An object for a message."""
    text = repr(x)
    return f"{type(x).__name__} {text}" if len(text) < 40 else type(x).__name__


def whole(name: str, x: Any) -> int:
    """An argument that has to be an int."""
    if isinstance(x, (bool, np.bool_)):
        raise TypeError(f"{name} is an int, not {x}")
    try:
        return operator.index(x)
    except TypeError:
        raise TypeError(f"{name} is an int, not {_short(x)}") from None


def real(name: str, x: Any) -> str:
    """An argument that has to be a number, as the command line has it."""
    if isinstance(x, (str, bytes, bool)) or not hasattr(x, "__float__") and not hasattr(x, "__index__"):
        raise TypeError(f"{name} is a number, not {_short(x)}")
    return repr(float(x))


def text(name: str, x: Any) -> str:
    """An argument that has to be text."""
    if not isinstance(x, str):
        raise TypeError(f"{name} is text, not {_short(x)}")
    return x


def truth(name: str, x: Any) -> bool:
    """An argument that has to be True or False."""
    if not isinstance(x, (bool, np.bool_)):
        raise TypeError(f"{name} is True or False, not {_short(x)}")
    return bool(x)


def noise(name: str, x: Any) -> Union[bool, float]:
    """An argument that is True, False or a relative standard deviation."""
    if isinstance(x, (bool, np.bool_)):
        return bool(x)
    if not isinstance(x, (int, float, np.integer, np.floating)) or not 0 < x < 1:
        raise TypeError(f"{name} is True, False or a number above 0 and below 1, not {_short(x)}")
    return float(x)


def mapping(name: str, x: Any) -> Mapping[Any, Any]:
    """An argument that has to be a dict; None is an empty one."""
    if x is None:
        return {}
    if not isinstance(x, Mapping):
        raise TypeError(f'{name} is a dict, such as {{("place", 0): ...}}, not {_short(x)}')
    return x


def argument(tokens: Tokens) -> str:
    """An input as the command line has it."""
    found = plain(tokens)
    return found if isinstance(found, str) else json.dumps(found)


def which(program: Program) -> Dict[str, Any]:
    """A program as ``rasp serve`` takes it: a text has more than a name or a path has."""
    if not isinstance(program, (str, os.PathLike)):
        raise TypeError(f"a program is its text, the path of a file or a name, not {_short(program)}")
    if isinstance(program, str) and any(c in program for c in "\n;="):
        return {"source": program, "name": "<rasp>"}
    file = os.fspath(program)
    if not file:
        raise RaspError("the program is empty", hint="rasp.programs() has the names of ready-made ones")
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
        given["vocab"] = vocab if isinstance(vocab, str) else [_token(v, at) for at, v in enumerate(vocabulary(vocab))]
    if length is not None:
        given["length"] = whole("length", length)
        if given["length"] < 1:
            raise RaspError(f"length: the longest input has at least 1 token, not {length}")
    if causal is not None:
        given["causal"] = truth("causal", causal)
    return given


def vocabulary(vocab: Any) -> Iterable[Any]:
    """A vocabulary that is no text: tokens in an order, which give them their ids."""
    if isinstance(vocab, (bytes, AbstractSet, Mapping)) or not isinstance(vocab, Iterable):
        raise TypeError(f'a vocabulary is text such as "abc" or "0..9", or a list of tokens, not {_short(vocab)}')
    return vocab


def names(output: Union[None, str, Sequence[str]], of: str = "outputs") -> List[str]:
    if output is None:
        return []
    if isinstance(output, str):
        return [output]
    if not isinstance(output, Iterable):
        raise TypeError(f"{of} is a name or a list of names, not {_short(output)}")
    return [text(of, name) for name in output]


Place = Union[Tuple[str, int], str]


def place(key: Place) -> Tuple[str, int]:
    """An s-op and a position, given as ``("place", 0)`` or ``"place@0"``."""
    if isinstance(key, tuple) and len(key) == 2 and isinstance(key[0], str):
        return key[0], whole("the position of a place", key[1])
    sop, _, position = key.rpartition("@") if isinstance(key, str) else ("", "", "")
    if not sop or not position.isdecimal():
        raise ValueError(f'{key!r} is no place: ("place", 0) or "place@0" is the s-op place at position 0')
    return sop, int(position)


def settings(given: Mapping[Place, Value]) -> List[Dict[str, Any]]:
    """``{("place", 0): 2}`` as ``rasp serve`` has it."""
    return [
        {"sop": sop, "position": at, "value": json.dumps(plain([v])[0], ensure_ascii=False)}
        for (sop, at), v in ((place(key), v) for key, v in mapping("set", given).items())
    ]


def results(answers: List[Dict[str, Any]], single: bool) -> List[Any]:
    """The outputs of each input: of the one output, or a dict by name."""
    found: List[Any] = []
    for n, answer in enumerate(answers):
        if "error" in answer:
            raise error_of_input(n, answer["error"], len(answers) > 1)
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
    asked.update(inputs=[plain(tokens)], outputs=names(output, "output"), set=settings(set or {}))
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

    args = ["sample", "--seed", str(whole("seed", seed))]
    if all and n is not None:
        raise RaspError("sample: n and all=True: one or the other")
    if all:
        args.append("--all")
    else:
        if n is None:
            raise RaspError("sample: n is missing; all=True takes every input")
        args += ["-n", str(whole("n", n)), "--distribution", text("distribution", distribution)]
    if pairs is not None:
        args += ["--pairs", text("pairs", pairs)]
    if position is not None:
        args += ["--position", str(whole("position", position))]
    if output is not None:
        args += ["--output", ",".join(names(output, "output"))]
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
    """What ``rasp ARGS`` prints: any command of the command line. A Model stands for its file."""
    from ._model import Model

    for a in args:
        if isinstance(a, (list, tuple, dict, set)):
            raise TypeError(f'arguments are given one by one, as in rasp.command("run", "sort", "cab"), not as {_short(a)}')
    return run_as_asked([a.path if isinstance(a, Model) else str(a) for a in args], text("stdin", stdin))


