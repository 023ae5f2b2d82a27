"""Corpora of programs: ``rasp corpus``."""

from __future__ import annotations

import base64
import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Callable, Dict, Optional, Tuple

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
        other, block, rows = elsewhere(*command(folder / "spec.json")), asked.size["block"], asked.size.get("rows")
        wanted = rows
        while True:
            first, candidates = _first(spark, _finder(other, block), asked.size, wanted)
            written = _kept(spark, first, candidates, block).mapInArrow(_writer(other, candidates), "rows long, left string").collect()
            made = sum(row.rows for row in written)
            if not rows or made == rows or candidates == asked.size["candidates"]:
                break
            wanted += rows - made  # some models are too large or refused
        left: Counter[str] = Counter()
        for row in written:
            left.update(json.loads(row.left))
        return str(asked.ask({"card": left, "candidates": candidates})["summary"])


def _first(spark: SparkSession, finder: Callable[[Batches], Batches], size: Dict[str, int], wanted: Optional[int]) -> Tuple[DataFrame, int]:
    """The candidates that do what none before does (fingerprint, number), and of how many: all, or as many as so many are wanted.

    Blocks are found some more at a time, since those that are found are at once there again.
    """
    from pyspark.sql import functions as F

    upto = size["blocks"] if wanted is None else -(-wanted // size["block"])
    while True:
        upto = min(upto, size["blocks"])
        found = tasks(spark, 0, upto).mapInArrow(finder, "number long, fingerprint binary")
        first = found.groupBy("fingerprint").agg(F.min("number").alias("number"))
        if wanted is not None:
            count, last = first.select("number").orderBy("number").limit(wanted).agg(F.count("number"), F.max("number")).first()
            if count == wanted:
                return first, last + 1
        if upto == size["blocks"]:
            return first, size["candidates"]
        upto += max(spark.sparkContext.defaultParallelism, upto // 4)


def _kept(spark: SparkSession, first: DataFrame, candidates: int, block: int) -> DataFrame:
    """Of each block, the numbers of the candidates that do what none before does: block, keep."""
    from pyspark.sql import functions as F

    blocks = -(-candidates // block)
    kept = first.where(F.col("number") < candidates).select(F.expr(f"number div {block}").alias("block"), "number")
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


def _writer(command: Command, candidates: int) -> Callable[[Batches], Batches]:
    """Writes blocks; how many rows each has, and how many of its candidates were left out, as JSON."""

    def write(batches: Batches) -> Batches:
        import pyarrow as pa

        for batch in batches:
            for block, keep in zip(batch.column("block").to_pylist(), batch.column("keep").to_pylist()):
                done = worker(command).ask({"write": block, "keep": keep, "candidates": candidates})
                yield pa.RecordBatch.from_arrays([pa.array([done["rows"]]), pa.array([json.dumps(done["left_out"])])], ["rows", "left"])

    return write
