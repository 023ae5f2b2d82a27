"""What a truth says of a disguised model, checked by a forward pass of its own.

Nothing here knows how a disguise is made: activations of the disguised model are moved back as
docs/disguise.md says, and compared with those of the model before; values are read off where the
truth has them, and put there.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional, Tuple

import numpy as np
import pytest

import rasp
from rasp import _weights, bench

Array = Any
Hook = Callable[[str, Array], Array]


class Plain:
    """The forward pass of docs/model-file.md in float64, with all that it holds."""

    def __init__(self, file: Path) -> None:
        weights, self.metadata = _weights.read(str(file))
        self.w = {name: np.asarray(x, np.float64) for name, x in weights.items()}
        self.config = json.loads(self.metadata["config"])
        self.vocab = [json.loads(t) for t in json.loads(self.metadata["vocab"])]

    def run(self, ids: Array, hook: Optional[Hook] = None) -> Dict[str, Array]:
        """Ids [1+n], BOS first. The hook may change the stream [1+n, d_model] where it is written."""
        held: Dict[str, Array] = {}

        def write(where: str, x: Array) -> Array:
            held[where] = hook(where, x) if hook else x
            return held[where]

        x = write("embed", self.w["embed.W_E"][ids] + self.w["pos_embed.W_pos"][: len(ids)])
        for l in range(self.config["n_layers"]):
            w = {name.split(".", 2)[2]: t for name, t in self.w.items() if name.startswith(f"blocks.{l}.")}
            q, k, v = (x @ w[f"attn.W_{c}"] + w[f"attn.b_{c}"][:, None] for c in "QKV")
            scores = q @ k.swapaxes(1, 2)
            if self.config["attention_dir"] == "causal":
                scores = np.where(np.tril(np.ones(scores.shape[1:], bool)), scores, -np.inf)
            e = np.exp(scores - scores.max(-1, keepdims=True))
            z = e / e.sum(-1, keepdims=True) @ v
            held |= {f"{l}.q": q, f"{l}.k": k, f"{l}.v": v}
            x = write(f"blocks.{l}.attn", x + (z @ w["attn.W_O"]).sum(0) + w["attn.b_O"])
            neurons = held[f"{l}.neurons"] = np.maximum(x @ w["mlp.W_in"] + w["mlp.b_in"], 0)
            x = write(f"blocks.{l}.mlp", x + neurons @ w["mlp.W_out"] + w["mlp.b_out"])
        held["logits"] = x @ self.w["unembed.W_U"] + self.w["unembed.b_U"]
        return held

    def answers(self, logits: Array) -> List[Any]:
        """The value of the first output at each position."""
        output = json.loads(self.metadata["outputs"])[0]
        classes = [json.loads(c) for c in output["classes"]]
        at = output["column"]
        return [classes[i] for i in logits[1:, at : at + len(classes)].argmax(-1)]


class Pair:
    """A model, the same in disguise, and the truth."""

    def __init__(self, folder: Path, program: str, length: int, steps: str) -> None:
        plain, hidden = folder / "plain.safetensors", folder / "hidden.safetensors"
        rasp.command("compile", program, "--length", length, "--robust", "-o", plain)
        rasp.command("disguise", plain, "-o", hidden, *steps.split(), "--likely", "--seed", 3)
        self.old, self.new, self.model = Plain(plain), Plain(hidden), rasp.load(plain)
        self.truth = json.loads((folder / "hidden.truth.json").read_text())
        self.arrays = _weights.read(str(folder / "hidden.truth.safetensors"))[0]
        random = np.random.default_rng(1)
        self.inputs = [random.integers(0, len(self.old.vocab), n) for n in (1, 2, length, length, length, length)]
        # Noise is off by design; else what is found is what was there, to within float32.
        self.off = 0.02 if self.truth["options"].get("noise") else 1e-4

    def ids(self, tokens: Array) -> Array:
        return np.array([len(self.old.vocab), *tokens])

    def tokens(self, tokens: Array) -> List[Any]:
        return [self.old.vocab[i] for i in tokens]

    def interpreted(self, tokens: Array) -> Dict[str, List[Any]]:
        """What the interpreter says of each s-op that the model holds."""
        trace = self.model.trace(self.tokens(tokens))
        held = trace["given"] + [h for layer in trace["layers"] for h in layer.get("held", [])]
        return {h["sop"]: h["program"] for h in held if "program" in h}

    def variables(self) -> List[Tuple[Dict[str, Any], Array, Array]]:
        """Each with its directions, and with its points where these are known."""
        return [(v, self.arrays[f"variables.{i}.directions"], self.arrays[f"variables.{i}.points"]) for i, v in enumerate(self.truth["variables"])]


CASES = [
    ("sort", 5, "--level 1"),
    ("sort", 5, "--level 4"),
    ("sort", 5, "--level 5"),
    ("histogram", 6, "--level 3"),
    ("histogram", 6, "--level 7"),
    ("dyck1", 6, "--level 5"),
    ("reverse", 5, "--level 6"),
    ("most_frequent", 5, "--level 4"),
    ("induction", 6, "--permute --rotate"),
]


@pytest.fixture(scope="module", params=CASES, ids=lambda case: f"{case[0]} {case[2]}")
def pair(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Pair:
    return Pair(tmp_path_factory.mktemp("truth"), *request.param)


def test_stream(pair: Pair) -> None:
    """Moved back, the stream of the disguised model is that of the other one, wherever it is written."""
    q, back = pair.arrays["stream.q"], pair.arrays["stream.back"]
    span = pair.arrays.get("stream.span", np.eye(len(q)))
    np.testing.assert_allclose(q @ back, span, atol=1e-9)
    for tokens in pair.inputs:
        was, now = pair.old.run(pair.ids(tokens)), pair.new.run(pair.ids(tokens))
        for where, x in was.items():
            if where == "embed" or where.startswith("blocks."):
                np.testing.assert_allclose(x @ span, x, atol=1e-6 * np.abs(x).max())
                np.testing.assert_allclose(now[where] @ back, x, atol=pair.off * np.abs(x).max(), err_msg=where)
        assert pair.new.answers(now["logits"]) == pair.old.answers(was["logits"])


def test_parts(pair: Pair) -> None:
    """Queries, keys, values and neurons are those of the parts that they come from, in the bases that are told."""
    for tokens in pair.inputs:
        was, now = pair.old.run(pair.ids(tokens)), pair.new.run(pair.ids(tokens))
        for l, heads in enumerate(pair.truth["heads"]):
            for h, head in enumerate(heads):
                a = {part: pair.arrays[f"heads.{l}.{h}.{part}"] for part in ("qk", "qk_back", "ov", "ov_back")}
                np.testing.assert_allclose(a["qk"] @ a["qk_back"], np.eye(len(a["qk"])), atol=1e-9)
                np.testing.assert_allclose(a["ov"] @ a["ov_back"], np.eye(len(a["ov"])), atol=1e-9)
                for part, basis in (("q", a["qk"]), ("k", a["qk_back"].T), ("v", a["ov"])):
                    old = was[f"{l}.{part}"][head["from"]] @ basis
                    np.testing.assert_allclose(now[f"{l}.{part}"][h], old, atol=pair.off * max(1, np.abs(old).max()), err_msg=f"{l}.{h} {part}")
            neurons = was[f"{l}.neurons"][:, [n["from"] for n in pair.truth["neurons"][l]]] * [n["factor"] for n in pair.truth["neurons"][l]]
            np.testing.assert_allclose(now[f"{l}.neurons"], neurons, atol=5 * pair.off * max(1, np.abs(neurons).max()))


def test_values(pair: Pair) -> None:
    """The interpreter's value of each variable is the nearest of its points in the stream of the disguised model."""
    read = 0
    for v, directions, points in pair.variables():
        if np.isnan(points).any() or np.linalg.matrix_rank(points - points[0]) == 0:
            continue  # not told
        columns = pair.arrays["stream.back"][:, v["dims"]]
        np.testing.assert_allclose(directions, pair.arrays["stream.q"][v["dims"]])
        codes = points @ columns
        for tokens in pair.inputs:
            truth = pair.interpreted(tokens)[v["sop"]]
            stream = pair.new.run(pair.ids(tokens))[v["written"]][1:]
            distance = np.linalg.norm((stream @ columns)[:, None] - codes[None], axis=-1)
            for d, value in zip(distance, truth):  # two values may have one point
                assert d[v["values"].index(_text(value))] <= d.min() + pair.off, (v["sop"], v["written"])
            read += 1
    assert read


def test_counterfactuals(pair: Pair) -> None:
    """Moved from one point to another, the stream makes the model give what the interpreter gives with that value."""
    random, tried, differing = np.random.default_rng(2), 0, 0
    held = {s["name"] for s in pair.truth["names"]["sops"] if s["held"]}
    for sop in sorted(held & {v["sop"] for v, _, _ in pair.variables()}):
        points = {v["written"]: points for v, _, points in pair.variables() if v["sop"] == sop and not np.isnan(points).any()}
        values = next(v["values"] for v, _, _ in pair.variables() if v["sop"] == sop)
        for tokens in pair.inputs[2:]:
            now = [values.index(_text(x)) for x in pair.interpreted(tokens)[sop]]
            i, j = random.choice(len(tokens), 2, replace=False)
            for change in ({int(i): int(random.integers(len(values)))}, {int(i): now[j], int(j): now[i]}):
                found = pair.model.intervene(pair.tokens(tokens), set={(sop, at): json.loads(values[to]) for at, to in change.items()})
                if "program" not in found:
                    continue  # with such a value the program fails

                def patch(where: str, x: Array, change: Dict[int, int] = change, now: List[int] = now) -> Array:
                    x = x.copy()
                    for at, to in change.items() if where in points else ():
                        x[at + 1] += points[where][to] - points[where][now[at]]
                    return x

                after = pair.new.answers(pair.new.run(pair.ids(tokens), patch)["logits"])
                assert after == found["program"][0], (sop, change)
                tried += 1
                differing += after != pair.new.answers(pair.new.run(pair.ids(tokens))["logits"])
    assert tried and differing


def _text(value: Any) -> str:
    return json.dumps(value)


def test_circuit(pair: Pair) -> None:
    """In the disguised model nothing flows that matters but through the circuit, and what is necessary is."""
    net = bench.Network(pair.new.w, pair.new.config, np.float64)
    old = {f"a{l}.h{h}": f"a{l}.h{head['from']}" for l, heads in enumerate(pair.truth["heads"]) for h, head in enumerate(heads)}
    told = {(e["from"], e["to"], e.get("channel", "")): e for e in pair.truth["circuit"]["edges"]}
    edges = {e: told.pop((old.get(e.source, e.source), old.get(e.target, e.target), e.channel), None) for e in net.edges}
    assert not told

    def runs(x: Array, y: Array) -> Tuple[Any, Any]:
        return net.run(pair.ids(x)[None]).writes, net.run(pair.ids(y)[None]).writes

    def answers(logits: Array) -> List[Any]:
        return pair.new.answers(logits[0])

    useless = {e for e, true in edges.items() if true is None or true["moving"] == "no"}
    for x in pair.inputs[1:]:
        clean, corrupt = runs(x, np.roll(x, 1) if len(set(x)) > 1 else (x + 1) % len(pair.old.vocab))
        assert answers(net.patched(clean, corrupt, useless, "a0.h0")) == answers(clean["logits"])
    for e, true in edges.items():
        if true is not None and true["necessary"] == "yes":
            x, y = ([pair.old.vocab.index(t) for t in true["necessary_for"][name]] for name in ("input", "resampled"))
            clean, corrupt = runs(x, y)
            assert answers(net.patched(clean, corrupt, {e}, e.target)) != answers(clean["logits"]), e
