"""Models: outputs, logits, errors, files."""

from __future__ import annotations

import itertools
import json
import pickle
import struct
import warnings
from pathlib import Path

import numpy as np
import pytest

import rasp
from rasp._weights import read

WRONG = """# A selector is no number.
same = select(tokens, tokens, ==);
n = same + 1;
"""


def test_outputs(sort: rasp.Model) -> None:
    assert sort("cab") == ["a", "b", "c"]
    assert sort(["b", "a"]) == ["a", "b"]
    assert sort(np.array(["b", "a"])) == ["a", "b"]
    inputs = ["".join(t) for n in range(1, 6) for t in itertools.product("abc", repeat=n)]
    assert sort.batch(inputs) == [sorted(t) for t in inputs]
    assert sort.batch([]) == []


def test_values_have_their_types() -> None:
    m = rasp.compile('half = indices / 2;\nis = tokens == "a";\nn = indices + 1;\nsame = tokens;\n', vocab=["a", 1, 2.5, True], length=3, outputs=["half", "is", "n", "same"])
    found = m(["a", 1, 2.5])
    assert json.dumps(found) == json.dumps({"half": [0.0, 0.5, 1.0], "is": [True, False, False], "n": [1, 2, 3], "same": ["a", "1", "2.5"]})
    assert m.vocab == ["a", 1, 2.5, True] and m.ids([True, 1, "a"]).tolist() == [4, 3, 1, 0]
    assert [o["name"] for o in m.outputs] == ["half", "is", "n", "same"]


def test_robust() -> None:
    m = rasp.compile("histogram", length=4, robust=1e-4)
    assert m("abca") == [2, 1, 1, 2]
    assert m.info["noise"]["relative"]["likely"] >= 1e-4
    assert "noise" not in rasp.compile("histogram", length=4, robust=False).info
    with pytest.raises(rasp.RaspError, match="stands weights that are off by"):
        rasp.compile("histogram", length=4, robust=0.9)


def test_text_of_numbers() -> None:
    m = rasp.compile("x = tokens_int + 1;\n", vocab="0..3", length=3)
    assert m("012") == m([0, 1, 2]) == [1, 2, 3]


def test_tokens_that_look_like_a_list() -> None:
    m = rasp.compile("x = tokens;\n", vocab=["[", "]"], length=3)
    assert m("[]") == ["[", "]"] == rasp.interpret("x = tokens;\n", "[]")


def test_logits(sort: rasp.Model) -> None:
    logits = sort.logits("cab")
    (out,) = sort.outputs
    assert logits.dtype == np.float32 and logits.shape == (3, 3)
    assert [out["classes"][i] for i in logits.argmax(-1)] == ["a", "b", "c"]
    many = sort.logits_batch(["a", "cab"])
    assert [a.shape for a in many] == [(1, 3), (3, 3)] and (many[1] == logits).all()


def test_logits_are_those_of_the_weights(sort: rasp.Model) -> None:
    w, config = sort.weights, sort.config
    for tokens in ("a", "cab", "bbaca"):
        x = w["embed.W_E"][sort.ids(tokens)] + w["pos_embed.W_pos"][: len(tokens) + 1]
        for layer in range(config["n_layers"]):
            p = {k.partition(f"blocks.{layer}.")[2]: v for k, v in w.items() if k.startswith(f"blocks.{layer}.")}
            q, k, v = (np.einsum("pd,hde->hpe", x, p[f"attn.W_{m}"]) + p[f"attn.b_{m}"][:, None] for m in "QKV")
            a = q @ k.transpose(0, 2, 1)
            a = np.exp(a - a.max(-1, keepdims=True))
            a /= a.sum(-1, keepdims=True)
            x = x + np.einsum("hpe,hed->pd", a @ v, p["attn.W_O"]) + p["attn.b_O"]
            x = x + np.maximum(x @ p["mlp.W_in"] + p["mlp.b_in"], 0) @ p["mlp.W_out"] + p["mlp.b_out"]
        logits = x[1:] @ w["unembed.W_U"] + w["unembed.b_U"]
        np.testing.assert_allclose(logits, sort.logits(tokens), atol=1e-5)


def test_weights_are_views_of_the_file(sort: rasp.Model) -> None:
    w = sort.weights["embed.W_E"]
    assert w.shape == (len(sort.vocab) + 1, sort.info["d_model"]) and not w.flags.owndata and not w.flags.writeable


def test_weights_stored_sparse(tmp_path: Path) -> None:
    tensors = {"a": np.arange(6, dtype="<f4").reshape(2, 3), "b.indices": np.array([1, 5], "<i4"), "b.values": np.array([2, 3], "<f4")}
    header, data = {"__metadata__": {"sparse": json.dumps({"b": [2, 3]})}}, b""
    for name, t in tensors.items():
        kind = {"f": "F32", "i": "I32"}[t.dtype.kind]
        header[name] = {"dtype": kind, "shape": list(t.shape), "data_offsets": [len(data), len(data) + t.nbytes]}
        data += t.tobytes()
    text = json.dumps(header).encode()
    (tmp_path / "x.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + data)
    arrays, _ = read(str(tmp_path / "x.safetensors"))
    assert sorted(arrays) == ["a", "b"]
    assert arrays["a"].tolist() == [[0, 1, 2], [3, 4, 5]] and arrays["b"].tolist() == [[0, 2, 0], [0, 0, 3]]


def test_errors_have_places() -> None:
    with pytest.raises(rasp.RaspError) as e:
        rasp.compile(WRONG)
    assert (e.value.line, e.value.column, e.value.kind, e.value.hint) == (3, 5, "type", "selector_width(same)")
    assert "    3 | n = same + 1;\n      |     ^~~~" in str(e.value)
    assert [f.message for f in e.value.faults] == ["cannot compute + with a selector"]
    with pytest.raises(rasp.RaspError, match="did you mean sort"):
        rasp.compile("sotr")
    with pytest.raises(rasp.RaspError, match="needs a vocabulary") as e:
        rasp.compile("x = tokens;\n")
    assert len(e.value.faults) == 2  # no length either
    with pytest.raises(rasp.RaspError, match="could not find file"):
        rasp.load("nowhere.safetensors")


def test_file_has_its_name_in_errors(tmp_path: Path) -> None:
    (tmp_path / "wrong.rasp").write_text(WRONG)
    with pytest.raises(rasp.RaspError) as e:
        rasp.compile(tmp_path / "wrong.rasp")
    assert e.value.file == str(tmp_path / "wrong.rasp")


def test_inputs_that_the_model_does_not_take(sort: rasp.Model) -> None:
    for tokens, message in (("", "empty"), ("xy", 'string "x" .position 0. is not in the vocabulary'), ("aaaaaa", "at most 5")):
        with pytest.raises(rasp.RaspError, match=message):
            sort(tokens)
        with pytest.raises(rasp.RaspError):
            sort.logits(tokens)
    with pytest.raises(rasp.RaspError) as e:
        sort.batch(["a", "b", "x"])
    assert e.value.input == 2


def test_warnings() -> None:
    with pytest.warns(rasp.RaspWarning, match="without causal attention"):
        rasp.compile('next = {"a": 0.5, "b": 0.5};\n', vocab="ab", length=2)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        rasp.compile("sort", length=3)


def test_save_and_load(sort: rasp.Model, tmp_path: Path) -> None:
    path = tmp_path / "sort.safetensors"
    sort.save(path)
    again = rasp.load(path)
    assert again("cab") == ["a", "b", "c"] and again.certificate == sort.certificate and again.program == sort.program
    assert again.path == str(path) and Path(sort.path).read_bytes() == path.read_bytes()
    assert pickle.loads(pickle.dumps(sort))("ba") == ["a", "b"]
    with pytest.raises(rasp.RaspError):
        sort.save(tmp_path / "no folder" / "sort.safetensors")


def test_same_program_same_bytes(sort: rasp.Model) -> None:
    again = rasp.compile(sort.program, vocab="abc", length=5)
    assert Path(again.path).read_bytes() == Path(sort.path).read_bytes()


def test_certificate_and_names(sort: rasp.Model) -> None:
    assert sort.certificate["exact"] and "exact for every input" in sort.certificate["claim"]
    names = sort.names
    assert "place" in [s["name"] for s in names["sops"]]
    assert len(names["dims"]) == sort.info["d_model"]
    assert [s["values"] for s in names["sops"] if s["name"] == "sorted"] == [["a", "b", "c"]]


def test_interventions_name_places(sort: rasp.Model) -> None:
    changed = sort.intervene("cab", set={("tokens", 0): "b"})
    assert changed["agree"]
    assert sort.intervene("cab", set={"tokens@0": "b"}) == changed
    assert sort.intervene("cab", patch={"place@0": "abc"}) == sort.intervene("cab", patch={("place", 0): "abc"})
    assert rasp.interpret("sort", "cab", output="place", set={"place@0": 1})[0] == 1
    for key in ["place", "place@", "@0", "place@x"]:
        with pytest.raises(ValueError, match="is no place"):
            sort.intervene("cab", set={key: 0})
    with pytest.raises(ValueError, match="nothing is changed"):
        sort.intervene("cab")


def test_values_are_not_ascii_alone() -> None:
    m = rasp.compile('x = shift(tokens, 1, "-");', vocab=["é", "a"], length=3)
    assert m.intervene(["a", "a"], set={("tokens", 0): "é"})["after"] == [["-", "é"]]


def test_repr(sort: rasp.Model) -> None:
    assert "2 layers" in repr(sort) and "exact" in sort._repr_html_()
    with pytest.raises(TypeError):
        rasp.Model()


def test_pictures(sort: rasp.Model, tmp_path: Path) -> None:
    p = sort.draw("cab")
    assert p._repr_svg_().startswith("<svg") and p._repr_html_() is None
    p.save(tmp_path / "x.svg")
    assert (tmp_path / "x.svg").read_text(encoding="utf-8") == p.content
    page = sort.draw("cab", "html")
    assert page._repr_svg_() is None and "<iframe" in page._repr_html_()
    assert sort.draw_circuit().content.startswith("<svg")
    with pytest.raises(rasp.RaspError, match="svg"):
        sort.draw("cab", "gif")


def test_language_model() -> None:
    m = rasp.compile(
        'sun = indicator(tokens == "s");\nnext = {"s": 0.4 + 0.5 * sun, "r": 0.6 - 0.5 * sun};\n', vocab="sr", length=64, causal=True
    )
    found = m.next("ssr")
    assert list(found) == ["r", "s"] and found["r"] == pytest.approx(0.6, rel=1e-5)
    assert m.next("s", top=1) == {"s": pytest.approx(0.9, rel=1e-5)}
    text = m.generate("s", tokens=60)
    assert len(text) == 60 and set(text) <= {"s", "r"} and text == m.generate("s", tokens=60)
    assert len({g["text"] for g in m.generations("s", tokens=30, samples=3)}) == 3
    assert m.perplexity("sssrrsssss\n") == pytest.approx(1.62361, rel=1e-5)
    logits = m.logits("ssr")[-1]
    p = np.exp(logits - logits.max())
    assert (p / p.sum())[m.vocab.index("r")] == pytest.approx(0.6, rel=1e-5)
