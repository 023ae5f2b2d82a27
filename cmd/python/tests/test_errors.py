"""What is wrong is said in words of Python, whatever is given."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Callable, List, Tuple

import numpy as np
import pytest

import rasp

NEXT = 'sun = indicator(tokens == "s");\nnext = {"s": 0.4 + 0.5 * sun, "r": 0.6 - 0.5 * sun};\n'


@pytest.fixture(scope="module")
def weather() -> rasp.Model:
    return rasp.compile(NEXT, vocab="sr", length=12, causal=True)


def failing(sort: rasp.Model, weather: rasp.Model) -> List[Tuple[Callable[[], Any], str]]:
    """Calls that are wrong, and what is said of them, or their hint."""
    return [
        (lambda: rasp.compile("x = tokens;", vocab="abc"), "or length=20"),
        (lambda: rasp.compile("x = tokens;", length=3), 'or vocab="abc"'),
        (lambda: rasp.compile("x = 1 / (indices - 1);", vocab="ab", length=3), "or use partial=True to leave"),
        (lambda: rasp.compile("s = select(tokens, tokens, ==);", vocab="ab", length=3), "with #rasp:output or outputs="),
        (lambda: rasp.compile("nowhere.rasp"), "rasp.programs() has the ready-made ones"),
        (lambda: rasp.compile(sort.path), "rasp.load opens it"),
        (lambda: rasp.compile(""), "the program is empty"),
        (lambda: rasp.load("nowhere"), "rasp.compile makes a model of a program"),
        (lambda: rasp.load(Path(__file__)), "rasp.compile makes a model of a program"),
        (lambda: sort.draw("abcabcabc"), "a model for longer inputs is compiled with length="),
        (lambda: sort.intervene("cab", ablate={"0.1": "resample"}), "give one with source="),
        (lambda: sort.intervene("cab", ablate="nope"), "model.names has all names"),
        (lambda: sort.intervene("cab", set={("smaller", 0): 1}), "model.names has all names"),
        (lambda: sort.next("a"), "compile it with causal=True"),
        (lambda: sort.export("nope", "x"), 'form: unknown form "nope"'),
        (lambda: sort.export("llama", "x"), 'llama cannot hold sort: .*\n.*export("huggingface") makes a BERT of it; causal=True compiles'),
        (lambda: sort.circuit_as("nope"), "format: one of json"),
        (lambda: sort.circuit_as("neuronpedia"), 'give format="neuronpedia" and input='),
        (lambda: weather.next("s", top=-1), "top is an int from 0"),
        (lambda: weather.next("s", temperature=-1), "the temperature is a number from 0"),
        (lambda: weather.generate("s", stop=["z"]), 'stop: "z" is not in the vocabulary'),
        (lambda: weather.generate("s", at_end="slip"), 'at_end: stop or slide, not "slip"'),
        (lambda: weather.generate("s", top_p=2), "top_p is a number"),
        (lambda: weather.perplexity("xyz"), "skip_oov=True leaves such tokens out"),
        (lambda: weather.perplexity("ss", sentences=True), "without sentences=True, the whole text is one"),
        (lambda: rasp.sample("sort", -1), "n is an int from 1"),
        (lambda: rasp.sample("sort", 5, all=True), "one or the other"),
        (lambda: rasp.sample("sort", all=True), "n draws some of them; length= makes the domain smaller"),
        (lambda: rasp.sample("sort", 3, position=1), "position: with pairs="),
        (lambda: rasp.interpret("sort", "cab", set={("place", 9): 1}), '("place", 9): the input has the positions 0 to 2'),
    ]


def test_errors_speak_of_python(sort: rasp.Model, weather: rasp.Model) -> None:
    for call, said in failing(sort, weather):
        with pytest.raises(rasp.RaspError) as e:
            call()
        text = str(e.value)
        assert re.search(said.replace("(", r"\(").replace(")", r"\)"), text), text
        for words in (text, e.value.message, e.value.hint):
            assert not re.search(r"(^|[^\w-])--[a-z]|usage:|\brasp (compile|run|info|list) ", words), words


def test_errors_of_commands_speak_of_commands() -> None:
    with pytest.raises(rasp.RaspError, match="--inputs with a file of them.*\nusage: rasp run"):
        rasp.command("run", "sort")
    with pytest.raises(TypeError, match="one by one"):
        rasp.command(["run", "sort"])


def test_programs_in_errors_stay_as_they_are() -> None:
    with pytest.raises(rasp.RaspError) as e:
        rasp.compile('x = tokens + "--vocab" + 1 / 0;', vocab="ab", length=2)
    assert '    1 | x = tokens + "--vocab" + 1 / 0;' in str(e.value)


def test_warnings_speak_of_python() -> None:
    with pytest.warns(rasp.RaspWarning, match="or use causal=True"):
        rasp.compile('next = {"a": 0.5, "b": 0.5};\n', vocab="ab", length=2)


def test_types(sort: rasp.Model, weather: rasp.Model) -> None:
    """An argument of another type is a TypeError that names it."""
    wrong: Any
    for wrong in (None, 5, np.int64(3), 0.5, b"cab", {"c": 1}, {"c"}, np.array("cab")):
        for call in (sort, sort.logits, sort.trace, sort.ids, sort.draw, weather.next, lambda t: rasp.interpret("sort", t)):
            with pytest.raises(TypeError, match="an input is text, or a list of tokens, not "):
                call(wrong)
    for wrong in ([None], [["a"]], [1j], np.array([["a"]]), [object()]):
        with pytest.raises(TypeError, match=r"a token is a string, a number or a boolean, not .* \(position 0\)"):
            sort(wrong)
    with pytest.raises(ValueError, match="a finite number"):
        sort([float("nan")])
    for length in ("3", 3.0, True, np.True_, [3]):
        with pytest.raises(TypeError, match="length is an int"):
            rasp.compile("x = tokens;", vocab="ab", length=length)
    calls: List[Callable[[], Any]] = [
        lambda: rasp.compile(sort),
        lambda: rasp.compile("x = tokens;", vocab={"a", "b"}, length=2),
        lambda: rasp.compile("x = tokens;", vocab="ab", length=2, causal=5),
        lambda: rasp.compile("x = tokens;", vocab="ab", length=2, outputs=[5]),
        lambda: rasp.compile("x = tokens;", vocab="ab", length=2, optimize=None),
        lambda: rasp.compile("x = tokens;", vocab="ab", length=2, robust="yes"),
        lambda: rasp.compile("x = tokens;", vocab="ab", length=2, robust=2),
        lambda: sort.intervene("cab", ablate=0.1),
        lambda: sort.intervene("cab", ablate=["0.1", None]),
        lambda: sort.intervene("cab", set=[("place", 0)]),
        lambda: sort.intervene("cab", set={("place", "0"): 1}),
        lambda: sort.intervene("cab", set={("place", 0): None}),
        lambda: sort.batch(None),
        lambda: sort.export(None, "x"),
        lambda: weather.next("s", temperature="hot"),
        lambda: weather.generate("s", tokens="3"),
        lambda: weather.perplexity(None),
    ]
    for call_ in calls:
        with pytest.raises(TypeError, match=" (is|are) .*, not "):
            call_()


def test_numbers_of_numpy(sort: rasp.Model, weather: rasp.Model) -> None:
    m = rasp.compile("x = tokens_int + 1;\n", vocab=np.arange(4), length=np.int64(3), causal=np.False_)
    assert m(np.array([1, 2])) == m([np.int8(1), np.int64(2)]) == [2, 3]
    assert sort(np.array(["b", "a"])) == ["a", "b"]
    assert sort.intervene("cab", set={("place", np.int64(0)): np.int64(1)})["after"] == [["a", "b", "b"]]
    assert len(rasp.sample(sort, np.int64(2), position=np.int64(0), pairs="place")) == 2
    assert len(weather.generate("s", tokens=np.int64(3), temperature=np.float32(1))) == 3


def test_errors_of_a_batch_say_which_input(sort: rasp.Model) -> None:
    for batch in (sort.batch, sort.logits_batch):
        with pytest.raises(rasp.RaspError, match=r"^inputs\[2\]: .*not in the vocabulary") as e:
            batch(["a", "b", "x", "y"])
        assert e.value.input == 2
        with pytest.raises(TypeError, match=r"^inputs\[1\]: an input is text"):
            batch(["a", None])
    with pytest.raises(rasp.RaspError, match="^rasp: domain error: ") as e:
        sort("x")
    assert e.value.input == 0


@pytest.mark.filterwarnings("ignore::rasp.RaspWarning")
def test_exports_that_cannot_be_written(sort: rasp.Model, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "notes").write_text("mine")
    (tmp_path / "folder.onnx").mkdir()
    for path, said in ((tmp_path / "full", "the folder has notes"), (tmp_path / "no" / "x.onnx", "saving .*x.onnx: "), (tmp_path / "folder.onnx", "saving .*folder.onnx: ")):
        with pytest.raises(rasp.RaspError, match=said):
            sort.to_onnx(path)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["folder.onnx", "full"]
