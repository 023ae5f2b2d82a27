"""Directions and variables: what probes, principal components, a sparse autoencoder and
correlations find of what the residual stream is known to hold.

The stream is the one that the logits read, at all positions but BOS. A true direction is what
a dimension of the compiled model is in it, one for each dimension that differs between inputs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable, Dict, List, Tuple

import numpy as np

from ._network import Array
from ._suite import Item

TRAIN = 0.7  # share of the rows
FOUND = 0.9  # a cosine from which on a direction counts as found


@dataclass
class Activations:
    stream: Array  # [rows, d_model]
    heads: Dict[str, Array]  # what each head writes, [rows, d_model]
    sops: Dict[str, List[Any]]  # [rows], by s-op
    train: Array  # bool [rows]


def activations(item: Item, inputs: int = 300, seed: int = 1) -> Activations:
    """A run of the inputs of a model. Each row is a position; inputs are either for training or not."""
    random = np.random.default_rng(seed)
    net = item.network
    streams: List[Array] = []
    heads: Dict[str, List[Array]] = {n.name: [] for n in net.nodes if n.kind == "head"}
    sops: Dict[str, List[Any]] = {}
    train: List[Array] = []
    logits = net.nodes[-1]
    for ids, values in item.examples(inputs):
        writes = net.run(ids).writes
        streams.append(_rows(net.read(logits, "", writes)))
        for name, list_ in heads.items():
            list_.append(_rows(writes[name]))
        for name, rows in values.items():
            sops.setdefault(name, []).extend(v for row in rows for v in row)
        train.append(np.repeat(random.random(len(ids)) < TRAIN, ids.shape[1] - 1))
    return Activations(np.concatenate(streams), {k: np.concatenate(v) for k, v in heads.items()}, sops, np.concatenate(train))


def _rows(x: Array) -> Array:
    """[batch, 1+n, d_model] as rows, without BOS."""
    return np.asarray(x[:, 1:].reshape(-1, x.shape[-1]), np.float64)


def true_directions(item: Item, x: Activations) -> Tuple[Array, List[int]]:
    """Unit vectors [directions, d_model] of the dimensions that differ, and their numbers in the base."""
    q = item.directions
    old = x.stream @ item.back
    moves = old.std(0) > 1e-6 * np.maximum(np.abs(old).max(0), 1e-30)
    dims = [d for d, name in enumerate(item.names["dims"]) if moves[d] and name["kind"] != "bos" and np.linalg.norm(q[d]) > 0]
    return q[dims] / np.linalg.norm(q[dims], axis=1, keepdims=True), dims


def _centred(x: Array) -> Array:
    """Of mean 0, and on average of length 1."""
    x = x - x.mean(0)
    return np.asarray(x / max(np.sqrt((x**2).sum(1).mean()), 1e-30))


def _cosines(found: Array, true: Array) -> Array:
    """For each true direction the largest cosine with one that was found, up to sign."""
    norms = np.linalg.norm(found, axis=1, keepdims=True)
    found = found[norms[:, 0] > 1e-12] / norms[norms[:, 0] > 1e-12]
    return np.abs(true @ found.T).max(1) if len(found) else np.zeros(len(true))


def components(x: Array) -> Array:
    """Principal components, as many as have more than a millionth of the variance of the first."""
    _, s, v = np.linalg.svd(_centred(x), full_matrices=False)
    return np.asarray(v[s > 1e-3 * s[0]])


def autoencoder(x: Array, features: int, penalty: float, steps: int = 1000, seed: int = 1) -> Array:
    """The decoder [features, d_model] of a sparse autoencoder (Bricken et al. 2023): ReLU, L1, Adam, decoder rows of length 1."""
    random = np.random.default_rng(seed)
    x = _centred(x).astype(np.float32)
    d = x.shape[1]
    out = random.standard_normal((features, d)).astype(np.float32)
    out /= np.linalg.norm(out, axis=1, keepdims=True)
    p = [out.T.copy(), np.zeros(features, np.float32), out, np.zeros(d, np.float32)]
    m, v = [np.zeros_like(a) for a in p], [np.zeros_like(a) for a in p]
    for step in range(1, steps + 1):
        batch = x[random.integers(0, len(x), 256)]
        w, b, out, c = p
        pre = (batch - c) @ w + b
        code = np.maximum(pre, 0)
        error = 2 * (code @ out + c - batch) / len(batch)
        g = (error @ out.T + penalty / len(batch)) * (pre > 0)
        gradients = [(batch - c).T @ g, g.sum(0), code.T @ error, error.sum(0) - (g @ w.T).sum(0)]
        for i, gradient in enumerate(gradients):
            m[i] = 0.9 * m[i] + 0.1 * gradient
            v[i] = 0.999 * v[i] + 0.001 * gradient**2
            p[i] = p[i] - 0.003 * (m[i] / (1 - 0.9**step)) / (np.sqrt(v[i] / (1 - 0.999**step)) + 1e-8)
        p[2] = p[2] / np.maximum(np.linalg.norm(p[2], axis=1, keepdims=True), 1e-8)
    return np.asarray(p[2], np.float64)


def probes(x: Activations, targets: Array) -> Tuple[Array, Array]:
    """Linear probes by ridge regression: weights [targets, d_model], and R^2 on the rows that they were not trained on."""
    stream = _centred(x.stream)
    y = targets - targets[x.train].mean(0)
    a = stream[x.train]
    w = np.linalg.solve(a.T @ a + 1e-6 * len(a) / a.shape[1] * np.eye(a.shape[1]), a.T @ y[x.train])
    left = ((y - stream @ w)[~x.train] ** 2).sum(0)
    total = np.maximum(y.var(0) * (~x.train).sum(), 1e-30)
    return w.T, 1 - left / total


PENALTIES = (0.03, 0.1, 0.3)


def recovery(item: Item, x: Activations, steps: int = 1000) -> Dict[str, Any]:
    """How well each method finds the true directions: mean of the largest cosines, and the share that is found."""
    true, dims = true_directions(item, x)
    if not dims:
        return {}
    d = x.stream.shape[1]
    weights, fit = probes(x, (x.stream @ item.back)[:, dims])
    one_by_one = np.abs((weights / np.maximum(np.linalg.norm(weights, axis=1, keepdims=True), 1e-30) * true).sum(1))
    coders = [_cosines(autoencoder(x.stream, 2 * d, penalty, steps), true) for penalty in PENALTIES]
    found: Dict[str, Array] = {
        "probe": one_by_one,
        "dimensions": _cosines(np.eye(d), true),
        "PCA": _cosines(components(x.stream), true),
        "SAE": max(coders, key=lambda c: float(c.mean())),
        "random": _cosines(np.random.default_rng(1).standard_normal((2 * d, d)), true),
    }
    result: Dict[str, Any] = {name: {"cosine": float(c.mean()), "found": float((c >= FOUND).mean())} for name, c in found.items()}
    result["probe"]["r2"] = float(np.mean(fit))
    result["directions"] = len(dims)
    return result


# Names by correlation.


def _classes(values: List[Any]) -> Array:
    numbers: Dict[Tuple[str, Any], int] = {}
    return np.array([numbers.setdefault((type(v).__name__, v), len(numbers)) for v in values])


def explained(activation: Array, train: Array, classes: Array) -> float:
    """How much of the variance of an activation [rows, dims] the classes explain, on rows that their means are not from."""
    means = np.zeros((classes.max() + 1, activation.shape[1])) + activation[train].mean(0)
    for c in np.unique(classes[train]):
        means[c] = activation[train & (classes == c)].mean(0)
    rest = activation[~train]
    left, total = ((rest - means[classes[~train]]) ** 2).sum(), ((rest - activation[train].mean(0)) ** 2).sum()
    return float(1 - left / total) if total > 0 else 0.0


def _guess(activation: Array, x: Activations, classes: Dict[str, Array], truth: str) -> float:
    """1 if the s-op that explains most is the true one, a share of it where several explain as much."""
    score = {name: explained(activation, x.train, c) for name, c in classes.items()}
    best = max(score.values())
    equal = [name for name, s in score.items() if s >= best - 1e-6]
    return (truth in equal) / len(equal)


def guesses(item: Item, x: Activations) -> Dict[str, Any]:
    """How often correlation with the values of all s-ops tells what a head, or a dimension, is for."""
    classes = {name: _classes(values) for name, values in x.sops.items()}
    subjects: Dict[str, List[Tuple[Array, str]]] = {"heads": [], "dimensions": [], "directions": []}
    for node, written in x.heads.items():
        sop = item.head(node).get("sop")
        if sop in classes and written.std(0).max() > 0:
            subjects["heads"].append((_centred(written), sop))
    old = x.stream @ item.back
    new = _new_dims(item)
    for d, name in enumerate(item.names["dims"]):
        if name.get("sop") in classes and old[:, d].std() > 1e-6 * max(np.abs(old[:, d]).max(), 1e-30):
            subjects["directions"].append((_centred(old[:, d : d + 1]), name["sop"]))
            if d in new:
                subjects["dimensions"].append((_centred(x.stream[:, new[d] : new[d] + 1]), name["sop"]))
    share: Callable[[List[Tuple[Array, str]]], Any] = lambda list_: float(np.mean([_guess(a, x, classes, s) for a, s in list_])) if list_ else None
    return {**{name: share(list_) for name, list_ in subjects.items()}, "of": len(classes)}


def _new_dims(item: Item) -> Dict[int, int]:
    """The dimension of the stream that a dimension of the base has become, where it is one."""
    if item.truth is None:
        return {d: d for d in range(len(item.names["dims"]))}
    return {old: new for new, old in enumerate(item.truth.get("dims") or [])}
