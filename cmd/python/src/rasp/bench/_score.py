"""Scores of a whole suite, a line of JSON for each model."""

from __future__ import annotations

import json
import os
import time
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional, Sequence, Tuple

import numpy as np

from . import _directions
from ._discovery import METHODS, Batch, accuracy, auroc, floors
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
        scores = METHODS[name](net, batches)
        seconds = time.process_time() - began
        if name != "ACDC":  # its scores are thresholds
            scores = np.where(scores > floors(net, batches, METHODS[name], item.rounded), scores, 0)
        found = scores > 0
        kinds: Dict[str, List[bool]] = {}
        for e, is_found, moves in zip(net.edges, found, truths["moving"]):
            if moves:
                kinds.setdefault(item.kind(e), []).append(bool(is_found))
        result[name] = {
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


def score(item: Item, change: str, methods: Sequence[str] = tuple(METHODS), steps: int = 1000) -> List[Dict[str, Any]]:
    """The results for a model: as it is and, where it can be, with a smaller gap."""
    batches = item.batches(change)
    results = []
    for variant, net in ((AS_COMPILED, item.network), (SOFT, softened(item))):
        if net is None or not batches:
            continue
        right = accuracy(net, batches)
        result = {"name": item.name, "level": item.level, "variant": variant, "pairs": change, "accuracy": right, "edges": len(net.edges)}
        result["true"] = {t: int(yes.sum()) for t, yes in item.edges().items()}
        result["discovery"] = discovery(item, net, batches, methods)
        if variant == AS_COMPILED:
            x = _directions.activations(item)
            result["directions"] = _directions.recovery(item, x, steps)
            result["guesses"] = _directions.guesses(item, x)
        results.append(result)
    return results


def _one(job: Any) -> Tuple[str, List[Dict[str, Any]]]:
    item, change, methods, steps = job
    return item.name, score(item, change, methods, steps)


def score_suite(
    suite: Path, out: Path, *, change: str = "all", most_edges: int = 1500, processes: int = 1, steps: int = 1000, told: Callable[[str], None] = print
) -> Path:
    """Scores all models of a suite that have not been scored yet; models with more edges are left out."""
    out.mkdir(parents=True, exist_ok=True)
    file = out / RESULTS
    done = {(r["name"], r["pairs"]) for r in results(out)} if file.exists() else set()
    items = [i for i in read(suite) if i.index["edges"]["possible"] <= most_edges and (i.name, change) not in done]
    jobs = [(i, change, tuple(METHODS), steps) for i in items]
    with open(file, "a", encoding="utf-8") as f:
        with get_context("spawn").Pool(processes) as pool:
            for name, found in pool.imap_unordered(_one, jobs):
                f.write("".join(json.dumps(r) + "\n" for r in found))
                f.flush()
                told(name)
        os.fsync(f.fileno())
    return file


def results(out: Path) -> List[Dict[str, Any]]:
    """The results so far; a last line that was not written to its end is cut off."""
    file = out / RESULTS
    text = file.read_text(encoding="utf-8")
    whole = text[: text.rfind("\n") + 1]
    if whole != text:
        file.write_text(whole, encoding="utf-8")
    return [json.loads(line) for line in whole.splitlines()]


def mean(values: Sequence[Optional[float]]) -> Optional[float]:
    """Of those that there are."""
    listed: Array = np.array([v for v in values if v is not None], float)
    return float(listed.mean()) if len(listed) else None
