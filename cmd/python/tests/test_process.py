"""The child process: interrupted, killed, forked."""

from __future__ import annotations

import gc
import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

import rasp
from rasp._process import Process, process

posix = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork and no signals of POSIX")


def interrupt(after: float) -> None:
    threading.Timer(after, lambda: os.kill(os.getpid(), signal.SIGINT)).start()


@posix
def test_interrupt_cancels(sort: rasp.Model) -> None:
    sort("a")
    before = process.generation
    with pytest.raises(KeyboardInterrupt):
        interrupt(0.3)
        rasp.sample("reverse", 5_000_000, length=18)
    assert sort("cab") == ["a", "b", "c"]
    assert process.generation == before, "a sample looks whether it is cancelled: the process stays"


@posix
def test_interrupt_cancels_a_compilation(sort: rasp.Model) -> None:
    sort("a")
    before = process.generation
    slow = "x = round(100 * aggregate(select(tokens_int, tokens_int, <=), tokens_int)) + round(100 * aggregate(select(indices, indices, <=), tokens_int));\n"
    with pytest.raises(KeyboardInterrupt):
        interrupt(0.3)
        for length in range(10, 200):  # until one takes long
            try:
                rasp.compile(slow, vocab="0..9", length=length)
            except rasp.RaspError:
                pass
    assert sort("cab") == ["a", "b", "c"]
    assert process.generation == before, "the process stays, with its models"


@posix
def test_interrupts_at_any_moment(sort: rasp.Model) -> None:
    """Wherever an interrupt comes, the next call gives its own answer, not that of another."""
    moments = random.Random(3)
    for _ in range(60):
        with pytest.raises(KeyboardInterrupt):
            interrupt(moments.random() * 0.003)
            while True:
                tokens = "".join(moments.choice("abc") for _ in range(moments.randint(1, 5)))
                assert sort(tokens) == sorted(tokens)
        assert sort("cab") == ["a", "b", "c"]


def test_process_that_dies_between_calls(sort: rasp.Model) -> None:
    assert sort("cab") == ["a", "b", "c"]
    child = process._child
    assert child is not None
    child.kill()
    child.wait()
    assert sort("cab") == ["a", "b", "c"]
    assert process._child is not child


def test_process_that_dies_in_a_call(sort: rasp.Model) -> None:
    sort("a")
    child = process._child
    assert child is not None
    threading.Timer(0.3, child.kill).start()
    with pytest.raises(rasp.RaspError, match="in the midst of a request"):
        rasp.sample("reverse", 5_000_000, length=18)
    assert sort("cab") == ["a", "b", "c"]


@posix
def test_fork(sort: rasp.Model) -> None:
    sort("a")
    child = os.fork()
    if child == 0:
        try:
            right = sort("cab") == ["a", "b", "c"] and rasp.compile("reverse")("ab") == ["b", "a"]
            process.stop()
            os._exit(0 if right else 3)
        finally:
            os._exit(4)
    assert sort("cab") == ["a", "b", "c"]
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert sort("ba") == ["a", "b"]


def test_files_are_those_of_the_folder(sort: rasp.Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sort("a")
    (tmp_path / "mine.rasp").write_text("x = tokens;\n")
    monkeypatch.chdir(tmp_path)
    assert rasp.compile("mine.rasp", vocab="ab", length=2)("ba") == ["b", "a"]
    assert rasp.interpret("mine.rasp", "ab") == ["a", "b"]
    assert rasp.command("run", "mine.rasp", "a") == 'x("a") = [a] (strings)\n'
    sort.save("sort.safetensors")
    assert (tmp_path / "sort.safetensors").exists() and sort("ba") == ["a", "b"]


def test_many_threads(sort: rasp.Model) -> None:
    wrong = []

    def work(n: int) -> None:
        for i in range(100):
            tokens = "abc"[(n + i) % 3] + "abc"[i % 3]
            if sort(tokens) != sorted(tokens):
                wrong.append(tokens)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert wrong == []


def test_models_that_are_not_needed_go() -> None:
    kept = [rasp.compile("x = tokens;\n", vocab="ab", length=n) for n in range(1, 4)]
    handles = [m._handle for m in kept]
    del kept
    gc.collect()
    rasp.programs()
    for handle in handles:
        with pytest.raises(Exception) as e:
            process.call("run", {"model": handle, "inputs": []})
        assert type(e.value).__name__ == "NoModel"


def test_more_models_than_are_kept() -> None:
    many = [rasp.compile("x = tokens;\n", vocab="ab", length=3) for _ in range(70)]
    assert all(m("ab") == ["a", "b"] for m in many)


@posix
def test_process_ends_with_its_parent() -> None:
    text = (
        "import rasp, os, signal\nfrom rasp._process import process\nrasp.programs()\n"
        "print(process._child.pid, flush=True)\nos.kill(os.getpid(), signal.SIGKILL)\n"
    )
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    said = subprocess.run([sys.executable, "-c", text], stdout=subprocess.PIPE, env=env, text=True)
    child = int(said.stdout)
    for _ in range(1000):
        try:
            os.kill(child, 0)
            if open(f"/proc/{child}/stat").read().split()[2] == "Z":
                return  # it has ended, and nobody asked how
        except (ProcessLookupError, FileNotFoundError):
            return
        time.sleep(0.02)
    pytest.fail("it goes on without its parent")


def test_program_that_cannot_be_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RASP_BINARY", "/nowhere/rasp")
    with pytest.raises(rasp.RaspError, match="RASP_BINARY"):
        Process().call("version", {})
