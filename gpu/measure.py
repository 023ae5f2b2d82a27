"""Print the measurements of `rasp bench --device cuda` beside PyTorch's, as Markdown.

gpu/measure.sh calls it. Both sides take the shortest of many repetitions, in float32
without TF32, on the same machine in the same minute: kernels timed by events of the
device, a compiled model by the clock, with the copies to the device and back.

Each part has a time by which it ends, and one that fails says so where its table would
be and leaves the others alone; rows that were there by then are printed. The exit
status is 1 if a part failed. With --simulated no GPU is asked for: the driver of
gpu/gputest runs the kernels, PyTorch the CPU, and the figures mean nothing.
"""

import argparse
import contextlib
import json
import os
import struct
import subprocess
import sys
import threading
import time

try:
    import torch
    import torch.nn.functional as F

    torch.backends.cuda.matmul.allow_tf32 = False
    torch.backends.cudnn.allow_tf32 = False
except ImportError:
    torch = None

DEVICE = "cuda"


class Part:
    """A part of the measurements, which ends in time."""

    def __init__(self, rasp, seconds, each):
        self.rasp, self.end, self.each = rasp, time.monotonic() + seconds, each
        self.failures = []

    def left(self):
        """The seconds that are left."""
        return self.end - time.monotonic()

    def bench(self, *arguments, cores=None):
        """The JSON objects that rasp bench prints, as they come; on so many cores of the CPU."""
        command = [self.rasp, "bench", *arguments, "--device", "cuda", "--json", "--seconds", str(self.each)]
        limit = None
        if cores:
            limit = lambda: os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:cores])
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, preexec_fn=limit) as process:
            timer = threading.Timer(max(self.left(), 0), process.kill)
            timer.start()
            try:
                for line in process.stdout:
                    yield json.loads(line)
            finally:
                late = not timer.is_alive()
                timer.cancel()
        if process.returncode:
            self.failures.append(f"{' '.join(command)}: " + ("it took too long" if late else f"exit status {process.returncode}"))

    def try_(self, run):
        """What run gives; None, and a failure, where PyTorch fails, or too little time is left."""
        if not torch:
            return None
        if self.left() < 0:
            self.failures.append("too little time was left for PyTorch")
            return None
        try:
            return run()
        except Exception as error:  # a rival that fails leaves its column empty
            self.failures.append(f"PyTorch: {str(error).splitlines()[0]}")
            return None


def fastest(run, seconds, on_device=True):
    """The shortest time, in milliseconds: of the device, or of all."""
    for _ in range(3):
        run()
    best, end = float("inf"), time.monotonic() + seconds
    for repetition in range(1000):
        if repetition >= 3 and time.monotonic() > end:
            break
        if on_device and DEVICE == "cuda":
            start, stop = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
            start.record()
            run()
            stop.record()
            stop.synchronize()
            best = min(best, start.elapsed_time(stop))
        else:
            before = time.perf_counter()
            run()
            best = min(best, 1e3 * (time.perf_counter() - before))
    return best


def table(title, head, rows):
    """A table, once its first row is there; each row as it comes."""
    for number, row in enumerate(rows):
        if number == 0:
            print(f"{title}\n")
            print("| " + " | ".join(head) + " |")
            print("| " + " | ".join(["---:"] * len(head)) + " |")
        print("| " + " | ".join("-" if cell is None else str(cell) for cell in row) + " |", flush=True)
    print()


def shown(x, form):
    return None if x is None else form.format(x)


def products(part, sizes):
    """TFLOP/s of C = A B by side and version."""

    def rows():
        versions = {}
        for r in part.bench("--gemm", ",".join(map(str, sizes))):
            versions[r["version"]] = r["gflops"] / 1e3
            if r["version"] != "tiled":
                continue
            n = r["side"]

            def rival():
                a, b = torch.randn(n, n, device=DEVICE), torch.randn(n, n, device=DEVICE)
                return 2 * n**3 / fastest(lambda: a @ b, part.each) / 1e9

            cublas = part.try_(rival)
            yield [n, *(f"{versions[v]:.3g}" for v in ("naive", "shared", "tiled")),
                   shown(cublas, "{:.3g}"), shown(cublas and versions["tiled"] / cublas, "{:.0%}")]

    table("SGEMM, TFLOP/s", ["n", "naive", "shared", "tiled", "cuBLAS", "tiled / cuBLAS"], rows())


def attention(part, lengths, dims=None):
    """Milliseconds of attention, forward; of few heads with so many dims, or of many with 64."""

    def rival(r, math_only):
        from torch.nn.attention import SDPBackend, sdpa_kernel

        q, k, v = (torch.randn(r["sequences"], r["heads"], r["length"], r["d_head"], device=DEVICE) for _ in range(3))
        run = lambda: F.scaled_dot_product_attention(q, k, v, is_causal=r["causal"], scale=1.0)
        with torch.inference_mode(), sdpa_kernel(SDPBackend.MATH) if math_only else contextlib.nullcontext():
            return fastest(run, part.each)

    def rows():
        more = ["--dims", str(dims)] if dims else []
        for r in part.bench("--attention", ",".join(map(str, lengths)), *more):
            plain, chosen = (part.try_(lambda: rival(r, math_only)) for math_only in (True, False))
            ours = r["milliseconds"]
            best = min((t for t in (plain, chosen) if t is not None), default=None)
            yield [f"{r['sequences']} x {r['length']}", f"{r['heads']} x {r['d_head']}", "causal" if r["causal"] else "bidirectional",
                   f"{ours:.3f}", shown(plain, "{:.3f}"), shown(chosen, "{:.3f}"), shown(best and best / ours, "{:.2f}")]

    table("Attention, ms", ["sequences", "heads x dims", "", "rasp", "PyTorch, math", "PyTorch, its choice", "best / rasp"], rows())


KINDS = {"F32": "float32", "I32": "int32", "I64": "int64"}


def load(path):
    """The configuration, tensors and first output of a model file."""
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        data = bytearray(file.read())
    metadata = header.pop("__metadata__")
    tensors = {}
    for name, t in header.items():
        start, end = t["data_offsets"]
        flat = torch.frombuffer(data[start:end], dtype=getattr(torch, KINDS[t["dtype"]])) if end > start else torch.zeros(0)
        tensors[name] = flat.reshape(t["shape"])
    for name, shape in json.loads(metadata.get("sparse", "{}")).items():
        whole = torch.zeros(shape)
        whole.view(-1)[tensors.pop(name + ".indices").long()] = tensors.pop(name + ".values")
        tensors[name] = whole
    return json.loads(metadata["config"]), {name: t.to(DEVICE) for name, t in tensors.items()}, json.loads(metadata["outputs"])[0]


def torch_model(path):
    """A function from token ids [batch, positions] of the CPU to classes, or numbers, there."""
    config, w, output = load(path)
    heads, d_head, causal = config["n_heads"], config["d_head"], config["attention_dir"] == "causal"
    first, classes = output.get("column", 0), len(output.get("classes") or [])
    layers = []
    for layer in range(config["n_layers"]):
        t = {name.removeprefix(f"blocks.{layer}."): v for name, v in w.items() if name.startswith(f"blocks.{layer}.")}
        flat = {n: t["attn.W_" + n].transpose(0, 1).reshape(config["d_model"], -1).T.contiguous() for n in "QKV"}
        bias = {n: t["attn.b_" + n].reshape(-1) for n in "QKV"}
        layers.append((flat, bias, t["attn.W_O"].reshape(heads * d_head, -1).T.contiguous(), t["attn.b_O"],
                       t["mlp.W_in"].T.contiguous(), t["mlp.b_in"], t["mlp.W_out"].T.contiguous(), t["mlp.b_out"]))
    unembed = w["unembed.W_U"].T.contiguous()

    @torch.inference_mode()
    def run(ids):
        x = F.embedding(ids.to(DEVICE), w["embed.W_E"]) + w["pos_embed.W_pos"][: ids.shape[1]]
        for flat, bias, out, b_out, w_in, b_in, w_out, b_mlp in layers:
            q, k, v = (F.linear(x, flat[n], bias[n]).unflatten(-1, (heads, d_head)).transpose(1, 2) for n in "QKV")
            z = F.scaled_dot_product_attention(q, k, v, is_causal=causal, scale=1.0)
            x = x + F.linear(z.transpose(1, 2).flatten(-2), out, b_out)
            x = x + F.linear(F.relu(F.linear(x, w_in, b_in)), w_out, b_mlp)
        logits = F.linear(x, unembed, w["unembed.b_U"])
        return logits[..., first : first + classes].argmax(-1).cpu() if classes else logits[..., first].cpu()

    run.positions, run.bos = config["n_ctx"], config["d_vocab"] - 1
    return run


def model(part, path, batch):
    """Tokens a second of a compiled model, by batch, beside one core of the CPU."""
    name, rival, wins = os.path.basename(path), part.try_(lambda: torch_model(path)), None

    def speed(inputs):
        ids = torch.randint(0, rival.bos, (inputs, rival.positions))
        ids[:, 0] = rival.bos
        return 1e3 * inputs * (rival.positions - 1) / fastest(lambda: rival(ids), part.each, on_device=False)

    def rows():
        nonlocal wins
        for r in part.bench(path, "--batch", str(batch), cores=1):
            wins = r.get("gpu_faster_from", wins)
            if "kernels_microseconds" not in r:
                continue
            torchs = part.try_(lambda: speed(r["batch"])) if rival else None
            ours = r["gpu_tokens_per_second"]
            yield [r["batch"], f"{r['cpu_tokens_per_second']:.3g}", f"{ours:.3g}", shown(torchs, "{:.3g}"), f"{ours / r['cpu_tokens_per_second']:.2f}",
                   shown(torchs and ours / torchs, "{:.2f}"), f"{r['kernels_microseconds']:.0f}", f"{r['copies_microseconds']:.0f}",
                   shown(r.get("of_peak"), "{:.1%}")]

    head = ["batch", "one CPU core", "GPU", "PyTorch on it", "GPU / CPU", "GPU / PyTorch", "kernels us", "copies us", "of peak"]
    table(f"{name}, tokens/s", head, rows())
    if wins is not None:
        print(f"The GPU is faster than the core from a batch of {wins or '-'} on.\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rasp", default="build/gpu/rasp", help="the program")
    parser.add_argument("--models", nargs="*", default=["build/gpu/sort.safetensors"], help="compiled models")
    parser.add_argument("--sizes", default="512,1024,2048,4096,8192", help="of matrices")
    parser.add_argument("--lengths", default="128,256,512,1024,2048", help="of sequences with many heads of 64 dims")
    parser.add_argument("--short", default="17,65,257", help="of sequences with few heads of few dims")
    parser.add_argument("--dims", default="3,13,68", help="of the few")
    parser.add_argument("--batch", type=int, default=65536, help="the largest one")
    parser.add_argument("--minutes", type=float, default=7, help="that all of it takes at most, nearly")
    parser.add_argument("--each", type=float, default=0.3, help="seconds that a measurement goes on")
    parser.add_argument("--simulated", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    numbers = lambda text: [int(n) for n in text.split(",") if n]
    global DEVICE, torch
    if arguments.simulated:
        DEVICE = "cpu"
    elif torch and not torch.cuda.is_available():
        print("PyTorch finds no GPU: its columns are empty\n")
        torch = None
    if torch:
        print(f"PyTorch {torch.__version__}, CUDA {torch.version.cuda}\n")
    parts = [("products", products, [numbers(arguments.sizes)]), ("attention", attention, [numbers(arguments.lengths)])]
    parts += [(f"attention, {d} dims", attention, [numbers(arguments.short), d]) for d in numbers(arguments.dims)]
    parts += [(os.path.basename(path), model, [path, arguments.batch]) for path in arguments.models]
    failed, end = False, time.monotonic() + 60 * arguments.minutes
    for number, (name, measure, what) in enumerate(parts):
        # What earlier parts have left is for the later ones, models most of all.
        weights = [3 if p is model else 1 for _, p, _ in parts[number:]]
        part = Part(arguments.rasp, (end - time.monotonic()) * weights[0] / sum(weights), arguments.each)
        try:
            measure(part, *what)
        except Exception as error:  # the other parts are worth having
            part.failures.append(f"{type(error).__name__}: {error}")
        for failure in part.failures:
            print(f"FAILED: {name}: {failure}\n", flush=True)
        failed = failed or bool(part.failures)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
