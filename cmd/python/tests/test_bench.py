"""Scores of methods on models whose insides are known."""

from __future__ import annotations

import importlib.util
import json
import shutil
from pathlib import Path
from typing import Any, Dict

import numpy as np
import pytest

import rasp
from rasp import bench
from rasp.bench import __main__ as command
from rasp.bench import _directions, _discovery, _report, _score


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("bench") / "suite"
    rasp.command("suite", "sort", "reverse", "histogram", "-o", out, "--lengths", 8, "--levels", 1, "--inputs", 60)
    return out


@pytest.fixture(scope="module")
def items(suite: Path) -> Dict[str, bench.Item]:
    return {item.name: item for item in bench.read(suite)}


@pytest.fixture(scope="module")
def rotated(tmp_path_factory: pytest.TempPathFactory) -> bench.Item:
    """A robust model in another basis."""
    out = tmp_path_factory.mktemp("bench") / "rotated"
    rasp.command("suite", "sort", "-o", out, "--lengths", 5, "--levels", 4, "--robust", "--inputs", 200, "--pairs", 16)
    return bench.read(out)[1]


def random_network(causal: bool, seed: int = 1) -> bench.Network:
    """Two layers of two heads, of random weights, in float64."""
    r = np.random.default_rng(seed)
    shapes: Dict[str, Any] = {"embed.W_E": (4, 6), "pos_embed.W_pos": (5, 6), "unembed.W_U": (6, 3), "unembed.b_U": (3,)}
    for l in range(2):
        for c in "QKV":
            shapes |= {f"blocks.{l}.attn.W_{c}": (2, 6, 3), f"blocks.{l}.attn.b_{c}": (2, 3)}
        shapes |= {f"blocks.{l}.attn.W_O": (2, 3, 6), f"blocks.{l}.attn.b_O": (6,)}
        shapes |= {f"blocks.{l}.mlp.W_in": (6, 5), f"blocks.{l}.mlp.b_in": (5,), f"blocks.{l}.mlp.W_out": (5, 6), f"blocks.{l}.mlp.b_out": (6,)}
    config = {"n_layers": 2, "n_heads": 2, "d_model": 6, "d_mlp": 5, "attention_dir": "causal" if causal else "bidirectional"}
    return bench.Network({name: 0.5 * r.standard_normal(shape) for name, shape in shapes.items()}, config, np.float64)


IDS = np.array([[3, 0, 1, 2], [3, 2, 2, 0]])
OTHER = np.array([[3, 1, 1, 0], [3, 0, 2, 1]])


def test_forward(items: Dict[str, bench.Item], suite: Path) -> None:
    for item in items.values():
        model = rasp.load(item.folder / "model.safetensors")
        for ids, _ in item.examples(20):
            logits = item.network.run(ids).writes["logits"]
            for row, mine in zip(ids, logits):
                np.testing.assert_allclose(mine[1:], model.logits([model.vocab[i] for i in row[1:]]), rtol=1e-5, atol=1e-5)
        assert len(item.network.edges) == item.index["edges"]["possible"]
        assert {t: int(yes.sum()) for t, yes in item.edges().items()} == {t: item.index["edges"][t] for t in ("static", "moving", "necessary")}


@pytest.mark.parametrize("causal", [False, True])
def test_gradients(causal: bool) -> None:
    """The backward pass against differences of two forward passes."""
    net = random_network(causal)
    tape = net.run(IDS)
    weights = np.random.default_rng(2).standard_normal(tape.writes["logits"].shape)
    found = net.gradients(tape, weights)
    for e in net.edges:
        for at in [(0, 1, 2), (1, 3, 5)]:
            sides = []
            for step in (1e-5, -1e-5):
                other = {name: x.copy() for name, x in tape.writes.items()}
                other[e.source][at] += step
                sides.append((net.patched(tape.writes, other, {e}, e.target) * weights).sum())
            numeric = (sides[0] - sides[1]) / 2e-5
            assert found[(e.target, e.channel)][at] == pytest.approx(numeric, rel=1e-5, abs=1e-7), e


def test_patched() -> None:
    """With no edge cut a model gives what it gave, with all cut what it gives on the other input."""
    net = random_network(False)
    clean, corrupt = net.run(IDS).writes, net.run(OTHER).writes
    np.testing.assert_array_equal(net.patched(clean, corrupt, set(), "a0.h0"), clean["logits"])
    np.testing.assert_allclose(net.patched(clean, corrupt, set(net.edges), "a0.h0"), corrupt["logits"], rtol=1e-12)


@pytest.mark.parametrize("causal", [False, True])
def test_versions(causal: bool) -> None:
    """A model in another order is the same, one that is off by a roundoff is nearly."""
    net, random = random_network(causal), np.random.default_rng(1)
    before = net.run(IDS).writes["logits"]
    np.testing.assert_allclose(net.reordered(random).run(IDS).writes["logits"], before, rtol=1e-12)
    off = np.abs(net.rounded(random).run(IDS).writes["logits"] - before).max()
    assert 0 < off < 1e-4


def test_auroc() -> None:
    yes = np.array([True, True, False, False])
    assert bench.auroc(np.array([3.0, 2, 1, 0]), yes) == 1
    assert bench.auroc(np.array([0.0, 0, 0, 0]), yes) == 0.5
    assert bench.auroc(np.array([1.0, 0, 0, 0]), yes) == 0.75
    assert np.isnan(bench.auroc(np.array([1.0]), np.array([True])))


@pytest.mark.parametrize("name", ["reverse-8", "sort-8", "histogram-8"])
@pytest.mark.parametrize("method", ["patching", "ACDC"])
def test_exact_patching(items: Dict[str, bench.Item], name: str, method: str) -> None:
    """Exact patching finds the edges that move, and of the static ones no others: for reverse 2 of 8, an AUROC of 0.625."""
    item = items[name]
    scores, truth = bench.METHODS[method](item.network, item.batches("all")), item.edges()
    np.testing.assert_array_equal(scores > 1e-9, truth["moving"])
    found, there = int(truth["moving"].sum()), int(truth["static"].sum())
    assert (found, there) == {"reverse-8": (2, 8), "sort-8": (11, 16), "histogram-8": (4, 6)}[name]
    assert bench.auroc(scores, truth["moving"]) == 1
    assert bench.auroc(scores, truth["static"]) == pytest.approx({"reverse-8": 0.625, "sort-8": 0.84375, "histogram-8": 5 / 6}[name])


def test_gradients_of_flat_attention(items: Dict[str, bench.Item]) -> None:
    """EAP sees 2 of the edges of sort, and all 11 that move where the gap is 32: what hides them is that the softmax is flat."""
    item = items["sort-8"]
    truth = item.edges()
    scores = bench.eap(item.network, item.batches("all"))
    assert (scores > 1e-9).sum() == 2 and bench.auroc(scores, truth["static"]) == 0.5625
    soft = _score.softened(item)
    assert soft is not None
    np.testing.assert_array_equal(bench.eap(soft, item.batches("all")) > 0, truth["moving"])


@pytest.mark.parametrize("method", ["patching", "EAP", "EAP-IG"])
def test_levels(items: Dict[str, bench.Item], method: str) -> None:
    """A permuted model has the scores of the one that it is made of, at other heads."""
    for name in ("reverse-8", "sort-8"):
        base, permuted = items[name], items[name + "-level1"]
        a = bench.METHODS[method](base.network, base.batches("one"))
        b = bench.METHODS[method](permuted.network, permuted.batches("one"))
        old = {n.name: f"a{n.layer}.h{permuted.truth['heads'][n.layer][n.head]['from']}" for n in base.network.nodes if n.kind == "head"}  # type: ignore[index]
        at = {e: i for i, e in enumerate(base.network.edges)}
        moved = [at[bench.Edge(old.get(e.source, e.source), old.get(e.target, e.target), e.channel)] for e in permuted.network.edges]
        np.testing.assert_allclose(b, a[moved], rtol=1e-3, atol=1e-6)
        np.testing.assert_array_equal(permuted.edges()["static"], base.edges()["static"][moved])


def test_other_length(items: Dict[str, bench.Item]) -> None:
    """Pairs of two lengths move more: in reverse, where a head learns the length."""
    item = items["reverse-8"]
    scores = bench.patching(item.network, item.batches("length"))
    moving = item.edges()["moving"]
    assert (scores[~moving] > 1e-9).any() and not (scores[~item.edges()["static"]] > 0).any()


def test_floors(rotated: bench.Item) -> None:
    """In another basis all edges have a little of rounding, which counts as zero."""
    batches, static = rotated.batches("all"), rotated.edges()["static"]
    scores = bench.patching(rotated.network, batches)
    floors = bench.floors(rotated.network, batches, bench.patching, rotated.rounded)
    assert (scores[~static] > 0).any(), "or this tests nothing"
    assert rotated.rounded and not (scores > floors)[~static].any()
    assert (scores > floors)[rotated.edges()["moving"]].all()


def test_floors_of_exact_models(items: Dict[str, bench.Item]) -> None:
    """What counts exactly would not stand a roundoff of its weights, and has none: all that moves is above the floor."""
    for name in ("histogram-8", "histogram-8-level1"):
        item = items[name]
        batches = item.batches("all")
        above = bench.patching(item.network, batches) > bench.floors(item.network, batches, bench.patching, item.rounded)
        np.testing.assert_array_equal(above, item.edges()["moving"])


def test_directions(rotated: bench.Item, items: Dict[str, bench.Item]) -> None:
    """What is read off the stream at the true directions is the value, in any basis; single dimensions are no directions then."""
    for item in (rotated, items["sort-8"]):
        x = _directions.activations(item)
        old = x.stream @ item.back
        codes = [(d, name) for d, name in enumerate(item.names["dims"]) if name.get("sop") == "sorted" and name.get("codes")]
        assert codes or item is rotated
        for d, name in codes:
            (values,) = [[json.loads(v) for v in s["values"]] for s in item.names["sops"] if s["name"] == "sorted"]
            np.testing.assert_allclose(old[:, d], [name["codes"][values.index(v)] for v in x.sops["sorted"]], atol=1e-3)
        found = _directions.recovery(item, x, steps=10)
        assert found["probe"]["r2"] > 0.99
        assert (found["dimensions"]["cosine"] > 0.999) == (item is not rotated)
        guessed = _directions.guesses(item, x)
        assert guessed["directions"] > 0.7 > guessed["of"] ** -1 and (guessed["dimensions"] is None) == (item is rotated)


def test_autoencoder() -> None:
    """More sparse features than dimensions are found one by one, which principal components cannot do."""
    r = np.random.default_rng(0)
    true = r.standard_normal((24, 16))
    true /= np.linalg.norm(true, axis=1, keepdims=True)
    x = ((r.random((4000, 24)) < 0.05) * (0.5 + r.random((4000, 24)))) @ true
    assert _directions._cosines(_directions.autoencoder(x, 48, 0.3, 1500), true).mean() > 0.95
    assert _directions._cosines(_directions.components(x), true).mean() < 0.8


def test_explained() -> None:
    """What a variable explains is measured on rows that its means are not from, so that many values are no advantage."""
    r = np.random.default_rng(0)
    classes, train = r.integers(0, 4, 400), r.random(400) < 0.7
    activation = classes[:, None] + 0.01 * r.standard_normal((400, 1))
    assert _directions.explained(activation, train, classes) > 0.99
    assert _directions.explained(activation, train, np.arange(400)) < 0.1
    assert _directions.explained(activation, train, r.integers(0, 4, 400)) < 0.1


def test_command(suite: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """One command scores a suite; it goes on where it was ended, even within a line."""
    monkeypatch.setattr(_score, "score", lambda item, *rest: [made(item.name, item.level, item.digest)])

    class Pool:
        def __init__(self, *_: object) -> None: ...
        def __enter__(self) -> Pool:
            return self
        def __exit__(self, *_: object) -> None: ...
        imap_unordered = staticmethod(map)

    monkeypatch.setattr(_score, "get_context", lambda _: type("Context", (), {"Pool": Pool}))
    out = tmp_path / "out"
    command.main(["score", str(suite), "-o", str(out), "--processes", "1"])
    file = out / "results.jsonl"
    whole = file.read_text()
    assert len(whole.splitlines()) == 6
    file.write_text(whole[: len(whole) // 2])
    command.main(["score", str(suite), "-o", str(out), "--processes", "1"])
    assert sorted(file.read_text().splitlines()) == sorted(whole.splitlines())
    said = capsys.readouterr()
    assert "results.md" in said.out
    text = (out / "results.md").read_text()
    assert "| level 1 | 3 | patching | 0.750 (0.500) | 1.000 (1.000) |" in text and "| level 0 | patching | 1 of 2 |" in text.replace("3 of 6", "1 of 2")
    assert (out / "circuits.svg").exists() == (importlib.util.find_spec("matplotlib") is not None)
    assert fails(capsys, "score", tmp_path, "-o", out) == f"{tmp_path} is no complete set of models"


def fails(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    """The message of a command that fails with one line, and maybe a hint, up to the first comma or second colon."""
    capsys.readouterr()
    with pytest.raises(SystemExit) as exits:
        command.main([str(a) for a in arguments])
    assert exits.value.code == 1
    said = capsys.readouterr().err
    assert said.startswith("python -m rasp.bench: ") and len(said.splitlines()) <= 2
    return said.splitlines()[0].split(": ")[1].split(" of this version")[0]


@pytest.mark.parametrize("file", ["sort-8/model.safetensors", "sort-8/pairs.jsonl", "sort-8/item.json", "sort-8-level1/truth.json"])
def test_changed_sets(suite: Path, tmp_path: Path, file: str) -> None:
    """A set of which something was cut off, or lost, or edited is told; no score is made of it."""
    own = tmp_path / "set"
    shutil.copytree(suite, own)
    whole = (own / file).read_bytes()
    item = {item.name: item for item in bench.read(own)}["sort-8-level1"]
    item.check()
    for content in (whole[: len(whole) // 2], b"", whole + b"{}"):
        (own / file).write_bytes(content)
        with pytest.raises(rasp.RaspError, match=f"{Path(file).parent} is not as rasp suite wrote it"):
            item.check()
    (own / file).unlink()
    with pytest.raises(rasp.RaspError, match="is not as rasp suite wrote it"):
        _score.score(item, "all")


@pytest.mark.parametrize("index", ["", '{"name":', "[1]", '{"name": "a"}'])
def test_half_made_sets(tmp_path: Path, capsys: pytest.CaptureFixture[str], index: str) -> None:
    assert fails(capsys, "score", tmp_path, "-o", tmp_path / "out").endswith("is no complete set of models")
    if index:
        (tmp_path / "index.jsonl").write_text(index)
        assert fails(capsys, "score", tmp_path, "-o", tmp_path / "out").endswith("is no complete set of models")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("line", ['{"a": 1}', "[1]", "{"])
def test_edited_results(tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str) -> None:
    (tmp_path / "results.jsonl").write_text(line + "\n")
    assert fails(capsys, "report", tmp_path) == f"{tmp_path / 'results.jsonl'}:1"


def test_results_of_another_set(suite: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What was scored of another model with the same name is not taken for this one."""
    (tmp_path / "results.jsonl").write_text(json.dumps(made("sort-8", 0, "of another")) + "\n")
    assert fails(capsys, "score", suite, "-o", tmp_path).endswith("has results of another model named sort-8")


OWN = """
import numpy as np
def ones(net, batches): return np.ones(len(net.edges))
def short(net, batches): return [1]
def nan(net, batches): return np.full(len(net.edges), np.nan)
"""


def test_own_method(items: Dict[str, bench.Item], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A function of a file is scored as the others are, and its results join theirs."""
    file = tmp_path / "mine.py"
    file.write_text(OWN)
    found = _score.score(items["reverse-8"], "all", [f"{file}:ones"])
    assert found[0]["discovery"]["mine.ones"]["found"]["static"] == 8
    joined = _score.merged([made("reverse-8", 0, found[0]["digest"]), found[0]])
    assert len(joined) == 1 and set(joined[0]["discovery"]) == {*bench.METHODS, "mine.ones"}
    assert "| level 0 | 1 | mine.ones |" in _report.tables(joined)
    for name in ("short", "nan"):
        with pytest.raises(rasp.RaspError, match=f"mine.py:{name} is to give a finite number for each of the 23 edges"):
            _score.score(items["reverse-8"], "all", [f"{file}:{name}"])
    for wrong in (f"{file}:none", f"{tmp_path}/no.py:f", "EPA"):
        with pytest.raises(rasp.RaspError):
            _score.score(items["reverse-8"], "all", [wrong])


def made(name: str, level: int, digest: str = "") -> Dict[str, Any]:
    """A result that is easy to check."""
    return {
        "name": name, "digest": digest, "level": level, "variant": _score.AS_COMPILED, "pairs": "all", "accuracy": 1.0, "edges": 9,
        "true": {"static": 4, "moving": 2, "necessary": 2},
        "discovery": {m: {"auroc": {"static": 0.75, "moving": 1.0, "necessary": 1.0}, "found": {"static": 2, "moving": 2, "necessary": 2}, "false": 0, "kinds": {"copies": [1, 2]}} for m in bench.METHODS},
    }  # fmt: skip


def test_report_of_wrong_models() -> None:
    """A model that is wrong is in no table but counted."""
    wrong = {**made("b", 0), "accuracy": 0.5}
    assert list(_report.groups([wrong, made("a", 0)])["level 0"]) == [made("a", 0)]
    assert "left out: 1" in _report.tables([wrong, made("a", 0)])


def test_score(items: Dict[str, bench.Item]) -> None:
    """All of it on one model, twice: as it is and with a smaller gap."""
    found = _score.score(items["sort-8"], "one", steps=20)
    assert [r["variant"] for r in found] == [_score.AS_COMPILED, _score.SOFT]
    assert all(r["accuracy"] == 1 for r in found)
    assert found[0]["discovery"]["patching"]["kinds"] == {"adds up": [6, 6], "copies": [5, 5]}
    assert found[0]["guesses"]["of"] == 4 and found[0]["directions"]["directions"] == 20
    json.dumps(found)
    text = _report.tables(found)
    assert "level 0, gap 32" in text and "| copies |" in text


def test_weights(rotated: bench.Item) -> None:
    """The example of docs/raspbench.md finds nearly all of the static circuit in any basis, by weights alone."""
    _, product = _discovery.method(str(Path(__file__).resolve().parents[3] / "docs" / "raspbench" / "weights.py") + ":product")
    assert bench.auroc(product(rotated.network, []), rotated.edges()["static"]) > 0.99
