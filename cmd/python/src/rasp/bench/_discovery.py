"""Circuit discovery: a score for each edge.

Pairs of clean and corrupt inputs stand in batches of one length. The metric of a pair is the
difference of the logits of the clean and of the corrupt class, summed over positions and
outputs; of a number it is the number itself, upwards or downwards. So it is linear in the
logits, and 0 where the two outputs agree.
"""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Dict, List, Sequence, Tuple

import numpy as np

from .._errors import RaspError
from ._network import Array, Edge, Network, Read, Writes

Scores = Array  # [edges], in the order of Network.edges


@dataclass
class Batch:
    """Pairs of inputs: clean ones of one length, corrupt ones of one length."""

    clean: Array  # ids [pairs, 1+n]
    corrupt: Array  # ids [pairs, 1+m]
    metric: Array  # [pairs, 1+n, columns]: the weights of the logits
    border: Array  # [pairs, 1+n]: the metric of a position halfway between the two outputs

    def few(self, n: int) -> Batch:
        return Batch(self.clean[:n], self.corrupt[:n], self.metric[:n], self.border[:n])


def _aligned(clean: Writes, corrupt: Writes) -> Writes:
    """The corrupt run at the positions of the clean one; beyond its end, the clean one."""

    def one(x: Array, y: Array) -> Array:
        n = min(x.shape[1], y.shape[1])
        return np.concatenate([y[:, :n], x[:, n:]], 1)

    return {name: one(x, corrupt[name]) for name, x in clean.items()}


def _measure(logits: Array, batch: Batch) -> Array:
    measured: Array = (logits.astype(np.float64) * batch.metric).sum((1, 2))
    return measured


def patching(net: Network, batches: Sequence[Batch]) -> Scores:
    """Exact patching: the mean change of the metric when the edge alone carries the corrupt run (Wang et al. 2022)."""
    total = np.zeros(len(net.edges))
    for batch in batches:
        clean = net.run(batch.clean).writes
        corrupt = _aligned(clean, net.run(batch.corrupt).writes)
        before = _measure(clean["logits"], batch)
        for i, e in enumerate(net.edges):
            if not np.array_equal(clean[e.source], corrupt[e.source]):
                total[i] += np.abs(_measure(net.patched(clean, corrupt, {e}, e.target), batch) - before).sum()
    return total / sum(len(b.clean) for b in batches)


def _attributed(net: Network, clean: Writes, corrupt: Writes, gradients: Dict[Read, Array]) -> Scores:
    differences = {name: (corrupt[name] - x).astype(np.float64) for name, x in clean.items() if name != "logits"}
    return np.array([(differences[e.source] * gradients[Read(e.target, e.channel)]).sum() for e in net.edges])


def eap(net: Network, batches: Sequence[Batch]) -> Scores:
    """Edge attribution patching (Syed et al. 2023): differences of activations times gradients on the clean input."""
    return _integrated(net, batches, [1.0])


def eap_ig(net: Network, batches: Sequence[Batch], steps: int = 5) -> Scores:
    """EAP with integrated gradients (Hanna et al. 2024): the embedding goes from the corrupt to the clean one."""
    return _integrated(net, batches, [(k + 1) / steps for k in range(steps)])


def _integrated(net: Network, batches: Sequence[Batch], shares: Sequence[float]) -> Scores:
    total = np.zeros(len(net.edges))
    for batch in batches:
        tape = net.run(batch.clean)
        clean = tape.writes
        corrupt = _aligned(clean, net.run(batch.corrupt).writes)
        weights = batch.metric.astype(clean["input"].dtype)
        for share in shares:
            if share != 1:
                tape = net.run(batch.clean, corrupt["input"] + clean["input"].dtype.type(share) * (clean["input"] - corrupt["input"]))
            else:
                tape = net.run(batch.clean)
            total += _attributed(net, clean, corrupt, net.gradients(tape, weights)) / len(shares)
    return np.abs(total) / sum(len(b.clean) for b in batches)


THRESHOLDS = (1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 0.5)


def acdc(net: Network, batches: Sequence[Batch], thresholds: Sequence[float] = THRESHOLDS) -> Scores:
    """ACDC (Conmy et al. 2023): the largest threshold at which an edge is kept.

    Edges are cut one after the other, from the logits backwards, and stay cut if the metric
    then moves by less than the threshold: a share of what lies between clean and corrupt.
    """
    runs = []
    for batch in batches:
        clean = net.run(batch.clean).writes
        corrupt = _aligned(clean, net.run(batch.corrupt).writes)
        runs.append((batch, clean, corrupt))
    between = sum(np.abs(_measure(c["logits"], b) - _measure(x["logits"], b)).sum() for b, c, x in runs)
    scores = np.zeros(len(net.edges))
    for threshold in sorted(thresholds):
        kept = _kept(net, runs, threshold * between)
        scores[kept] = threshold
    return scores


def _kept(net: Network, runs: Sequence[tuple[Batch, Writes, Writes]], threshold: float) -> List[int]:
    kept = []
    cut: set[Edge] = set()
    read = {"logits"}  # nodes that an edge leaves which is kept
    now = [_measure(clean["logits"], batch) for batch, clean, _ in runs]
    for i in sorted(range(len(net.edges)), key=lambda i: -net.by_name[net.edges[i].target]):
        e = net.edges[i]
        moves = not all(np.array_equal(clean[e.source], corrupt[e.source]) for _, clean, corrupt in runs)
        if not moves or e.target not in read:  # then nothing can change
            cut.add(e)
            continue
        without = [_measure(net.patched(clean, corrupt, cut | {e}, e.target), batch) for batch, clean, corrupt in runs]
        if sum(np.abs(a - b).sum() for a, b in zip(now, without)) > threshold:
            kept.append(i)
            read.add(e.source)
        else:
            cut.add(e)
            now = without
    return kept


METHODS: Dict[str, Callable[[Network, Sequence[Batch]], Scores]] = {
    "patching": patching,
    "EAP": eap,
    "EAP-IG": eap_ig,
    "ACDC": acdc,
}


def method(name: str) -> Tuple[str, Callable[[Network, Sequence[Batch]], Scores]]:
    """One of METHODS, or a function of a file as "FILE.py:FUNCTION"; with what it is called in tables."""
    if name in METHODS:
        return name, METHODS[name]
    file, colon, function = name.rpartition(":")
    if not colon:
        raise RaspError(f"there is no method {name}", hint=f"one of {', '.join(METHODS)}, or your own as FILE.py:FUNCTION")
    path = Path(file)
    if not path.is_file():
        raise RaspError(f"there is no file {file} with the method {function}")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found = getattr(module, function, None)
    if not callable(found):
        raise RaspError(f"{file} has no function {function}")

    def own(net: Network, batches: Sequence[Batch]) -> Scores:
        scores = np.asarray(found(net, batches), np.float64)
        if scores.shape != (len(net.edges),) or not np.isfinite(scores).all():
            raise RaspError(f"{name} is to give a finite number for each of the {len(net.edges)} edges, and gave an array of shape {list(scores.shape)}")
        return np.abs(scores)

    return f"{path.stem}.{function}", own


TIE = 1e-3  # by which logits differ that are meant to be equal


def accuracy(net: Network, batches: Sequence[Batch]) -> float:
    """The share of clean inputs on which no output is nearer to the corrupt one; of equally likely tokens either may be first."""
    right = total = 0
    for batch in batches:
        logits = net.run(batch.clean).writes["logits"]
        at = (logits * batch.metric).sum(-1)
        right += int((at > batch.border - TIE).all(-1).sum())
        total += len(logits)
    return right / total


def floors(
    net: Network, batches: Sequence[Batch], method: Callable[[Network, Sequence[Batch]], Scores], rounded: bool = False, seed: int = 1
) -> Scores:
    """What rounding makes of each score: sixteen times the spread over versions of the same model.

    In each version sums are taken in another order and, of a model whose weights were rounded,
    weights are off by a unit roundoff. Four versions and a few pairs say little of the largest,
    hence the factor; real scores are off by a millionth of themselves.
    """
    random = np.random.default_rng(seed)
    few = [b.few(4) for b in batches[:2]]
    versions = [net.reordered(random) for _ in range(3)]
    if rounded:
        versions = [v.rounded(random) for v in versions]
    scores = np.stack([method(version, few) for version in [net, *versions]])
    return np.asarray(16 * (scores.max(0) - scores.min(0)))


def auroc(scores: Scores, positive: Array) -> float:
    """The chance that an edge of the circuit has a larger score than another one; a tie is half. NaN without both."""
    yes, no = scores[positive], scores[~positive]
    if len(yes) == 0 or len(no) == 0:
        return float("nan")
    return float((yes[:, None] > no).mean() + (yes[:, None] == no).mean() / 2)
