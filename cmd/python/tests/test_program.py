"""Programs: interpreted, sampled, ready-made."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import rasp

NTH = """#rasp:vocab "abc"
#rasp:length 8
same = select(tokens, tokens, ==);
nth = selector_width(same and select(indices, indices, <=));
"""


def test_interpret() -> None:
    assert rasp.interpret(NTH, "abcab") == [1, 1, 1, 2, 2]
    assert rasp.interpret("sort", ["b", "a"]) == ["a", "b"]
    same = rasp.interpret(NTH, "aba", output="same")
    assert same.dtype == np.bool_ and same.tolist() == [[True, False, True], [False, True, False], [True, False, True]]
    both = rasp.interpret(NTH, "aa", output=["same", "nth"])
    assert both["nth"] == [1, 2] and both["same"].all()
    assert rasp.interpret("sort", "cab", set={("place", 0): 0, ("place", 1): 2}) == ["c", "b", "a"]
    assert rasp.interpret("x = aggregate(full_s, indices);\n", "abc", causal=True) == [0, 0.5, 1]
    with pytest.raises(rasp.RaspError) as e:
        rasp.interpret('x = tokens - 1;\n', "a")
    assert e.value.line == 1


def test_interpret_file(tmp_path: Path) -> None:
    (tmp_path / "nth.rasp").write_text(NTH)
    assert rasp.interpret(tmp_path / "nth.rasp", "aa") == [1, 2] == rasp.interpret(str(tmp_path / "nth.rasp"), "aa")


def test_sample() -> None:
    found = rasp.sample(NTH, 50, seed=3)
    assert len({tuple(x["input"]) for x in found}) == 50
    for x in found:
        assert x["output"] == rasp.interpret(NTH, x["input"])
    assert len(rasp.sample(NTH, all=True, length=2, vocab="ab")) == 6
    model = rasp.compile(NTH)
    assert rasp.sample(model, 50, seed=3) == found
    for x in rasp.sample(NTH, 10, pairs="nth", position=2, length=4):
        assert x["clean_value"] != x["corrupt_value"] and x["clean_output"][2] == x["clean_value"]
    with pytest.raises(rasp.RaspError, match="n is missing"):
        rasp.sample(NTH)
    with pytest.raises(rasp.RaspError):
        rasp.sample(NTH, -1)


def test_ready_made_programs() -> None:
    titles = rasp.programs()
    assert "sort" in titles and all(titles.values())
    assert "sorted" in rasp.source("sort")
    assert rasp.compile(rasp.source("reverse"))("abc") == ["c", "b", "a"]
    with pytest.raises(rasp.RaspError, match="no ready-made program"):
        rasp.source("sotr")


def test_command() -> None:
    assert rasp.command("run", "reverse", "abc") == 'reverse("abc") = [c, b, a] (strings)\n'
    with pytest.raises(rasp.RaspError, match="did you mean rasp run"):
        rasp.command("rnu")
