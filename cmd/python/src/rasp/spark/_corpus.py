"""Corpora of programs: ``rasp corpus``."""

from __future__ import annotations

import base64
import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Callable

from ._worker import TASKS, Batches, Command, PathLike, driver, elsewhere, tasks, worker

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_FOUND = 17  # bytes for a candidate: a reason, and a fingerprint


def corpus(spark: SparkSession, spec: PathLike, out: PathLike, format: str = "parquet") -> str:
    """Makes the corpus of the specification ``spec`` in the folder ``out``; what came of its candidates, in a line.

    What is there already is not made again, so a job that broke off goes on.
    """
    folder = Path(out).resolve()

    def command(spec: PathLike) -> Command:
        return ("corpus", str(spec), "-o", str(folder), "--format", format)

    with driver(*command(spec)) as asked:  # makes the folder, with a copy of the specification
        block, blocks = asked.size["block"], asked.size["blocks"]
        other = elsewhere(*command(folder / "spec.json"))
        found = tasks(spark, 0, blocks).mapInArrow(_finder(other, block), "number long, fingerprint binary")
        written = _kept(spark, found, block, blocks).mapInArrow(_writer(other), "left string")
        left: Counter[str] = Counter()
        for row in written.collect():
            left.update(json.loads(row.left))
        return str(asked.ask({"card": left})["summary"])


def _kept(spark: SparkSession, found: DataFrame, block: int, blocks: int) -> DataFrame:
    """Of each block, the numbers of the candidates that do what none before does: block, keep."""
    from pyspark.sql import functions as F

    first = found.groupBy("fingerprint").agg(F.min("number").alias("number"))
    kept = first.select(F.expr(f"number div {block}").alias("block"), "number")
    each = spark.range(blocks).select(F.col("id").alias("block"), F.lit(None).cast("long").alias("number"))  # a block may keep none
    # The number of partitions is said, so that few bytes do not become few tasks: the work is elsewhere.
    return kept.unionByName(each).repartition(min(blocks, TASKS), "block").groupBy("block").agg(F.sort_array(F.collect_list("number")).alias("keep"))


def _finder(command: Command, size: int) -> Callable[[Batches], Batches]:
    """Blocks as the fingerprints of their candidates, without those that are none of the corpus."""

    def find(batches: Batches) -> Batches:
        import numpy as np
        import pyarrow as pa

        for batch in batches:
            for block in batch.column("id").to_pylist():
                found = base64.b64decode(worker(command).ask({"find": block})["found"])
                records = np.frombuffer(found, np.uint8).reshape(-1, _FOUND)
                (places,) = np.nonzero(records[:, 0] == 0)
                fingerprints = pa.array([f.tobytes() for f in records[places, 1:]], pa.binary())
                yield pa.RecordBatch.from_arrays([pa.array(block * size + places, pa.int64()), fingerprints], ["number", "fingerprint"])

    return find


def _writer(command: Command) -> Callable[[Batches], Batches]:
    """Writes blocks; how many of its candidates were left out of each, as JSON."""

    def write(batches: Batches) -> Batches:
        import pyarrow as pa

        for batch in batches:
            for block, keep in zip(batch.column("block").to_pylist(), batch.column("keep").to_pylist()):
                done = worker(command).ask({"write": block, "keep": keep})
                yield pa.RecordBatch.from_arrays([pa.array([json.dumps(done["left_out"])])], ["left"])

    return write
