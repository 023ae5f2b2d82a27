"""Tables and plots of results."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Callable, Dict, Iterable, List, Optional, Sequence, Tuple

from .._errors import RaspError
from ._score import AS_COMPILED, check, mean, merged, results
from ._suite import TRUTHS

TABLES = "results.md"
Result = Dict[str, Any]


def _number(x: Optional[float]) -> str:
    return "" if x is None else f"{x:.3f}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> List[str]:
    return ["| " + " | ".join(head) + " |", "|" + "---|" * len(head), *("| " + " | ".join(row) + " |" for row in rows), ""]


def groups(all_: Sequence[Result]) -> Dict[str, List[Result]]:
    """Results by level and variant, in order, without models that are not right."""
    found: Dict[str, List[Result]] = {}
    for r in sorted(all_, key=lambda r: (r["level"], r["variant"] != AS_COMPILED, r["name"])):
        if r["accuracy"] == 1:
            found.setdefault(f"level {r['level']}" + ("" if r["variant"] == AS_COMPILED else f", {r['variant']}"), []).append(r)
    return found


def methods(all_: Iterable[Result]) -> List[str]:
    """Of circuits, in the order in which they were scored."""
    return list(dict.fromkeys(m for r in all_ for m in r["discovery"]))


def discovery(group: Sequence[Result], method: str) -> Dict[str, Any]:
    """Means over models: AUROC by truth, and shares of the edges of a truth that are found."""
    of = [(r["true"], r["discovery"][method]) for r in group if method in r["discovery"]]
    return {
        "models": len(of),
        "auroc": {t: mean([d["auroc"][t] for _, d in of]) for t in TRUTHS},
        "found": {t: mean([d["found"][t] / true[t] if true[t] else None for true, d in of]) for t in TRUTHS},
        "false": sum(d["false"] for _, d in of),
        "whole": mean([float(d["found"]["moving"] == true["moving"] and d["false"] == 0) for true, d in of]),
    }


def kinds(group: Sequence[Result], method: str) -> Dict[str, Tuple[int, int]]:
    """Of the moving edges of a kind, how many are found, and how many there are."""
    total: Dict[str, Tuple[int, int]] = {}
    for r in group:
        for kind, (found, there) in r["discovery"].get(method, {"kinds": {}})["kinds"].items():
            a, b = total.get(kind, (0, 0))
            total[kind] = a + found, b + there
    return total


FINDERS = ("probe", "dimensions", "PCA", "SAE", "random")
SUBJECTS = ("heads", "dimensions", "directions")


def tables(all_: Sequence[Result]) -> str:
    by = groups(all_)
    wrong = sorted({f"{r['name']} ({r['variant']})" for r in all_ if r["accuracy"] < 1})
    lines = [f"Pairs: {', '.join(sorted({r['pairs'] for r in all_}))}. Models that are not right on all clean inputs are left out: {len(wrong)}.", ""]
    lines += ["## Circuits", "", "AUROC, and in brackets the share of the true edges that are found, means over models. False edges are those that no weight joins; the", "last column is the share of models of which exactly the moving edges are found.", ""]
    rows = []
    for name, group in by.items():
        for m in methods(group):
            d = discovery(group, m)
            cells = [f"{_number(d['auroc'][t])} ({_number(d['found'][t])})" for t in TRUTHS]
            rows.append([name, str(d["models"]), m, *cells, str(d["false"]), _number(d["whole"])])
    lines += _table(["models", "number", "method", *TRUTHS, "false edges", "all and no more"], rows)
    lines += ["## Moving edges by kind", "", "How many are found, of how many. An edge has the kind of the head that it enters, else of the one that it leaves.", ""]
    all_kinds = sorted({k for group in by.values() for m in methods(group) for k in kinds(group, m)})
    rows = []
    for name, group in by.items():
        for m in methods(group):
            found = kinds(group, m)
            rows.append([name, m, *(f"{found[k][0]} of {found[k][1]}" if k in found else "" for k in all_kinds)])
    lines += _table(["models", "method", *all_kinds], rows)
    lines += ["## Directions", "", "The mean, over the true directions of a model, of the largest cosine with one that is found; in brackets the share with 0.9 or more.", ""]
    rows = []
    for name, group in by.items():
        with_ = [r["directions"] for r in group if r.get("directions")]
        if with_:
            cells = [f"{_number(mean([d[f]['cosine'] for d in with_]))} ({_number(mean([d[f]['found'] for d in with_]))})" for f in FINDERS]
            rows.append([name, str(len(with_)), *cells, _number(mean([d["probe"]["r2"] for d in with_]))])
    lines += _table(["models", "number", *FINDERS, "R^2 of probes"], rows)
    lines += ["## Names", "", "How often the s-op that explains most of what is there is the true one; chance is one of all s-ops.", ""]
    rows = []
    for name, group in by.items():
        with_ = [r["guesses"] for r in group if r.get("guesses")]
        if with_:
            rows.append([name, *(_number(mean([g[s] for g in with_])) for s in SUBJECTS), _number(mean([1 / g["of"] if g["of"] else None for g in with_]))])
    lines += _table(["models", *SUBJECTS, "chance"], rows)
    return "\n".join(lines)


def _plot(file: Path, title: str, ylabel: str, series: Dict[str, List[Optional[float]]], ticks: Sequence[str], bars: bool) -> None:
    import matplotlib

    if not ticks:
        return
    matplotlib.use("svg")
    matplotlib.rcParams.update({"svg.hashsalt": "rasp", "font.size": 9})  # the same bytes each time
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7, 3.2))
    for i, (name, values) in enumerate(series.items()):
        y = [float("nan") if v is None else v for v in values]
        if bars:
            width = 0.8 / len(series)
            axes.bar([k - 0.4 + width * (i + 0.5) for k in range(len(y))], y, width, label=name)
        else:
            axes.plot(range(len(y)), y, "o-", label=name)
    axes.set(title=title, ylabel=ylabel, ylim=(0, 1.03), xticks=range(len(ticks)), xticklabels=ticks)
    axes.tick_params(axis="x", rotation=20 if max(map(len, ticks)) > 9 else 0)
    axes.legend(fontsize=8, loc="center left", bbox_to_anchor=(1, 0.5))
    axes.grid(axis="y", alpha=0.3)
    figure.tight_layout()
    figure.savefig(file, metadata={"Date": None})
    pyplot.close(figure)


def plots(all_: Sequence[Result], out: Path) -> None:
    """Pictures of the tables; they take matplotlib."""
    by = groups(all_)
    found = methods(all_)
    names = list(by)
    share: Callable[[Tuple[int, int]], Optional[float]] = lambda f: f[0] / f[1] if f[1] else None
    _plot(out / "circuits.svg", "Edges that move, against all others", "AUROC", {m: [discovery(g, m)["auroc"]["moving"] for g in by.values()] for m in found}, names, True)
    first = by[names[0]]
    all_kinds = sorted({k for m in found for k in kinds(first, m)})
    _plot(out / "kinds.svg", f"Moving edges that are found, {names[0]}", "share", {m: [share(kinds(first, m).get(k, (0, 0))) for k in all_kinds] for m in found}, all_kinds, True)
    with_ = {name: [r["directions"] for r in g if r.get("directions")] for name, g in by.items()}
    with_ = {name: d for name, d in with_.items() if d}
    _plot(out / "directions.svg", "True directions", "mean of the largest cosines", {f: [mean([d[f]["cosine"] for d in ds]) for ds in with_.values()] for f in FINDERS}, list(with_), True)
    guessed = {name: [r["guesses"] for r in g if r.get("guesses")] for name, g in by.items()}
    guessed = {name: g for name, g in guessed.items() if g}
    _plot(out / "names.svg", "Names that correlation guesses", "share", {s: [mean([g[s] for g in gs]) for gs in guessed.values()] for s in SUBJECTS}, list(guessed), True)


def report(out: Path) -> List[Path]:
    """Writes the tables and, where matplotlib is installed, the plots."""
    all_ = results(out)
    check(all_, {}, out)
    all_ = merged(all_)
    if not any(r["accuracy"] == 1 for r in all_):
        raise RaspError(f"{out} has no results of models that are right")
    (out / TABLES).write_text(tables(all_), encoding="utf-8")
    try:
        plots(all_, out)
    except ImportError:
        return [out / TABLES]
    return [out / TABLES, *sorted(out.glob("*.svg"))]
