"""Reading what ``rasp suite`` writes (its README.md has the fields)."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Dict, Iterator, List, Mapping, Optional, Tuple, Union

import numpy as np

from .. import _weights
from .._errors import RaspError
from ._discovery import Batch
from ._network import Array, Edge, Network

TRUTHS = ("static", "moving", "necessary")


def _key(v: Any) -> Tuple[str, Any]:
    """Of a value of JSON: 1, 1.0 and true are three."""
    return type(v).__name__, v


def _lines(file: Path) -> List[Any]:
    with open(file, encoding="utf-8") as f:
        return [json.loads(line) for line in f]


def digest(folder: Path) -> str:
    """The SHA-256 of what sha256sum prints of the files of a model's folder but item.json, by name."""
    files = sorted(f for f in folder.iterdir() if f.name != "item.json")
    return hashlib.sha256("".join(f"{hashlib.sha256(f.read_bytes()).hexdigest()}  {f.name}\n" for f in files).encode()).hexdigest()


@dataclass
class Output:
    name: str
    column: int
    classes: Optional[Dict[Tuple[str, Any], int]]  # place by value; None for a number

    @property
    def width(self) -> int:
        return 2 if self.classes is None else len(self.classes)

    def metric(self, clean: Any, corrupt: Any, row: Array) -> float:
        """Adds the weights of the logits at a position; gives the metric halfway between the two."""
        if _key(clean) == _key(corrupt):
            return 0
        if self.classes is None:
            up = 1 if clean > corrupt else -1
            row[self.column] += up
            return float(up * (clean + corrupt) / 2)
        row[self.column + self.classes[_key(clean)]] += 1
        row[self.column + self.classes[_key(corrupt)]] -= 1
        return 0


class Item:
    """A model of a suite, with what is true of it."""

    def __init__(self, suite: Path, index: Mapping[str, Any]) -> None:
        self.index = dict(index)
        self.name: str = index["name"]
        self.level: int = index["level"]
        self.digest: str = index["digest"]
        self.robust = bool(json.loads((suite / "settings.json").read_text(encoding="utf-8"))["robust"])
        self.folder, self.base = suite / index["name"], suite / index["base"]

    def check(self) -> None:
        """A RaspError unless the folders of the model, and of the one that it is made of, are as they were written."""
        for folder in {self.base, self.folder}:
            try:
                told = json.loads((folder / "item.json").read_text(encoding="utf-8"))["digest"]
                right = digest(folder) == told and (folder != self.folder or told == self.digest)
            except (OSError, ValueError, KeyError, TypeError):
                right = False
            if not right:
                raise RaspError(f"{folder} is not as rasp suite wrote it", hint="delete the folder and make the set again: what is there is taken as it is")

    @cached_property
    def _file(self) -> Tuple[_weights.Arrays, Dict[str, str]]:
        return _weights.read(str(self.folder / "model.safetensors"))

    @cached_property
    def network(self) -> Network:
        weights, metadata = self._file
        return Network(weights, json.loads(metadata["config"]))

    @cached_property
    def outputs(self) -> List[Output]:
        found = []
        for o in json.loads(self._file[1]["outputs"]):
            classes = {_key(json.loads(c)): i for i, c in enumerate(o["classes"])} if o.get("classes") else None
            found.append(Output(o["name"], o["column"], classes))
        return found

    @cached_property
    def vocab(self) -> Dict[Tuple[str, Any], int]:
        return {_key(json.loads(t)): i for i, t in enumerate(json.loads(self._file[1]["vocab"]))}

    def ids(self, tokens: List[Any]) -> List[int]:
        """Token ids, BOS first."""
        return [len(self.vocab)] + [self.vocab[_key(t)] for t in tokens]

    @cached_property
    def names(self) -> Any:
        return json.loads((self.base / "names.json").read_text(encoding="utf-8"))

    @cached_property
    def circuit(self) -> Any:
        return json.loads((self.base / "circuit.json").read_text(encoding="utf-8"))

    @cached_property
    def truth(self) -> Optional[Any]:
        """How the parts belong to those of the base (docs/truth.schema.json); None at level 0."""
        return json.loads((self.folder / "truth.json").read_text(encoding="utf-8")) if self.level else None

    @property
    def rounded(self) -> bool:
        """Whether the disguise rounded weights: those of a compiled model are what they are meant to be."""
        return self.truth is not None and (self.truth["residual"]["absolute"] > 0 or self.truth["residual"]["arithmetic"] > 0)

    def _heads(self) -> Dict[str, str]:
        """The node of the base for each head."""
        heads = [n for n in self.network.nodes if n.kind == "head"]
        if self.truth is None:
            return {n.name: n.name for n in heads}
        return {n.name: f"a{n.layer}.h{self.truth['heads'][n.layer][n.head]['from']}" for n in heads}

    def edges(self) -> Dict[str, Array]:
        """Which edges of the network are of the circuit, by truth: bool [edges]."""
        old = self._heads()
        found = {(e["from"], e["to"], e.get("channel", "")): e for e in self.circuit["edges"]}
        listed = [found.get((old.get(e.source, e.source), old.get(e.target, e.target), e.channel)) for e in self.network.edges]
        return {
            "static": np.array([e is not None for e in listed]),
            "moving": np.array([e is not None and e["moving"] != "no" for e in listed]),
            "necessary": np.array([e is not None and e["necessary"] == "yes" for e in listed]),
        }

    def head(self, node: str) -> Any:
        """The names of a head."""
        l, h = self._heads()[node][1:].split(".h")
        return self.names["heads"][int(l)][int(h)]

    def kind(self, e: Edge) -> str:
        """What an edge is for: the kind of the head that it enters or leaves, or the table."""
        if e.target.startswith("a"):
            return str(self.head(e.target)["kind"])
        if e.source.startswith("a"):
            return str(self.head(e.source)["kind"])
        return "table" if e.target.startswith("m") or e.source.startswith("m") else "read-out"

    def batches(self, change: str, most: int = 64) -> List[Batch]:
        """Pairs of a kind, those of the same lengths together."""
        groups: Dict[Tuple[int, int], List[Tuple[List[int], List[int], Array, Array]]] = {}
        width = max(o.column + o.width for o in self.outputs)
        pairs = [p for p in _lines(self.base / "pairs.jsonl") if p["change"] == change][:most]
        for p in pairs:
            metric, border = np.zeros((len(p["clean"]) + 1, width)), np.zeros(len(p["clean"]) + 1)
            for o in self.outputs:
                for i, (a, b) in enumerate(zip(p["clean_output"][o.name], p["corrupt_output"][o.name])):
                    border[i + 1] += o.metric(a, b, metric[i + 1])
            x, y = self.ids(p["clean"]), self.ids(p["corrupt"])
            groups.setdefault((len(x), len(y)), []).append((x, y, metric, border))
        return [Batch(*(np.array(arrays) for arrays in zip(*group))) for group in groups.values()]

    # Variables and directions.

    @cached_property
    def directions(self) -> Array:
        """What each dimension of the base is in the stream: [d_model of the base, d_model]."""
        return self._stream("stream.q")

    @cached_property
    def back(self) -> Array:
        """What makes the stream of the base of this one: [d_model, d_model of the base]."""
        return self._stream("stream.back")

    def _stream(self, name: str) -> Array:
        return self.arrays[name] if self.truth else np.eye(self.network.config["d_model"])

    @cached_property
    def arrays(self) -> _weights.Arrays:
        """Those of the truth (docs/disguise.md); none at level 0."""
        return _weights.read(str(self.folder / self.truth["arrays"]))[0] if self.truth else {}

    def examples(self, most: int) -> Iterator[Tuple[Array, Dict[str, List[List[Any]]]]]:
        """Inputs by length: ids [inputs, 1+n], and of each s-op the values [inputs][n]."""
        groups: Dict[int, List[Any]] = {}
        for x in _lines(self.base / "inputs.jsonl")[:most]:
            if x["sops"]:
                groups.setdefault(len(x["input"]), []).append(x)
        for group in groups.values():
            sops = {name: [x["sops"][name] for x in group] for name in group[0]["sops"]}
            yield np.array([self.ids(x["input"]) for x in group]), sops


def read(folder: Union[str, Path]) -> List[Item]:
    """The models of a suite."""
    try:
        return [Item(Path(folder), line) for line in _lines(Path(folder) / "index.jsonl")]
    except (OSError, ValueError, KeyError, TypeError) as wrong:
        raise RaspError(f"{folder} is no complete set of models of this version: {wrong!r}", hint="rasp suite writes index.jsonl when it is done") from wrong
