"""Print how fast rasp's kernels are on this machine beside the best libraries: products
of matrices beside OpenBLAS, MKL and oneDNN, attention beside PyTorch's fused one, and a
model of GPT-2's size beside PyTorch and, if it is installed, llama.cpp in float32.

    pip install scipy-openblas64 mkl onednn torch
    pip install llama-cpp-python gguf       # compiles llama.cpp; can be left out
    python runtime/bench/rivals/table.py
    python runtime/bench/rivals/table.py --threads 2
    python runtime/bench/rivals/table.py --avx2

Each is a process of its own with one thread, and they take turns, so that what else the
machine does meets all alike. What counts is the CPU time of the thread. A rate is the
median of the turns; a ratio is that to the rival whose median is best, the median of
those of the turns, with the range that holds eight of ten. The last column has the ratio
of the fastest turns, ours to that of the fastest rival: on a busy machine the nearest to
what an idle one would show. Linux, Go and a C compiler are needed.

With more threads the time that passes counts, so that on a busy machine the last column
alone says something; attention, whose heads are split among threads by the runtime, is
left out. With --avx2 all take the kernels for CPUs without AVX-512.
"""

import argparse
import glob
import importlib.util
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time

OURS = ("rasp", "before")
INSTALL = "pip install scipy-openblas64 mkl onednn torch"
HERE = os.path.dirname(os.path.abspath(__file__))

SQUARES = [16, 24, 32, 33, 48, 64, 96, 128, 256, 384, 512, 768, 1024, 2048, 4096]
PRODUCTS = (
    [(n, n, n) for n in SQUARES]
    + [(rows, 1024, 1024) for rows in (1, 2, 4, 8, 16, 32)]
    + [(1024, 16, 1024), (2048, 16, 64), (2048, 64, 16), (1024, 1, 1024)]
    + [(17, 40, 120), (17, 120, 40), (64, 40, 300), (1024, 40, 120), (1024, 120, 40)]
)
ATTENTION = [
    (dims, length, heads, causal)
    for length in (64, 256, 1024, 4096, 16384)
    for dims in (16, 64, 128)
    for heads in (1, 8)
    for causal in (0, 1)
    if heads == 1 or length <= 1024
]
CHUNKS = [
    (dims, queries, length, heads)
    for length in (1024, 4096)
    for dims in (64, 128)
    for queries, heads in ((1, 8), (8, 8), (64, 8), (512, 1))
]
GPT2 = (768, 12, 12, 50257)
MODELS = [("prefill", 128), ("prefill", 1024), ("decode", 128), ("decode", 1016)]


# The threads of some libraries go on asking for work after a product, and hold the cores of
# whoever has the next turn, those of MKL for 200 ms.
REST = 0.3


class Contestant:
    """A process that answers lines with seconds, with variables of its environment."""

    def __init__(self, variables, name, *command):
        self.name = name
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ | variables)
        self.rest = REST if variables.get("GOMAXPROCS", "1") != "1" else 0
        self.description = self.line()

    def line(self):
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"{self.name} ended with status {self.process.wait()}")
        return line.strip()

    def seconds(self, case):
        time.sleep(self.rest)
        print(case, file=self.process.stdin, flush=True)
        return float(self.line())


AVX2 = {
    "GODEBUG": "cpu.avx512f=off",
    "OPENBLAS_CORETYPE": "Haswell",
    "MKL_ENABLE_INSTRUCTIONS": "AVX2",
    "ONEDNN_MAX_CPU_ISA": "AVX2",
    "ATEN_CPU_CAPABILITY": "avx2",
}


def variables(threads, avx2):
    """What tells every contestant its number of threads and, if so, to do without AVX-512."""
    numbers = {v: str(threads) for v in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS", "GOMAXPROCS")}
    return numbers | (AVX2 if avx2 else {})


def built(folder, ours):
    """The programs that are compiled: ours, unless it is given, and the one that calls a BLAS library."""
    products = os.path.join(folder, "products")
    subprocess.run([os.environ.get("CC", "cc"), "-O2", os.path.join(HERE, "products.c"), "-ldl", "-o", products], check=True)
    if not ours:
        ours = os.path.join(folder, "ours")
        subprocess.run(["go", "build", "-o", ours, "./ours"], cwd=HERE, check=True)
    return ours, products


def library(pattern):
    """A shared library that pip installed."""
    for folder in sys.path + [os.path.join(sys.prefix, "lib")]:
        if found := sorted(glob.glob(os.path.join(folder, pattern))):
            return found[0]
    sys.exit(f"{os.path.basename(pattern)} was not found: {INSTALL}")


def beside(variables, path):
    """The variables for one whose libraries lie in the same folder, where the system would not look."""
    return variables | {"LD_LIBRARY_PATH": os.path.dirname(path)}


def cpu():
    """What the system calls the processor."""
    fields = {}
    with open("/proc/cpuinfo") as file:
        for line in file:
            key, _, value = line.partition(":")
            fields.setdefault(key.strip(), value.strip())
    caches = []
    for index in sorted(glob.glob("/sys/devices/system/cpu/cpu0/cache/index*")):
        level, kind, size = (open(os.path.join(index, name)).read().strip() for name in ("level", "type", "size"))
        if kind != "Instruction":
            caches.append(f"L{level} {size}")
    name = fields.get("model name", platform.processor())
    return f"{name}, family {fields.get('cpu family')}, model {fields.get('model')}, {', '.join(caches)}"


def race(contestants, case, turns):
    """The seconds of each contestant, turn by turn.

    Each turn begins with the next one, since what caches hold depends on whose turn was before.
    """
    times = []
    for turn in range(turns):
        at = turn % len(contestants)
        taken = {c: c.seconds(case) for c in contestants[at:] + contestants[:at]}
        times.append([taken[c] for c in contestants])
    return times


def row(label, contestants, times, work):
    """A line of the table: rates, then our ratio to the best rival."""
    medians = [statistics.median(t[i] for t in times) for i in range(len(contestants))]
    rivals = [i for i, c in enumerate(contestants) if c.name not in OURS]
    best = min(rivals, key=lambda i: medians[i])
    ratios = sorted(t[best] / t[0] for t in times)
    tenth = len(ratios) // 10
    rates = " | ".join(f"{work / m / 1e9:.1f}" for m in medians)
    fastest = min(t[i] for t in times for i in rivals) / min(t[0] for t in times)
    print(f"| {label} | {rates} | {statistics.median(ratios):.2f} | {ratios[tenth]:.2f} to {ratios[-1 - tenth]:.2f} | {fastest:.2f} |", flush=True)


def head(kind, contestants):
    print(f"| {kind}, GFLOP/s | {' | '.join(c.name for c in contestants)} | ratio to the best | eight of ten | fastest |")
    print("|---|" + "---:|" * (len(contestants) + 3))


def repeats(work):
    """How often to do so many operations in a turn, to take some milliseconds."""
    return max(1, round(2e8 / work))


def turns(work, most):
    """Few turns where one takes seconds."""
    return most if work < 1e10 else 5


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--turns", type=int, default=15)
    parser.add_argument("--only", default="", help="cases whose label contains this")
    parser.add_argument("--ours", default="", help="the program of ./ours, if it is built already")
    parser.add_argument("--against", default="", help="another one, such as of the version before")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--avx2", action="store_true", help="kernels for CPUs without AVX-512")
    arguments = parser.parse_args()
    told = variables(arguments.threads, arguments.avx2)
    if not importlib.util.find_spec("torch"):
        sys.exit(f"PyTorch was not found: {INSTALL}")
    with tempfile.TemporaryDirectory() as folder:
        ours, products = built(folder, arguments.ours)
        ours = [Contestant(told, "rasp", ours)]
        if arguments.against:
            ours.append(Contestant(told, "before", arguments.against))
        blas = ours + [
            Contestant(told, "OpenBLAS", products, "openblas", library("scipy_openblas64/lib/libscipy_openblas64_.so")),
            Contestant(told, "MKL", products, "mkl", library("libmkl_rt.so*")),
            Contestant(beside(told, library("libdnnl.so*")), "oneDNN", products, "onednn", library("libdnnl.so*")),
        ]
        models = ours + [Contestant(told, "PyTorch", sys.executable, os.path.join(HERE, "model.py"))]
        if importlib.util.find_spec("llama_cpp") and importlib.util.find_spec("gguf"):
            models.append(Contestant(told, "llama.cpp", sys.executable, os.path.join(HERE, "llama.py")))
        else:
            print("llama.cpp is left out: pip install llama-cpp-python gguf")
        fused = ours + [Contestant(told, "PyTorch", sys.executable, os.path.join(HERE, "attention.py"))]
    print(f"{cpu()}; threads {arguments.threads}; load {os.getloadavg()[0]:.1f}\n")
    for c in dict.fromkeys(blas + fused + models[len(ours) + 1 :]):
        print(f"- {c.name}: {c.description}")
    print()

    head("product m x n x k", blas)
    for m, n, k in PRODUCTS:
        label, work = f"{m} x {n} x {k}", 2 * m * n * k
        if arguments.only in label:
            row(label, blas, race(blas, f"product {m} {n} {k} {repeats(work)}", turns(work, arguments.turns)), work)
    if arguments.threads > 1:
        return
    print()
    head("attention", fused)
    for dims, length, heads, causal in ATTENTION:
        pairs = length * (length + 1) // 2 if causal else length * length
        work = 4 * dims * heads * pairs
        label = f"{length} tokens, {dims} dims, {heads} {'head' if heads == 1 else 'heads'}{', causal' if causal else ''}"
        if arguments.only in label:
            row(label, fused, race(fused, f"attention {dims} {length} {heads} {causal} {repeats(work)}", turns(work, arguments.turns)), work)
    for dims, queries, length, heads in CHUNKS:
        work = 4 * dims * heads * sum(length - i for i in range(queries))
        label = f"last {queries} of {length} tokens, {dims} dims, {heads} {'head' if heads == 1 else 'heads'}, causal"
        if arguments.only in label:
            row(label, fused, race(fused, f"chunk {dims} {queries} {length} {heads} {repeats(work)}", turns(work, arguments.turns)), work)
    print()
    head("GPT-2's size", models)
    for kind, length in MODELS:
        work = operations(length + 1 if kind == "prefill" else 1, length + 1 if kind == "decode" else 0)
        label = f"{kind}, {length} tokens"
        if arguments.only in label:
            case = f"{kind} {' '.join(map(str, GPT2))} {length} {1 if kind == 'prefill' else 8}"
            row(label, models, race(models, case, 5), work)


def operations(positions, past):
    """Those of a forward pass of GPT-2's size, with logits at the last of the positions."""
    dims, layers, _, vocab = GPT2
    pairs = sum(past + i + 1 for i in range(positions))
    return layers * (24 * dims * dims * positions + 4 * dims * pairs) + 2 * dims * vocab


if __name__ == "__main__":
    main()
