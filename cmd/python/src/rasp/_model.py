"""Models."""

from __future__ import annotations

import base64
import functools
import html
import itertools
import json
import os
import re
import tempfile
import warnings
import weakref
from pathlib import Path
from typing import Any, Dict, Iterable, List, Mapping, Optional, Sequence, Sized, Tuple, Union

import numpy as np

from . import _program, _weights
from ._errors import RaspError, RaspWarning, error_of_input, fault
from ._picture import Picture
from ._process import NoModel, folder, process, run, run_both
from ._program import Program, Tokens, Value, Vocabulary

Path_ = Union[str, "os.PathLike[str]"]
_numbers = itertools.count()
_JSON_VALUES = {"input", "before", "after", "model", "program", "values"}  # lists of values, each as JSON


def compile(
    program: Program,
    *,
    vocab: Optional[Vocabulary] = None,
    length: Optional[int] = None,
    causal: Optional[bool] = None,
    outputs: Union[None, str, Sequence[str]] = None,
    optimize: int = 1,
    partial: bool = False,
    robust: Union[bool, float] = False,
) -> Model:
    """Compiles a program into a transformer.

    ``program`` is its text, the path of a .rasp file, or the name of a ready-made one
    (``rasp.programs()``). ``vocab`` (``"abc"``, ``"0..9"`` or a list), ``length`` (of the
    longest input) and ``causal`` override what the program says; ``outputs`` names the
    s-ops to read out. ``optimize`` is 0 for codes that are easy to read, 1 for fewer
    weights, 2 for the smallest of all. ``partial`` accepts a program that fails on some
    inputs. ``robust`` compiles a model that stands noise, fewer digits and rotations; a
    number is the relative noise that its weights must stand. Raises RaspError with file,
    line, column and hint.
    """
    asked = _program.which(program)
    asked.update(_program.domain(vocab, length, causal))
    asked.update(outputs=_program.names(outputs), optimize=_program.whole("optimize", optimize), partial=_program.truth("partial", partial), robust=_program.noise("robust", robust))
    return Model._open("compile", asked)


def load(path: Path_) -> Model:
    """Loads a model file, as ``save`` and ``rasp compile`` write it."""
    return Model._open("load", {"file": os.path.abspath(os.fspath(path))})


def _inputs(inputs: Iterable[Tokens]) -> List[Any]:
    """Inputs as JSON has them; what is wrong with the type of one names it."""
    if not isinstance(inputs, Iterable):
        raise TypeError(f"inputs are a list of inputs, not {inputs!r}")
    found = []
    for n, tokens in enumerate(inputs):
        try:
            found.append(_program.plain(tokens))
        except (TypeError, ValueError) as wrong:
            raise type(wrong)(f"inputs[{n}]: {wrong}" if n or isinstance(inputs, Sized) and len(inputs) > 1 else str(wrong)) from None
    return found


def _decoded(x: Any, key: str = "") -> Any:
    """Results with values of Python where there are texts of JSON."""
    if isinstance(x, dict):
        return {k: _decoded(v, k) for k, v in x.items()}
    if not isinstance(x, list):
        return x
    if key in _JSON_VALUES and all(isinstance(v, str) for v in x):
        return [json.loads(v) if v else None for v in x]
    return [_decoded(v, key) for v in x]


class Model:
    """A compiled program: a transformer that computes it.

    Call it with tokens to get its output: ``model("cab")``. Made by ``rasp.compile`` and
    ``rasp.load``.
    """

    def __init__(self) -> None:
        raise TypeError("models are made by rasp.compile and rasp.load")

    _handle: Optional[str]
    _generation: int
    _opening: Tuple[str, Dict[str, Any]]
    _file: Optional[str]
    _read: Optional[Tuple[_weights.Arrays, Dict[str, str]]]
    _said: Dict[str, Any]

    @classmethod
    def _open(cls, method: str, asked: Dict[str, Any]) -> Model:
        m = object.__new__(cls)
        m._opening, m._file, m._read, m._handle = (method, asked), None, None, None
        with process.lock:
            m._opened()
        for w in m._said["warnings"]:
            warnings.warn(RaspWarning(fault(w, method).text.rstrip()), stacklevel=3)
        return m

    def _opened(self) -> str:
        """The handle; the model is opened anew where the process is another one."""
        if self._handle is None or self._generation != process.generation:
            method, asked = self._opening
            self._said = process.call(method, asked)
            self._handle, self._generation = str(self._said["model"]), process.generation
            weakref.finalize(self, process.drop, self._generation, self._handle)
        return self._handle

    def _ask(self, method: str, **asked: Any) -> Any:
        with process.lock:
            process.start()
            try:
                return process.call(method, {"model": self._opened(), **asked})
            except NoModel:  # it ended, or had to let the model go
                self._handle = None
                process.start()
                return process.call(method, {"model": self._opened(), **asked})

    def __reduce__(self) -> Any:
        return _unpickled, (self._title(), Path(self.path).read_bytes())

    # What it computes.

    def __call__(self, tokens: Tokens) -> Any:
        """The output on an input: values by position, [n]; of several outputs a dict by name."""
        return self.batch([tokens])[0]

    def batch(self, inputs: Iterable[Tokens]) -> List[Any]:
        """The outputs on many inputs, in one go: [inputs] of what a call gives."""
        answers = self._ask("run", inputs=_inputs(inputs))
        return _program.results(answers, len(self.outputs) == 1)

    def logits(self, tokens: Tokens) -> "np.ndarray[Any, np.dtype[np.float32]]":
        """The logits of an input, float32 [n, columns]; ``outputs`` says which column is what."""
        return self.logits_batch([tokens])[0]

    def logits_batch(self, inputs: Iterable[Tokens]) -> "List[np.ndarray[Any, np.dtype[np.float32]]]":
        """The logits of many inputs, each [n, columns]."""
        answers = self._ask("logits", inputs=_inputs(inputs))
        for n, a in enumerate(answers):
            if "error" in a:
                raise error_of_input(n, a["error"], len(answers) > 1)
        return [np.frombuffer(base64.b64decode(a["data"]), a["dtype"]).reshape(a["shape"]) for a in answers]

    def trace(self, tokens: Tokens) -> Dict[str, Any]:
        """The model at work on an input, in the names of the program.

        As ``rasp trace --json`` has it (docs/trace.schema.json), with values of Python: of
        each layer heads with ``weights`` and ``scores`` [1+n queries, 1+n keys], BOS first,
        active neurons, and what it holds of each s-op.
        """
        found: Dict[str, Any] = _decoded(self._ask("trace", input=_program.plain(tokens)))
        return found

    def intervene(
        self,
        tokens: Tokens,
        *,
        ablate: Union[None, str, Sequence[str], Mapping[str, str]] = None,
        patch: Optional[Mapping[_program.Place, Tokens]] = None,
        set: Optional[Mapping[_program.Place, Value]] = None,
        source: Optional[Tokens] = None,
    ) -> Dict[str, Any]:
        """Runs an input with and without a change.

        ``ablate`` names heads (``"0.1"``) and other parts to set to zero, or is a dict from
        names to ``"zero"``, ``"mean"`` or ``"resample"`` (from the input ``source``).
        ``patch={("place", 0): "abc"}`` brings what stands there on another input.
        ``set={("place", 0): 2}`` gives an s-op that the model holds a value, and compares
        with the program in which the same is set; ``"place@0"`` is the same as ``("place", 0)``.

        Returns a dict with ``before`` and ``after`` [outputs][n], ``changed`` (what is held
        otherwise) and, with ``set``, ``program`` [outputs][n] and ``agree``.
        """
        if not (ablate or patch or set):
            raise ValueError("nothing is changed: give ablate, patch or set")
        parts = {ablate: "zero"} if isinstance(ablate, str) else ablate or {}
        if not isinstance(parts, Mapping):
            if not isinstance(parts, Iterable):
                raise TypeError(f'ablate is the name of a part, such as "0.1", a list of names, or a dict of what becomes of them, not {parts!r}')
            parts = {name: "zero" for name in parts}
        asked: Dict[str, Any] = {
            "input": _program.plain(tokens),
            "ablate": [{"part": _program.text("the name of a part", part), "how": how} for part, how in parts.items()],
            "patch": [
                {"name": name, "position": at, "from": _program.plain(t)}
                for (name, at), t in ((_program.place(key), t) for key, t in _program.mapping("patch", patch).items())
            ],
            "set": _program.settings(set or {}),
        }
        if source is not None:
            asked["from"] = _program.plain(source)
        found: Dict[str, Any] = _decoded(self._ask("intervene", intervention=asked))
        return found

    # What it says of the next token.

    def next(self, text: Tokens, *, temperature: float = 1, top: int = 0) -> Dict[Value, float]:
        """The tokens that may come after a text, with their probabilities, the likeliest first."""
        args = ["next", "--json", "--top", str(_program.whole("top", top)), "--temperature", _program.real("temperature", temperature)]
        said = json.loads(run([*args, "--", self.path, _program.argument(text)]))
        return {c["token"]: c["probability"] for c in said["next"]}

    def generations(
        self,
        prompt: Tokens = "",
        *,
        tokens: int = 100,
        temperature: float = 1,
        top_k: int = 0,
        top_p: float = 1,
        min_p: float = 0,
        seed: int = 1,
        samples: int = 1,
        stop: Union[str, Sequence[str]] = (),
        at_end: str = "stop",
        top_logprobs: int = 0,
    ) -> List[Dict[str, Any]]:
        """Texts that the model writes, each a dict: text, tokens, logprobs, end (``rasp generate --json``)."""
        ints = {"tokens": tokens, "top-k": top_k, "seed": seed, "samples": samples, "top-logprobs": top_logprobs}
        numbers = {"temperature": temperature, "top-p": top_p, "min-p": min_p}
        args = ["generate", "--json", "--at-end", _program.text("at_end", at_end), "--prompt=" + _program.argument(prompt)]
        args += [f"--{name}={_program.whole(name.replace('-', '_'), x)}" for name, x in ints.items()]
        args += [f"--{name}={_program.real(name.replace('-', '_'), x)}" for name, x in numbers.items()]
        args += ["--stop=" + s for s in _program.names(stop, "stop")]
        return [json.loads(line) for line in run([*args, "--", self.path]).splitlines()]

    def generate(self, prompt: Tokens = "", **choices: Any) -> str:
        """What the model writes after a prompt; the choices are those of ``generations``."""
        return str(self.generations(prompt, **choices)[0]["text"])

    def perplexity(
        self,
        text: str,
        *,
        sentences: bool = False,
        stride: Optional[int] = None,
        skip_oov: bool = False,
        split: Optional[str] = None,
    ) -> float:
        """2^(-1/T sum log2 p) over the tokens of a text, infinite where one is impossible."""
        args = ["perplexity", "--json"]
        if sentences:
            args.append("--sentences")
        if stride is not None:
            args += ["--stride", str(_program.whole("stride", stride))]
        if skip_oov:
            args.append("--skip-oov")
        if split is not None:
            args += ["--split", _program.text("split", split)]
        said = json.loads(run([*args, "--", self.path, "-"], _program.text("what is measured", text)))["perplexity"]
        return float("inf") if said is None else float(said)

    # What it is.

    @property
    def info(self) -> Dict[str, Any]:
        """Sizes, vocabulary, length and claims, as ``rasp info --json`` has them."""
        return dict(self._said["info"])

    @property
    def vocab(self) -> List[Value]:
        """The tokens, by id; BOS has the id after the last."""
        return list(self._said["info"]["vocab"])

    @property
    def length(self) -> int:
        """The longest input, in tokens."""
        return int(self._said["info"]["length"])

    @property
    def outputs(self) -> List[Dict[str, Any]]:
        """The outputs: name, first ``column`` of the logits and ``classes``, the values by column.

        Without classes an output is a number: the value, then above 1/2 where it is a float.
        """
        return [
            {**o, "classes": [json.loads(c) for c in o["classes"]]} if "classes" in o else dict(o)
            for o in self._said["outputs"]
        ]

    @property
    def program(self) -> str:
        """The text of the program."""
        return str(self._said["program"])

    @property
    def certificate(self) -> Dict[str, Any]:
        """What is certified: ``exact``, the ``claim`` as a sentence, ``within`` by output, ..."""
        return dict(self._said["certificate"])

    @property
    def names(self) -> Dict[str, Any]:
        """A name for each dimension, head and neuron, and the codes of values (docs/names.schema.json)."""
        found: Dict[str, Any] = _decoded(self._ask("names"))
        return found

    @property
    def circuit(self) -> Dict[str, Any]:
        """Which part reads what of which other: nodes and edges, as ``rasp circuit --format json``."""
        found: Dict[str, Any] = json.loads(run(["circuit", "--format", "json", "--", self.path]))
        return found

    def circuit_as(self, format: str, *, truth: Optional[str] = None, pairs: int = 500, input: Optional[Tokens] = None) -> str:
        """The circuit as a text for other tools: eap, interpbench, dot, svg, ... (docs/circuits.md)."""
        args = ["circuit", "--format", _program.text("format", format), "--pairs", str(_program.whole("pairs", pairs))]
        if truth is not None:
            args += ["--truth", _program.text("truth", truth)]
        if input is not None:
            args.append("--input=" + _program.argument(input))
        return run([*args, "--", self.path])

    @functools.cached_property
    def _by_token(self) -> Tuple[Dict[Tuple[type, Value], int], Dict[str, int]]:
        """The ids of tokens: by kind and value, as 1 is another token than True; and by how they print."""
        listed = list(enumerate(self.vocab))
        return {(type(v), v): i for i, v in listed}, {str(v): i for i, v in reversed(listed)}

    def ids(self, tokens: Tokens, *, bos: bool = True) -> "np.ndarray[Any, np.dtype[np.int64]]":
        """An input as token ids for other tools, int64 [1+n], or [n] without BOS."""
        by_value, by_text = self._by_token
        found = [len(by_value)] if bos else []
        for position, v in enumerate(_program.plain(tokens)):
            at = by_value.get((type(v), v))
            if at is None and isinstance(tokens, str):
                at = by_text.get(str(v))
            if at is None:
                raise RaspError(f"{v!r} (position {position}) is not in the vocabulary", hint=f"the vocabulary is {self.vocab[:20]}")
            found.append(at)
        return np.array(found, np.int64)

    # Files, weights, other tools.

    @property
    def path(self) -> str:
        """The path of a file with the model: the one it was loaded from, or a temporary one."""
        if self._file is None:
            if self._opening[0] == "load":
                self._file = str(self._opening[1]["file"])
            else:
                made = _new_file(self._title())
                self._ask("save", file=made)
                self._file = made
                self._opening = ("load", {"file": made})
        return self._file

    def _title(self) -> str:
        """A name for files and pictures: that of the program's file, or of the first output."""
        file = self._opening[1].get("file")
        return Path(file).stem if file else re.sub(r"\W", "_", self.info["outputs"][0])

    def save(self, path: Path_) -> None:
        """Writes the model file (.safetensors), whole or not at all."""
        self._ask("save", file=os.path.abspath(os.fspath(path)))

    def _tensors(self) -> Tuple[_weights.Arrays, Dict[str, str]]:
        if self._read is None:
            self._read = _weights.read(self.path)
        return self._read

    @property
    def weights(self) -> _weights.Arrays:
        """The weights by TransformerLens's names, float32 views of the file (docs/model-file.md)."""
        return dict(self._tensors()[0])

    @property
    def config(self) -> Dict[str, Any]:
        """The configuration in TransformerLens's words."""
        found: Dict[str, Any] = json.loads(self._tensors()[1]["config"])
        return found

    def to_transformer_lens(self) -> Any:
        """The model in TransformerLens: a TransformerBridge (4.x) or a HookedTransformer (2.x, 3.x).

        Feed it ``model.ids(tokens)``; the logits at BOS, the first position, mean nothing.
        """
        from ._lens import convert

        return convert(self.config, self.weights)

    def to_huggingface(self, folder: Path_, *, large: bool = False) -> str:
        """Writes a folder for transformers, without code of ours: weights, configuration, tokenizer, model card.

        Returns the lines of Python that open it, as ``export`` does.
        """
        return self._export("huggingface", folder, large)

    def to_onnx(self, path: Path_, *, large: bool = False) -> str:
        """Writes an ONNX file, name.onnx, or a folder with model.onnx, tokenizer and model card."""
        return self._export_file("onnx", path, large)

    def to_gguf(self, path: Path_, *, large: bool = False) -> str:
        """Writes a GGUF file for llama.cpp, name.gguf, or a folder with model.gguf and model card."""
        return self._export_file("gguf", path, large)

    def export(self, form: str, folder: Path_, *, large: bool = False) -> str:
        """``rasp export MODEL --to FORM -o FOLDER``: any form that it knows.

        Returns the lines of Python that open the result. What is not certified in the form is
        a RaspWarning; its model card says too what is. ``large`` writes more than 4 GB.
        """
        return self._export(form, folder, large)

    def _export(self, form: str, folder: Path_, large: bool) -> str:
        args = ["export", "--to", _program.text("form", form), "-o", os.path.abspath(os.fspath(folder))]
        if _program.truth("large", large):
            args.append("--large")
        try:
            opened, said = run_both([*args, "--", self.path])
        except RaspError as e:
            e.message, e.text = (t.replace(self.path, self._title()) for t in (e.message, e.text))
            raise
        uncertain = [line for line in said.splitlines() if not line.startswith("certified ")]
        if uncertain:
            warnings.warn(RaspWarning("\n".join(uncertain)), stacklevel=4)
        return opened

    def _export_file(self, form: str, path: Path_, large: bool) -> str:
        out = Path(os.path.abspath(os.fspath(path)))
        if out.suffix != "." + form:
            return self._export(form, out, large)
        try:
            with tempfile.TemporaryDirectory(dir=out.parent) as made:
                opened = self._export(form, Path(made) / "model", large)
                file = Path(made) / "model" / f"model.{form}"
                os.replace(file, out)
        except OSError as e:
            raise RaspError(f"saving {out}: {e.strerror}") from e
        return opened.replace(str(file), str(out))

    # Pictures.

    def draw(self, tokens: Tokens, kind: str = "svg") -> Picture:
        """The model at work on an input, as "svg" or as a page, "html"."""
        if kind not in ("svg", "html"):
            raise RaspError(f'a model is drawn as "svg" or "html", not {kind!r}')
        out = Path(folder()) / f"picture{next(_numbers)}.{kind}"
        run(["draw", "-o", str(out), "--", self.path, _program.argument(tokens)])
        content = out.read_text(encoding="utf-8")
        out.unlink()
        return Picture(content, kind)

    def draw_circuit(self, truth: str = "moving") -> Picture:
        """The circuit as a picture."""
        return Picture(self.circuit_as("svg", truth=truth), "svg")

    def _repr_html_(self) -> str:
        i = self.info
        rows = [
            ("outputs", ", ".join(i["outputs"])),
            ("layers × heads", f"{i['layers']} × {i['heads']}"),
            ("d_model, d_head, d_mlp", f"{i['d_model']}, {i['d_head']}, {i['d_mlp']}"),
            ("parameters", f"{i['parameters']} ({i['nonzero']} nonzero)"),
            ("vocabulary", " ".join(map(repr, i["vocab"][:12])) + (" ..." if len(i["vocab"]) > 12 else "")),
            ("length", f"{i['length']}, {'causal' if i['causal'] else 'bidirectional'}"),
            ("certificate", i["certificate"]),
        ]
        lines = "".join(f"<tr><th style='text-align:left'>{a}</th><td>{html.escape(str(b))}</td></tr>" for a, b in rows)
        return f"<table>{lines}</table>"

    def __repr__(self) -> str:
        i = self.info
        return (
            f"<rasp.Model {', '.join(i['outputs'])}: {i['layers']} layers, {i['heads']} heads, d_model {i['d_model']}, "
            f"{i['parameters']} parameters, {i['certificate']}>"
        )


def _new_file(title: str) -> str:
    own = Path(folder()) / f"model{next(_numbers)}"
    own.mkdir()
    return str(own / f"{title}.safetensors")


def _unpickled(title: str, content: bytes) -> Model:
    path = _new_file(title)
    Path(path).write_bytes(content)
    return load(path)
