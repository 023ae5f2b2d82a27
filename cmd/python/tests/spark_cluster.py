"""A cluster of Spark on this machine: rasp.spark gives the bytes of rasp, though executors are killed in the middle.

    python cmd/python/tests/spark_cluster.py [--candidates 1000] [--format jsonl] [--undisturbed]

It takes Java, pyspark, pyarrow, pandas, and the package rasp. A master and two workers of one core each are started on
127.0.0.1, and ended. It is no part of pytest: .ci/python runs it where pyspark is installed.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Dict, Iterator, List

import rasp

HOST = "127.0.0.1"


def missing() -> str:
    if not sys.platform.startswith("linux"):
        return "executors are looked for in /proc"
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        return "there is no java"
    return "".join(f"{name} is not installed; " for name in ("pyspark", "pyarrow", "pandas") if importlib.util.find_spec(name) is None)


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


def hashes(folder: Path) -> Dict[str, str]:
    return {str(f.relative_to(folder)): hashlib.sha256(f.read_bytes()).hexdigest() for f in sorted(folder.rglob("*")) if f.is_file()}


def run(job: subprocess.Popen[bytes], cluster: Cluster, out: Path, blocks: int, kill: bool) -> int:
    """Waits for a job, and kills an executor in the middle of each of its steps; the most memory that executors took."""
    steps, most = ["found/??????", "data/*"] if kill else [], 0
    while job.poll() is None:
        executors = cluster.executors()
        most = max([most, *(sum(resident(e)) for e in executors)])
        if steps and executors and len(list(out.glob(steps[0]))) > blocks // 3:
            os.kill(executors[0], signal.SIGKILL)
            print(f"killed executor {executors[0]} with {len(list(out.glob(steps[0])))} of {blocks} files {steps[0]}")
            steps.pop(0)
        time.sleep(0.1)
    assert not steps, f"the job was done before an executor was killed at {steps}"
    return most


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--candidates", type=int, default=1000)
    parser.add_argument("--format", default="jsonl")
    parser.add_argument("--undisturbed", action="store_true", help="kill no executor")
    given = parser.parse_args()
    if why := missing():
        print(f"the cluster is skipped: {why}")
        return
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended"))  # with what was started
    block = max(1, given.candidates // 40)
    blocks = -(-given.candidates // block)
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        spec = folder / "spec.json"
        spec.write_text(json.dumps({"candidates": given.candidates, "block": block}))
        start = time.monotonic()
        subprocess.run([rasp.binary(), "corpus", spec, "-o", folder / "one", "--format", given.format], check=True)
        print(f"rasp corpus: {time.monotonic() - start:.1f} s")
        want = hashes(folder / "one")

        environment = {**os.environ, "SPARK_LOCAL_IP": HOST, "PYSPARK_PYTHON": sys.executable, "PYTHONPATH": str(Path(rasp.__file__).parent.parent)}
        cluster = Cluster(stack, folder, environment)
        out, log = folder / "spark", folder / "job.log"
        arguments = ["-m", "rasp.spark", "corpus", str(spec), "-o", str(out), "--format", given.format, "--master", cluster.master]
        start = time.monotonic()
        with open(log, "wb") as to:
            job = subprocess.Popen([sys.executable, *arguments], env=environment, stderr=to)
            stack.callback(end, job)
            most = run(job, cluster, out, blocks, not given.undisturbed)
        said = log.read_text()
        assert job.returncode == 0, said
        assert ("Lost executor" in said) != given.undisturbed, said
        got = hashes(out)
        assert got == want, [f for f in {*got, *want} if got.get(f) != want.get(f)]
        print(f"Spark: {time.monotonic() - start:.1f} s, at most {most >> 20} MB an executor with all below it; the same {len(got)} files")


if __name__ == "__main__":
    main()
