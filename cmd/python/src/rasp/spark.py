"""Corpora of programs on a cluster of Spark: ``rasp corpus``, and the same bytes.

    python -m rasp.spark corpus SPEC -o DIR --master spark://HOST:7077
    spark-submit .../rasp/spark.py corpus SPEC -o DIR

DIR is a folder that all machines share. The work is done by ``rasp corpus --worker``, a process for each core that
lives as long as Spark's own. What Spark moves about are fingerprints and numbers of programs, no weights. It takes
pyspark, pyarrow and pandas.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import subprocess
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Callable, Dict, Iterator, List, Optional, Tuple

# Not relative: spark-submit runs this file as a script.
from rasp._binary import binary
from rasp._errors import RaspError, error

if TYPE_CHECKING:
    import pyarrow
    from pyspark.sql import DataFrame, SparkSession

_FOUND = 17  # bytes for a candidate: a reason, and a fingerprint
_TASKS = 10_000  # of a stage, at most


class Worker:
    """A process of ``rasp corpus --worker``, which does one block after the other. ``size`` is how much there is to do."""

    def __init__(self, command: Tuple[str, ...]) -> None:
        self._child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8")
        self.size = self._answer()

    def ask(self, request: Dict[str, Any]) -> Dict[str, Any]:
        assert self._child.stdin is not None
        try:
            print(json.dumps(request), file=self._child.stdin, flush=True)
        except BrokenPipeError:
            pass  # why it ended is told below
        return self._answer()

    def _answer(self) -> Dict[str, Any]:
        assert self._child.stdout is not None
        line = self._child.stdout.readline()
        if not line.endswith("\n"):
            raise RaspError(f"rasp corpus --worker has ended (status {self._child.wait()}); what it said is on stderr")
        answer: Dict[str, Any] = json.loads(line)
        if "error" in answer:
            data = answer["error"].get("data", {})
            raise error(data.get("faults", []), data.get("text", ""), answer["error"]["message"], data.get("hint", ""))
        return answer

    def ended(self) -> bool:
        return self._child.poll() is not None

    def close(self) -> None:
        self._child.communicate()


_workers: Dict[Tuple[str, ...], Worker] = {}


def _worker(command: Tuple[str, ...]) -> Worker:
    """The process of this process of Spark, which does many tasks."""
    if command not in _workers or _workers[command].ended():
        program, *arguments = command
        _workers[command] = Worker((program or binary(), *arguments))
    return _workers[command]


def corpus(spark: SparkSession, spec: os.PathLike[str] | str, out: os.PathLike[str] | str, format: str = "parquet") -> str:
    """Makes the corpus of the specification ``spec`` in the folder ``out``; what came of its candidates, in a line.

    What is there already is not made again, so a job that broke off goes on.
    """
    folder = Path(out).resolve()

    def command(spec: os.PathLike[str] | str) -> Tuple[str, ...]:
        return ("corpus", str(spec), "-o", str(folder), "--format", format, "--worker")

    driver = Worker((binary(), *command(spec)))  # makes the folder, with a copy of the specification
    try:
        block, blocks = driver.size["block"], driver.size["blocks"]
        # Elsewhere it is the program that was named here, or the one that came with the package there.
        other = (os.environ.get("RASP_BINARY", ""), *command(folder / "spec.json"))
        found = spark.range(0, blocks, 1, min(blocks, _TASKS)).mapInArrow(_finder(other, block), "number long, fingerprint binary")
        written = _kept(spark, found, block, blocks).mapInArrow(_writer(other), "left string")
        left: Counter[str] = Counter()
        for row in written.toLocalIterator() if blocks > _TASKS else written.collect():
            left.update(json.loads(row.left))
        return str(driver.ask({"card": left})["summary"])
    finally:
        driver.close()


def _kept(spark: SparkSession, found: DataFrame, block: int, blocks: int) -> DataFrame:
    """Of each block, the numbers of the candidates that do what none before does: block, keep."""
    from pyspark.sql import functions as F

    first = found.groupBy("fingerprint").agg(F.min("number").alias("number"))
    kept = first.select(F.expr(f"number div {block}").alias("block"), "number")
    each = spark.range(blocks).select(F.col("id").alias("block"), F.lit(None).cast("long").alias("number"))  # a block may keep none
    # The number of partitions is said, so that few bytes do not become few tasks: the work is elsewhere.
    return kept.unionByName(each).repartition(min(blocks, _TASKS), "block").groupBy("block").agg(F.sort_array(F.collect_list("number")).alias("keep"))


Batches = Iterator["pyarrow.RecordBatch"]


def _finder(command: Tuple[str, ...], size: int) -> Callable[[Batches], Batches]:
    """Blocks as the fingerprints of their candidates, without those that are none of the corpus."""

    def find(batches: Batches) -> Batches:
        import numpy as np
        import pyarrow as pa

        for batch in batches:
            for block in batch.column("id").to_pylist():
                found = base64.b64decode(_worker(command).ask({"find": block})["found"])
                records = np.frombuffer(found, np.uint8).reshape(-1, _FOUND)
                (places,) = np.nonzero(records[:, 0] == 0)
                fingerprints = pa.array([f.tobytes() for f in records[places, 1:]], pa.binary())
                yield pa.RecordBatch.from_arrays([pa.array(block * size + places, pa.int64()), fingerprints], ["number", "fingerprint"])

    return find


def _writer(command: Tuple[str, ...]) -> Callable[[Batches], Batches]:
    """Writes blocks; how many of its candidates were left out of each, as JSON."""

    def write(batches: Batches) -> Batches:
        import pyarrow as pa

        for batch in batches:
            for block, keep in zip(batch.column("block").to_pylist(), batch.column("keep").to_pylist()):
                done = _worker(command).ask({"write": block, "keep": keep})
                yield pa.RecordBatch.from_arrays([pa.array([json.dumps(done["left_out"])])], ["left"])

    return write


def main(arguments: Optional[List[str]] = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m rasp.spark", description="Does the work of rasp on a cluster of Spark.")
    commands = parser.add_subparsers(dest="command", required=True)
    make = commands.add_parser("corpus", help="what rasp corpus does, and the same bytes")
    make.add_argument("spec", metavar="SPEC", help="a file of JSON, as for rasp corpus")
    make.add_argument("-o", "--out", required=True, metavar="DIR", help="the folder to write, which all machines share")
    make.add_argument("--format", default="parquet", help="of the rows: parquet or jsonl")
    make.add_argument("--master", help="the cluster, such as spark://HOST:7077; default: as spark-submit or Spark's settings have it")
    given = parser.parse_args(arguments)
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        parser.exit(1, "python -m rasp.spark: pyspark is missing; pip install pyspark pyarrow pandas\n")
    builder = SparkSession.builder.appName("rasp corpus")
    if given.master:
        builder = builder.master(given.master)
    with builder.getOrCreate() as spark:
        try:
            print(f"{Path(given.out) / 'data'}: {corpus(spark, given.spec, given.out, given.format)}")
        except RaspError as wrong:
            parser.exit(1, f"python -m rasp.spark: {wrong}\n")


if __name__ == "__main__":
    from rasp import spark as importable  # what Spark sends to other machines is named by the module

    importable.main()
