"""What rasp.spark does without Spark: the process that does the work. spark_cluster.py has the rest."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
from pathlib import Path
from typing import Tuple

import pytest

import rasp
from rasp.spark import _worker


@pytest.fixture
def command(tmp_path: Path) -> Tuple[str, ...]:
    (tmp_path / "spec.json").write_text('{"candidates": 30, "block": 20}')
    return ("", "corpus", str(tmp_path / "spec.json"), "-o", str(tmp_path / "out"), "--format", "jsonl", "--worker")


def test_worker(command: Tuple[str, ...], tmp_path: Path) -> None:
    worker = _worker.worker(command)
    assert worker is _worker.worker(command)
    assert worker.size == {"candidates": 30, "block": 20, "blocks": 2}
    assert len(base64.b64decode(worker.ask({"find": 1})["found"])) == 10 * 17
    with pytest.raises(rasp.RaspError, match="there is no block 2: they are from 0 to 1"):
        worker.ask({"find": 2})
    assert sum(worker.ask({"write": 1, "keep": []})["left_out"].values()) == 10  # it goes on after a fault
    assert (tmp_path / "out" / "data" / "000001.jsonl").read_bytes() == b""
    worker.close()
    with pytest.raises(ValueError):
        worker.ask({"find": 0})
    again = _worker.worker(command)
    assert again is not worker and "found" in again.ask({"find": 0})
    again.close()


def test_worker_that_ends(command: Tuple[str, ...], tmp_path: Path) -> None:
    worker = _worker.worker(command)
    worker._child.kill()
    worker._child.wait()
    with pytest.raises(rasp.RaspError, match=r"has ended \(status -?\d+\)"):
        worker.ask({"find": 0})
    (tmp_path / "spec.json").write_text('{"candidates": 31}')
    with pytest.raises(rasp.RaspError, match="has ended"):  # the folder is of another specification
        _worker.worker(command)


def test_fault_of_a_task(command: Tuple[str, ...]) -> None:
    """Of an error that Spark has packed, what rasp said is left."""
    packed = "An exception was thrown:\n  File x, line 1\nrasp._errors.RaspError: rasp: nix.txt: no such file\n      = hint: look\n\n\tat org.apache.spark"
    with pytest.raises(rasp.RaspError) as wrong:
        with _worker.Worker((rasp.binary(), *command[1:])):
            raise ValueError(packed)
    assert str(wrong.value) == "rasp: nix.txt: no such file\n      = hint: look"
    with pytest.raises(ValueError, match="^other$"):
        with _worker.Worker((rasp.binary(), *command[1:])):
            raise ValueError("other")


def test_without_pyspark(tmp_path: Path) -> None:
    code = "import sys; sys.modules['pyspark'] = None; from rasp.spark.__main__ import main; main(['corpus', 'spec.json', '-o', 'out'])"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(Path(rasp.__file__).parent.parent)})
    assert done.returncode == 1 and done.stderr == "python -m rasp.spark: pyspark is missing; pip install pyspark pyarrow pandas\n"


def test_worker_of_another_command(command: Tuple[str, ...], tmp_path: Path) -> None:
    """A process of Spark has one process of rasp at a time."""
    (tmp_path / "a.txt").write_text("a b\n")
    first = _worker.worker(command)
    counting = ("", "ngram", "--split", "words", "--order", "1", "--worker")
    worker = _worker.worker(counting)
    assert first.ended() and not worker.ended()
    request = {"count": str(tmp_path / "a.txt"), "from": 0, "to": 4}
    assert list(worker.stream(request)) == [{"grams": ["</s>", "a", "b", "<s>"], "counts": [1, 1, 1, 1]}]
    with pytest.raises(rasp.RaspError, match="nix: no such file"):
        list(worker.stream({**request, "count": "nix"}))
    assert list(worker.stream(request))  # it goes on after a fault
    for _ in worker.stream(request):
        break
    assert worker.ended()  # what was not read is not taken for the next answer
    again = _worker.worker(counting)
    assert again is not worker
    again.close()
