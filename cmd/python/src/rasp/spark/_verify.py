"""Models beside the interpreter: ``rasp verify``, on so many inputs that one machine is not enough."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, Dict, Tuple

from ._worker import TASKS, Batches, Command, PathLike, absolute, driver, elsewhere, tasks, worker

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_MOST = 1_000_000  # inputs of a task: some seconds' work


def verify(spark: SparkSession, file: PathLike, *arguments: object) -> Dict[str, Any]:
    """What ``rasp verify FILE ARGUMENTS --json`` says, such as ``verify(spark, "sort.safetensors", "--exhaustive")``."""
    outcome: Dict[str, Any] = verified(spark, file, *arguments)["outcome"]
    return outcome


def verified(spark: SparkSession, file: PathLike, *arguments: object) -> Dict[str, Any]:
    """The outcome, and the summary, which is what ``rasp verify`` prints."""
    command = ("verify", absolute(file), *arguments)
    with driver(*command) as asked:
        size, at_a_time = asked.size["inputs"], 2 * spark.sparkContext.defaultParallelism
        step = max(1, min(_MOST, size // (2 * at_a_time)))
        count, done = -(-size // step), 0
        sums: Dict[str, Any] = {"inputs": 0, "faulted": 0, "wrong": False}
        while done < count and not sums["wrong"]:  # more at a time each time, so that a model that is wrong early ends early
            upto = min(count, done + at_a_time)
            compared = tasks(spark, done, upto).mapInArrow(_comparer(elsewhere(*command), step, size), "number long, inputs long, faulted long, wrong boolean")
            for row in sorted(compared.collect(), key=lambda row: int(row.number)):
                if not sums["wrong"]:  # else what comes after the first counterexample
                    sums = {"inputs": sums["inputs"] + row.inputs, "faulted": sums["faulted"] + row.faulted, "wrong": row.wrong}
            done, at_a_time = upto, min(2 * at_a_time, TASKS)
        return asked.ask({"sum": sums})


def _comparer(command: Command, step: int, size: int) -> Callable[[Batches], Batches]:
    """Compares ranges of inputs, each up to its first counterexample."""

    def compare(batches: Batches) -> Batches:
        import pyarrow as pa

        for batch in batches:
            for number in batch.column("id").to_pylist():
                asked: Tuple[int, int] = (number * step, min(size, (number + 1) * step))
                done = worker(command).ask({"range": asked})
                columns = [pa.array([x]) for x in (number, done["inputs"], done["faulted"], done["wrong"])]
                yield pa.RecordBatch.from_arrays(columns, ["number", "inputs", "faulted", "wrong"])

    return compare
