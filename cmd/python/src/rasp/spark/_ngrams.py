"""Counts of n-grams: what ``rasp ngram --write-counts`` writes, of texts that fit no machine."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Callable, Iterator, List, Optional
from uuid import uuid4

from .._errors import RaspError
from ._worker import Batches, Command, PathLike, Section, driver, elsewhere, tasks, worker

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession


def count_ngrams(
    spark: SparkSession, texts: List[PathLike], out: PathLike, *arguments: object, min_count: int = 1, vocab_size: Optional[int] = None
) -> int:
    """Counts the n-grams of ``texts`` in the file ``out``, which ``rasp ngram --counts`` reads; how many they are.

    A line is a sentence, so a line of a file ends with it. ``arguments`` are those of ``rasp ngram``: ``"--order", 3,
    "--split", "words", "--skip-symbols"``. Tokens that occur less than ``min_count`` times, and all but the ``vocab_size``
    most frequent, are counted as ``<unk>``. The file is in the order of its bytes.
    """
    to = Path(out).resolve()
    parts = to.with_name(to.name + ".parts")
    command = ("ngram", *arguments)
    with driver(*command) as asked, _made(parts):
        sections = asked.sections(texts)
        if not sections:
            raise RaspError("there is no text")
        vocabulary = ""
        if min_count > 1 or vocab_size is not None:
            vocabulary = str(parts / "vocabulary")
            names = _frequent(_counted(spark, elsewhere(*command, "--order", 1), sections, ""), min_count, vocab_size)
            if not _write(names, parts, Path(vocabulary)):
                raise RaspError(f"no token occurs {min_count} times")
        return _write(_counted(spark, elsewhere(*command), sections, vocabulary).orderBy("gram"), parts, to)


@contextmanager
def _made(folder: Path) -> Iterator[None]:
    """A folder for the time being, which all machines see."""
    folder.mkdir(exist_ok=True)
    try:
        yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _counted(spark: SparkSession, command: Command, sections: List[Section], vocabulary: str) -> DataFrame:
    """How often each n-gram occurs: gram, times."""
    from pyspark.sql import functions as F

    found = tasks(spark, 0, len(sections)).mapInArrow(_counter(command, sections, vocabulary), "gram string, times long")
    return found.groupBy("gram").agg(F.sum("times").alias("times"))


def _frequent(counts: DataFrame, min_count: int, vocab_size: Optional[int]) -> DataFrame:
    """The tokens that are frequent enough, equally frequent ones in the order of code points, which is that of bytes."""
    from pyspark.sql import functions as F

    names = counts.where(~F.col("gram").isin("<s>", "</s>", "<unk>") & (F.col("times") >= min_count))
    return names if vocab_size is None else names.orderBy(F.desc("times"), "gram").limit(vocab_size)


def _counter(command: Command, sections: List[Section], vocabulary: str) -> Callable[[Batches], Batches]:
    """Counts sections; an n-gram may come several times."""

    def count(batches: Batches) -> Batches:
        import pyarrow as pa

        for batch in batches:
            for number in batch.column("id").to_pylist():
                file, begin, end = sections[number]
                for some in worker(command).stream({"count": file, "from": begin, "to": end, "vocabulary": vocabulary}):
                    yield pa.RecordBatch.from_arrays([pa.array(some["grams"], pa.string()), pa.array(some["counts"], pa.int64())], ["gram", "times"])

    return count


def _write(counts: DataFrame, parts: Path, to: Path) -> int:
    """Writes lines, each partition a file, which then become one; how many they are."""
    written = sorted(counts.mapInArrow(_writer(str(parts)), "partition int, part string, lines long").collect())
    unfinished = to.with_name(f".{to.name}.{uuid4().hex}")
    try:
        with open(unfinished, "wb") as whole:
            for _, part, _ in written:
                with open(part, "rb") as f:
                    shutil.copyfileobj(f, whole, 1 << 20)
                os.remove(part)
            whole.flush()
            os.fsync(whole.fileno())
        unfinished.replace(to)
    finally:
        unfinished.unlink(missing_ok=True)
    return sum(lines for _, _, lines in written)


def _writer(folder: str) -> Callable[[Batches], Batches]:
    """Writes a partition to a file of its own: two that write the same do not meet."""

    def write(batches: Batches) -> Batches:
        import pyarrow as pa
        from pyspark import TaskContext

        context = TaskContext.get()
        assert context is not None
        partition, lines = context.partitionId(), 0
        part = Path(folder) / uuid4().hex
        with open(part, "w", encoding="utf-8", newline="\n") as f:
            for batch in batches:
                f.writelines(f"{gram}\t{times}\n" for gram, times in zip(batch.column("gram").to_pylist(), batch.column("times").to_pylist()))
                lines += batch.num_rows
        yield pa.RecordBatch.from_arrays([pa.array([partition], pa.int32()), pa.array([str(part)]), pa.array([lines])], ["partition", "part", "lines"])

    return write
