"""``python -m rasp.bench score SUITE -o OUT``: scores what ``rasp suite`` wrote."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import List, Optional


def main(arguments: Optional[List[str]] = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m rasp.bench", description="Scores methods of interpretability on the models of rasp suite.")
    commands = parser.add_subparsers(dest="command", required=True)
    score = commands.add_parser("score", help="score what has not been scored yet, then write tables and plots")
    score.add_argument("suite", type=Path, help="the folder that rasp suite wrote")
    score.add_argument("-o", "--out", type=Path, required=True, help="the folder to write: results.jsonl, results.md and, with matplotlib, plots")
    score.add_argument("--method", action="append", metavar="METHOD", help="a method for circuits: patching, EAP, EAP-IG, ACDC, or your own as FILE.py:FUNCTION; may be given again. Default: these four, and what finds directions and names")
    score.add_argument("--pairs", choices=("one", "all", "length"), default="all", help="the pairs of inputs for circuits")
    score.add_argument("--most-edges", type=int, default=1500, help="models that can have more edges are left out")
    score.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    report = commands.add_parser("report", help="tables and plots of the results that are there")
    report.add_argument("out", type=Path)
    given = parser.parse_args(arguments)

    # Small products are fastest on one thread; NumPy reads this when it is first imported, in each process.
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    from .._errors import RaspError
    from ._report import report as write
    from ._score import score_suite

    if given.command == "score" and (given.processes < 1 or given.most_edges < 1):
        parser.error("--processes and --most-edges are at least 1")
    try:
        if given.command == "score":
            score_suite(
                given.suite, given.out, change=given.pairs, methods=given.method, most_edges=given.most_edges, processes=given.processes,
                told=lambda name: print(name, file=sys.stderr),
            )  # fmt: skip
        for file in write(given.out):
            print(file)
    except (RaspError, OSError) as wrong:
        parser.exit(1, f"python -m rasp.bench: {wrong}\n")
    except KeyboardInterrupt:
        parser.exit(130, "python -m rasp.bench: interrupted; the same command goes on\n")


if __name__ == "__main__":
    main()
