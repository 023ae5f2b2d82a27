"""A standalone cluster of Spark on this machine, and what its processes do."""

from __future__ import annotations

import importlib.util
import os
import socket
import subprocess
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Dict, Iterator, List

HOST = "127.0.0.1"


class Cluster:
    """A standalone master and two workers."""

    def __init__(self, stack: ExitStack, folder: Path, environment: Dict[str, str]) -> None:
        home = Path(importlib.util.find_spec("pyspark").origin).parent  # type: ignore[union-attr, arg-type]
        with socket.socket() as s:
            s.bind((HOST, 0))
            port = s.getsockname()[1]
        self.master = f"spark://{HOST}:{port}"

        def start(kind: str, *arguments: str) -> subprocess.Popen[bytes]:
            log = stack.enter_context(open(folder / f"{kind}.log", "ab"))
            name = f"org.apache.spark.deploy.{kind}.{kind.capitalize()}"
            child = subprocess.Popen([home / "bin" / "spark-class", name, *arguments], env=environment, stdout=log, stderr=log, cwd=folder)
            stack.callback(end, child)
            return child

        master = start("master", "--host", HOST, "--port", str(port), "--webui-port", "0")
        while not listens(port):
            assert master.poll() is None, (folder / "master.log").read_text()
            time.sleep(0.2)
        size = ["--cores", "1", "--memory", "1g", "--webui-port", "0"]
        self.workers = [start("worker", "--host", HOST, *size, "-d", str(folder / f"work{i}"), self.master) for i in range(2)]

    def executors(self) -> List[int]:
        return [child for w in self.workers for child in children(w.pid) if b"CoarseGrainedExecutorBackend" in command(child)]


def end(child: subprocess.Popen[bytes]) -> None:
    child.terminate()  # a worker ends its executors, these end their Python, and that ends rasp
    try:
        child.wait(20)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def listens(port: int) -> bool:
    with socket.socket() as s:
        return s.connect_ex((HOST, port)) == 0


def used(pid: int) -> float:
    """Seconds of processors of the processes of rasp that work below a process and have not ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
        own = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK") if command(pid).rstrip(b"\0").endswith(b"--worker") else 0.0
        return own + sum(used(child) for child in list(children(pid)))
    except (OSError, IndexError):  # it has ended
        return 0.0


def children(pid: int) -> Iterator[int]:
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        yield from map(int, task.read_text().split())


def command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:  # it has ended
        return b""


def resident(pid: int) -> Iterator[int]:
    """Bytes of memory of a process and of all below it."""
    try:
        yield int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        for child in list(children(pid)):
            yield from resident(child)
    except OSError:
        pass
