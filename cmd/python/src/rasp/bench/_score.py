"""Scores of a whole suite, a line of JSON for each model."""

from __future__ import annotations

import json
import os
import signal
import time
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional, Sequence, Set, Tuple

import numpy as np

from .._errors import RaspError
from . import _directions
from ._discovery import METHODS, Batch, accuracy, auroc, floors, method
from ._network import Array, Network
from ._suite import Item, read

RESULTS = "results.jsonl"
AS_COMPILED = "as it is"
SOFT = "gap 32"


def discovery(item: Item, net: Network, batches: Sequence[Batch], methods: Sequence[str]) -> Dict[str, Any]:
    """What each method finds: AUROC by truth, edges found of each truth and outside, and of the moving ones by kind."""
    truths = item.edges()
    result: Dict[str, Any] = {}
    for name in methods:
        began = time.process_time()
        label, find = method(name)
        scores = find(net, batches)
        seconds = time.process_time() - began
        if name != "ACDC":  # its scores are thresholds
            scores = np.where(scores > floors(net, batches, find, item.rounded), scores, 0)
        found = scores > 0
        kinds: Dict[str, List[bool]] = {}
        for e, is_found, moves in zip(net.edges, found, truths["moving"]):
            if moves:
                kinds.setdefault(item.kind(e), []).append(bool(is_found))
        result[label] = {
            "auroc": {t: None if np.isnan(a := auroc(scores, yes)) else a for t, yes in truths.items()},
            "found": {t: int(found[yes].sum()) for t, yes in truths.items()},
            "false": int(found[~truths["static"]].sum()),
            "kinds": {k: [sum(v), len(v)] for k, v in sorted(kinds.items())},
            "seconds": round(seconds, 3),
        }
    return result


def softened(item: Item) -> Optional[Network]:
    """The model with a gap of 32 in place of 256, but for its tallies; None of a model that is disguised, robust, or has nothing to soften."""
    if item.level or item.robust:
        return None
    net = item.network
    heads = [n.name for n in net.nodes if n.kind == "head" and item.head(n.name)["kind"] in ("copies", "averages", "any of")]
    return net.softened(heads, 1 / 8) if heads else None


def score(item: Item, change: str, methods: Optional[Sequence[str]] = None, steps: int = 1000) -> List[Dict[str, Any]]:
    """The results for a model, as it is and, where it can be, with a smaller gap: of some methods for circuits, or of everything."""
    item.check()
    batches = item.batches(change)
    results = []
    for variant, net in ((AS_COMPILED, item.network), (SOFT, softened(item))):
        if net is None or not batches:
            continue
        right = accuracy(net, batches)
        result = {"name": item.name, "digest": item.digest, "level": item.level, "variant": variant, "pairs": change}
        result |= {"accuracy": right, "edges": len(net.edges), "true": {t: int(yes.sum()) for t, yes in item.edges().items()}}
        result["discovery"] = discovery(item, net, batches, methods or tuple(METHODS))
        if variant == AS_COMPILED and methods is None:
            x = _directions.activations(item)
            result["directions"] = _directions.recovery(item, x, steps)
            result["guesses"] = _directions.guesses(item, x)
        results.append(result)
    return results


def _one(job: Any) -> Tuple[str, List[Dict[str, Any]]]:
    item, change, methods, steps = job
    return item.name, score(item, change, methods, steps)


def _quiet() -> None:
    """An interrupt is for the process that began the others."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def score_suite(
    suite: Path,
    out: Path,
    *,
    change: str = "all",
    methods: Optional[Sequence[str]] = None,
    most_edges: int = 1500,
    processes: int = 1,
    steps: int = 1000,
    told: Callable[[str], None] = print,
) -> Path:
    """Scores all models of a suite that have not been scored yet; models with more edges are left out."""
    wanted = {method(name)[0] for name in methods or METHODS}
    items = [i for i in read(suite) if i.index["edges"]["possible"] <= most_edges]
    out.mkdir(parents=True, exist_ok=True)
    file = out / RESULTS
    have = results(out) if file.exists() else []
    check(have, {i.name: i.digest for i in items}, out)
    done: Dict[str, Set[str]] = {}
    for r in have:
        if r["pairs"] == change and r["variant"] == AS_COMPILED:
            done.setdefault(r["name"], set()).update(r["discovery"])
    jobs = [(i, change, methods, steps) for i in items if not wanted <= done.get(i.name, set())]
    with open(file, "a", encoding="utf-8") as f:
        with get_context("spawn").Pool(processes, _quiet) as pool:
            for name, found in pool.imap_unordered(_one, jobs):
                f.write("".join(json.dumps(r) + "\n" for r in found))
                f.flush()
                told(name if found else f"{name}: it has no pairs of the kind {change}")
        os.fsync(f.fileno())
    return file


def check(results: Sequence[Dict[str, Any]], digests: Dict[str, str], out: Path) -> None:
    """A RaspError if results are of two models of one name."""
    known = dict(digests)
    for r in results:
        if known.setdefault(r["name"], r["digest"]) != r["digest"]:
            raise RaspError(f"{out / RESULTS} has results of another model named {r['name']}", hint="take a folder for each set")


def results(out: Path) -> List[Dict[str, Any]]:
    """The results so far; a last line that was not written to its end is cut off."""
    file = out / RESULTS
    text = file.read_text(encoding="utf-8")
    whole = text[: text.rfind("\n") + 1]
    if whole != text:
        file.write_text(whole, encoding="utf-8")
    found = []
    for number, line in enumerate(whole.splitlines(), 1):
        try:
            r = json.loads(line)
            if {"name", "digest", "level", "variant", "pairs", "accuracy", "true", "discovery"} - r.keys():
                raise ValueError("fields are missing")
        except (ValueError, AttributeError) as wrong:
            raise RaspError(f"{file}:{number}: not a line of results: {wrong}") from wrong
        found.append(r)
    return found


def merged(all_: Sequence[Dict[str, Any]]) -> List[Dict[str, Any]]:
    """One result for each model, variant and kind of pairs, of all that was scored of it; what came last counts."""
    found: Dict[Tuple[str, str, str], Dict[str, Any]] = {}
    for r in all_:
        old = found.setdefault((r["name"], r["variant"], r["pairs"]), {})
        found[r["name"], r["variant"], r["pairs"]] = {**old, **r, "discovery": {**old.get("discovery", {}), **r["discovery"]}}
    return list(found.values())


def mean(values: Sequence[Optional[float]]) -> Optional[float]:
    """Of those that there are."""
    listed: Array = np.array([v for v in values if v is not None], float)
    return float(listed.mean()) if len(listed) else None
