"""How well a model predicts texts, many or long ones: ``rasp perplexity``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, Dict, List

from ._worker import Batches, Command, PathLike, Section, absolute, driver, elsewhere, tasks, worker

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_AT_ONCE = 1000  # results that are added up


def perplexity(spark: SparkSession, file: PathLike, texts: List[PathLike], *arguments: object) -> Dict[str, Any]:
    """What ``rasp perplexity FILE TEXTS ARGUMENTS --json`` says: ``perplexity(spark, "lm.arpa", files, "--sentences")``."""
    result: Dict[str, Any] = measured(spark, file, texts, *arguments)["measured"]
    return result


def measured(spark: SparkSession, file: PathLike, texts: List[PathLike], *arguments: object) -> Dict[str, Any]:
    """The result, the summary, which is what ``rasp perplexity`` prints, and a warning, if there is one."""
    command = ("perplexity", absolute(file), *arguments)
    with driver(*command) as asked:
        sections = asked.sections(texts)
        scored = tasks(spark, 0, len(sections)).mapInArrow(_scorer(elsewhere(*command), sections), "number long, result string").collect() if sections else []
        results = [row.result for row in sorted(scored, key=lambda row: int(row.number))]  # a section goes on with the one before it
        total: List[str] = []
        for begin in range(0, len(results), _AT_ONCE):
            total = [asked.ask({"sum": [*total, *results[begin : begin + _AT_ONCE]]})["result"]]
        return asked.ask({"report": {"texts": [str(t) for t in texts], **({"result": total[0]} if total else {})}})


def _scorer(command: Command, sections: List[Section]) -> Callable[[Batches], Batches]:
    """What each section amounts to."""

    def score(batches: Batches) -> Batches:
        import pyarrow as pa

        for batch in batches:
            for number in batch.column("id").to_pylist():
                file, begin, end = sections[number]
                result = worker(command).ask({"score": file, "from": begin, "to": end})["result"]
                yield pa.RecordBatch.from_arrays([pa.array([number]), pa.array([result])], ["number", "result"])

    return score
