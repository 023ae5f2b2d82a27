"""A cluster of Spark on this machine: rasp.spark gives what rasp gives, though executors are killed in the middle.

    python cmd/python/tests/spark_cluster.py [JOB ...] [--size 1] [--format jsonl] [--undisturbed]

It takes Java, pyspark, pyarrow, pandas, and the package rasp. A master and two workers of one core each are started on
127.0.0.1, and ended. It is no part of pytest: .ci/python runs it where Java is.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import importlib.util
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Callable, Dict, List, Optional, Tuple

from spark_standalone import HOST, Cluster, end, resident, used

import rasp


def missing() -> str:
    if not sys.platform.startswith("linux"):
        return "executors are looked for in /proc"
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        return "there is no java"
    return "".join(f"{name} is not installed; " for name in ("pyspark", "pyarrow", "pandas") if importlib.util.find_spec(name) is None)


def hashes(folder: Path) -> Dict[str, str]:
    return {str(f.relative_to(folder)): hashlib.sha256(f.read_bytes()).hexdigest() for f in sorted(folder.rglob("*")) if f.is_file()}


class Machine:
    """What is done on one machine, and then on the cluster."""

    def __init__(self, folder: Path, cluster: Cluster, environment: Dict[str, str], undisturbed: bool) -> None:
        self.folder, self._cluster, self._environment, self._undisturbed = folder, cluster, environment, undisturbed
        self._cpu = 0.0
        self.said = ""  # on stderr, by the last job of the cluster

    def rasp(self, *arguments: object, status: int = 0) -> str:
        """One machine; what it prints."""
        start, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run([rasp.binary(), *map(str, arguments)], cwd=self.folder, stdout=subprocess.PIPE, text=True)
        assert done.returncode == status, done
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        self._cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        print(f"rasp {arguments[0]}: {time.monotonic() - start:.1f} s, {self._cpu:.1f} s of processors")
        return done.stdout

    def spark(self, *arguments: object, status: int = 0, steps: Optional[List[Callable[[], bool]]] = None) -> str:
        """The cluster; what it prints. An executor is killed at each of the steps, by themselves when it has done a sixth of the work."""
        killed, most, start = 0, 0, time.monotonic()
        log = self.folder / "job.log"
        with ExitStack() as stack:
            to = stack.enter_context(open(log, "w+b"))
            command = [sys.executable, "-m", "rasp.spark", arguments[0], "--master", self._cluster.master, *map(str, arguments[1:])]
            job = subprocess.Popen(command, cwd=self.folder, env=self._environment, stdout=subprocess.PIPE, stderr=to, text=True)
            stack.callback(end, job)
            if steps is None:
                steps = [lambda: any(used(e) > self._cpu / 6 for e in self._cluster.executors())]
            if self._undisturbed or status:  # a job that fails ends too soon
                steps = []
            while job.poll() is None:
                executors = self._cluster.executors()
                most = max([most, *(sum(resident(e)) for e in executors)])
                if killed < len(steps) and executors and steps[killed]():
                    victim = max(executors, key=used)
                    os.kill(victim, signal.SIGKILL)
                    print(f"killed executor {victim} after {time.monotonic() - start:.0f} s, {used(victim):.1f} s of processors in rasp")
                    killed += 1
                time.sleep(0.05)
            self.said = said = log.read_text()
            assert job.returncode == status, said
            assert killed == len(steps), f"the job was done before an executor was killed a {killed + 1}. time"
            assert ("Lost executor" in said) == bool(steps), said
            assert job.stdout is not None
            printed = job.stdout.read()
        print(f"Spark: {time.monotonic() - start:.1f} s, at most {most >> 20} MB an executor with all below it")
        return printed


def corpus(m: Machine, size: float, format: str) -> None:
    candidates = int(1000 * size)
    block = max(1, candidates // 40)
    (m.folder / "spec.json").write_text(json.dumps({"candidates": candidates, "block": block}))
    m.rasp("corpus", "spec.json", "-o", "one", "--format", format)

    def after(pattern: str) -> Callable[[], bool]:
        return lambda: len(list((m.folder / "many").glob(pattern))) > candidates / block / 3

    m.spark("corpus", "spec.json", "-o", "many", "--format", format, steps=[after("found/??????"), after("data/*")])
    same(m, "one", "many")


def rows(m: Machine, size: float, format: str) -> None:
    """As many rows as are asked for, where many models are left out: the same ones, in several rounds."""
    spec = {"rows": int(100 * size), "block": max(1, int(10 * size)), "parameters": 1000}
    (m.folder / "spec.json").write_text(json.dumps(spec))
    want = m.rasp("corpus", "spec.json", "-o", "one", "--format", format)
    got = m.spark("corpus", "spec.json", "-o", "many", "--format", format, steps=[lambda: len(list((m.folder / "many").glob("data/*"))) > 3])
    assert got.split(":", 1)[1] == want.split(":", 1)[1] and f" {spec['rows']} programs of" in want, (got, want)
    for name in "one", "many":  # of blocks that no row came from more may have been found
        shutil.rmtree(m.folder / name / "found")
    same(m, "one", "many")


def same(m: Machine, one: str, many: str) -> None:
    want, got = hashes(m.folder / one), hashes(m.folder / many)
    assert got == want, [f for f in {*got, *want} if got.get(f) != want.get(f)]
    print(f"the same {len(got)} files")


def verify(m: Machine, size: float, format: str) -> None:
    length = 18 + round(size) - 1
    flags = ("sort", "--vocab", "ab", "--length", length, "--exhaustive")
    want = m.rasp("verify", *flags)
    got = m.spark("verify", flags[0], "--", *flags[1:])
    assert got == want, (got, want)
    print(got, end="")
    # A model that is wrong: the same counterexample, whatever the ranges.
    m.rasp("compile", *flags[:5], "-o", "sort.safetensors")
    m.rasp("disguise", "sort.safetensors", "-o", "wrong.safetensors", "--level", 4, "--uncertified")
    want = m.rasp("verify", "wrong.safetensors", "--exhaustive", status=1)
    got = m.spark("verify", "wrong.safetensors", "--", "--exhaustive", status=1)
    assert got == want and "differs at position" in got, (got, want)


def texts(m: Machine, size: float) -> Tuple[List[str], str]:
    """Files of sentences, some of them packed, one of several sections; and all of it in one."""
    r, names = random.Random(1), []
    words = [f"w{i:x}" for i in range(20_000)]
    weights = [1 / (i + 1) for i in range(len(words))]
    with open(m.folder / "all.txt", "w") as whole:
        for i in range(6):
            tokens = r.choices(words, weights, k=int((100_000 if i else 2_000_000) * size))
            lines, at = [], 0
            while at < len(tokens):
                n = r.randrange(30)
                lines.append(" ".join(tokens[at : at + n]) + (" \u00a0x\r\n" if r.random() < 0.01 else "\n"))
                at += n
            text = "".join(lines)
            whole.write(text)
            names.append(f"text{i}.txt" + (".gz" if i % 2 else ""))
            (m.folder / names[-1]).write_bytes(gzip.compress(text.encode()) if i % 2 else text.encode())
    return names, "all.txt"


def ngram(m: Machine, size: float, format: str) -> None:
    names, whole = texts(m, size)
    for cut in (), ("--vocab-size", 5000, "--min-count", 20):
        flags = ("--order", 2, "--split", "words")
        m.rasp("ngram", whole, *flags, *cut, "-o", "one.arpa", "--write-counts", "one")
        print(m.spark("ngram", *names, "-o", "many", *cut, "--", *flags), end="")
        want, got = ((m.folder / name).read_bytes().splitlines() for name in ("one", "many"))
        assert sorted(want) == sorted(got)
        m.rasp("ngram", "--counts", "many", "--split", "words", "-o", "many.arpa")
        assert (m.folder / "one.arpa").read_bytes() == (m.folder / "many.arpa").read_bytes()
        print("the same counts, and the same ARPA file")


def perplexity(m: Machine, size: float, format: str) -> None:
    names, _ = texts(m, size)
    m.rasp("ngram", names[2], "--split", "words", "--order", 3, "-o", "lm.arpa")
    want = m.rasp("perplexity", "lm.arpa", *names, "--sentences", "--json")
    got = m.spark("perplexity", "lm.arpa", *names, "--json", "--", "--sentences")
    assert json.loads(got) == json.loads(want), (got, want)  # digit for digit
    print(got, end="")
    m.spark("perplexity", "lm.arpa", names[0], "missing.txt", "--", "--sentences", status=1)
    assert m.said.splitlines()[-1] == "python -m rasp.spark: rasp: missing.txt: no such file or directory", m.said


def suite(m: Machine, size: float, format: str) -> None:
    flags = ("--lengths", "6,8", "--levels", "1,4", "--robust", "--random", int(12 * size), "--inputs", 100)
    m.rasp("suite", "sort", "reverse", "histogram", "-o", "one", *flags)
    print(m.spark("suite", "sort", "reverse", "histogram", "-o", "many", "--", *flags), end="")
    same(m, "one", "many")


JOBS = {job.__name__: job for job in (corpus, rows, verify, ngram, perplexity, suite)}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("job", nargs="*", default=list(JOBS), help=f"of {', '.join(JOBS)}; default: all")
    parser.add_argument("--size", type=float, default=1, help="how much there is to do")
    parser.add_argument("--format", default="jsonl", help="of the rows of the corpus")
    parser.add_argument("--undisturbed", action="store_true", help="kill no executor")
    given = parser.parse_args()
    if why := missing():
        print(f"the cluster is skipped: {why}")
        return
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended"))  # with what was started
    environment = {**os.environ, "SPARK_LOCAL_IP": HOST, "PYSPARK_PYTHON": sys.executable, "PYTHONPATH": str(Path(rasp.__file__).parent.parent)}
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        cluster = Cluster(stack, Path(name), environment)
        for job in given.job:
            print(f"\n{job}")
            folder = Path(name) / job
            folder.mkdir()
            JOBS[job](Machine(folder, cluster, environment, given.undisturbed), given.size, given.format)


if __name__ == "__main__":
    main()
