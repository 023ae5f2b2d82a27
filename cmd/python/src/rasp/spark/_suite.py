"""Sets of models in disguise, whose insides are known: ``rasp suite``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Callable, Dict, List

from ._worker import Batches, Command, PathLike, absolute, driver, elsewhere, tasks, worker

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


def suite(spark: SparkSession, programs: List[PathLike], out: PathLike, *arguments: object) -> str:
    """Makes what ``rasp suite PROGRAMS -o OUT ARGUMENTS`` makes, the same bytes; what that prints.

    Without programs all ready-made ones are taken. What is there already is not made again, so a job that broke off goes on.
    """
    return str(made(spark, programs, out, *arguments)["summary"])


def made(spark: SparkSession, programs: List[PathLike], out: PathLike, *arguments: object) -> Dict[str, Any]:
    """The summary, and what was left out, a line each."""
    command = ("suite", *map(absolute, programs), "-o", str(Path(out).resolve()), *arguments)
    with driver(*command) as asked:  # makes the folder
        sets = tasks(spark, 0, asked.size["programs"]).mapInArrow(_maker(elsewhere(*command)), "number long, made string").collect()
        for row in sorted(sets, key=lambda row: int(row.number)):
            asked.ask({"add": json.loads(row.made)})
        return asked.ask({"index": True})


def _maker(command: Command) -> Callable[[Batches], Batches]:
    """Makes the models of programs; what the index is to say of them, as JSON."""

    def make(batches: Batches) -> Batches:
        import pyarrow as pa

        for batch in batches:
            for number in batch.column("id").to_pylist():
                made = worker(command).ask({"make": number})["made"]
                yield pa.RecordBatch.from_arrays([pa.array([number]), pa.array([json.dumps(made)])], ["number", "made"])

    return make
