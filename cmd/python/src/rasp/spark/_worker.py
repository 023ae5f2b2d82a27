"""Processes of ``rasp COMMAND --worker``, and how Spark gets work to them."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any, Dict, Iterator, List, Optional, Tuple, Union

from .._binary import binary
from .._errors import RaspError, error

if TYPE_CHECKING:
    import pyarrow
    from pyspark.sql import DataFrame, SparkSession

PathLike = Union[str, "os.PathLike[str]"]
Batches = Iterator["pyarrow.RecordBatch"]
Command = Tuple[str, ...]
Section = Tuple[str, int, int]  # the lines of a file that begin from one byte to before another

TASKS = 10_000  # of a stage, at most


class Worker:
    """A process that answers lines of JSON. ``size`` is its first line: how much there is to do."""

    def __init__(self, command: Command) -> None:
        self._name = command[1]
        self._child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8")
        self.size = self._answer()

    def ask(self, request: Dict[str, Any]) -> Dict[str, Any]:
        self._send(request)
        return self._answer()

    def sections(self, texts: List[PathLike]) -> List[Section]:
        """How these files are cut, in their order."""
        return [(file, *part) for file in map(absolute, texts) for part in self.ask({"sections": file})["sections"]]

    def stream(self, request: Dict[str, Any]) -> Iterator[Dict[str, Any]]:
        """The answers to a request that has several, up to the one that says that it is done."""
        self._send(request)
        try:
            while "done" not in (answer := self._answer()):
                yield answer
        except GeneratorExit:  # what is not read would be taken for the answer to the next request
            self.end()
            raise

    def _send(self, request: Dict[str, Any]) -> None:
        assert self._child.stdin is not None
        try:
            print(json.dumps(request), file=self._child.stdin, flush=True)
        except BrokenPipeError:
            pass  # why it ended is told below

    def _answer(self) -> Dict[str, Any]:
        assert self._child.stdout is not None
        line = self._child.stdout.readline()
        if not line.endswith("\n"):
            raise RaspError(f"rasp {self._name} --worker has ended (status {self._child.wait()}); what it said is on stderr")
        answer: Dict[str, Any] = json.loads(line)
        if "error" in answer:
            data = answer["error"].get("data", {})
            raise error(data.get("faults", []), data.get("text", ""), answer["error"]["message"], data.get("hint", ""))
        return answer

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, kind: object, wrong: Optional[BaseException], trace: object) -> None:
        self.close()
        # What is wrong in a task comes as an error of Spark's, with the lines of all that was on the way.
        found = None if isinstance(wrong, RaspError) else re.search(r"\bRaspError: (.*?)(?:\n\n|\n\s+at |$)", str(wrong), re.S)
        if found:
            raise RaspError(found[1]) from None

    def ended(self) -> bool:
        return self._child.poll() is not None

    def end(self) -> None:
        self._child.kill()
        self._child.communicate()

    def close(self) -> None:
        self._child.communicate()


def driver(*arguments: object) -> Worker:
    """The process of the one who asks for it all."""
    return Worker((binary(), *map(str, arguments), "--worker"))


def elsewhere(*arguments: object) -> Command:
    """The command on other machines: the program that was named here, or the one that came with the package there."""
    return (os.environ.get("RASP_BINARY", ""), *map(str, arguments), "--worker")


_workers: Dict[Command, Worker] = {}


def worker(command: Command) -> Worker:
    """The process of this process of Spark, which does many tasks, as long as they are of one command."""
    if command not in _workers or _workers[command].ended():
        for other in _workers.values():
            if not other.ended():
                other.close()
        _workers.clear()
        program, *arguments = command
        _workers[command] = Worker((program or binary(), *arguments))
    return _workers[command]


def tasks(spark: SparkSession, begin: int, end: int) -> DataFrame:
    """The numbers from begin, to before end, as the column id: a task each, or several where there are very many."""
    return spark.range(begin, end, 1, min(end - begin, TASKS))


def absolute(path: PathLike) -> str:
    """A file for other machines; the name of a ready-made program stays."""
    return str(Path(path).resolve()) if Path(path).is_file() else str(path)
