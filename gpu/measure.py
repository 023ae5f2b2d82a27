"""Print the measurements of `rasp bench --device cuda` beside PyTorch's, as Markdown.

gpu/measure.sh calls it. Both sides take the shortest of many repetitions, timed by
events of the device, in float32 without TF32, on the same machine in the same
minute. Copies to the device and back are in the table of the model alone.
"""

import argparse
import json
import subprocess

try:
    import torch
    import torch.nn.functional as F

    torch.backends.cuda.matmul.allow_tf32 = False
    torch.backends.cudnn.allow_tf32 = False
    torch = torch if torch.cuda.is_available() else None
except ImportError:
    torch = None


def bench(rasp, *arguments):
    """The JSON objects that rasp bench prints."""
    out = subprocess.run([rasp, "bench", *arguments, "--device", "cuda", "--json"], check=True, stdout=subprocess.PIPE, text=True)
    return [json.loads(line) for line in out.stdout.splitlines()]


def fastest(run, repetitions=20):
    """The shortest time on the device, in milliseconds."""
    for _ in range(3):
        run()
    best = float("inf")
    for _ in range(repetitions):
        start, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
        start.record()
        run()
        end.record()
        end.synchronize()
        best = min(best, start.elapsed_time(end))
    return best


def table(head, rows):
    print("| " + " | ".join(head) + " |")
    print("| " + " | ".join(["---:"] * len(head)) + " |")
    for row in rows:
        print("| " + " | ".join("-" if cell is None else str(cell) for cell in row) + " |")
    print()


def products(rasp, sizes):
    """TFLOP/s of C = A B by side and version."""
    speeds = {}
    for r in bench(rasp, "--gemm", ",".join(map(str, sizes))):
        speeds.setdefault(r["side"], {})[r["version"]] = r["gflops"] / 1e3
    rows = []
    for n in sizes:
        cublas = None
        if torch:
            a, b = torch.randn(n, n, device="cuda"), torch.randn(n, n, device="cuda")
            cublas = 2 * n**3 / fastest(lambda: a @ b) / 1e9
        ours = speeds[n]
        rows.append([n, *(f"{ours[v]:.2f}" for v in ("naive", "shared", "tiled")),
                     cublas and f"{cublas:.2f}", cublas and f"{ours['tiled'] / cublas:.0%}"])
    print("SGEMM, TFLOP/s\n")
    table(["n", "naive", "shared", "tiled", "cuBLAS", "tiled / cuBLAS"], rows)


def attention(rasp, lengths):
    """Milliseconds of attention, forward."""
    from contextlib import nullcontext

    rows = []
    for r in bench(rasp, "--attention", ",".join(map(str, lengths))):
        times = [None, None]
        if torch:
            from torch.nn.attention import SDPBackend, sdpa_kernel

            q, k, v = (torch.randn(r["sequences"], r["heads"], r["length"], r["d_head"], device="cuda") for _ in range(3))
            run = lambda: F.scaled_dot_product_attention(q, k, v, is_causal=r["causal"], scale=1.0)
            with torch.inference_mode():
                for i, backend in enumerate([sdpa_kernel(SDPBackend.MATH), nullcontext()]):
                    with backend:
                        times[i] = fastest(run)
        ours = r["milliseconds"]
        rows.append([r["length"], "causal" if r["causal"] else "bidirectional", f"{ours:.3f}",
                     times[0] and f"{times[0]:.3f}", times[1] and f"{times[1]:.3f}", times[0] and f"{times[0] / ours:.1f}"])
    print(f"Attention of {r['sequences']} sequences, {r['heads']} heads of {r['d_head']} dims, ms\n")
    table(["T", "", "rasp", "PyTorch, math", "PyTorch, its choice", "math / rasp"], rows)


def model(rasp, path, batch):
    """Tokens a second of a compiled model, by batch."""
    machine, *results = bench(rasp, path, "--batch", str(batch))
    rows = [[r["batch"], f"{r['cpu_tokens_per_second']:.3g}", f"{r['gpu_tokens_per_second']:.3g}",
             f"{r['kernels_microseconds']:.0f}", f"{r['copies_microseconds']:.0f}", f"{r['of_peak']:.1%}" if "of_peak" in r else None]
            for r in results if "kernels_microseconds" in r]
    wins = next(r["gpu_faster_from"] for r in results if "gpu_faster_from" in r)
    print(f"A compiled model, tokens/s, CPU with {machine['threads']} threads; the GPU is faster from a batch of {wins or '-'} on\n")
    table(["batch", "CPU", machine["device"], "kernels us", "copies us", "of peak"], rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rasp", default="build/gpu/rasp", help="the program")
    parser.add_argument("--model", default="build/gpu/sort.safetensors", help="a compiled model")
    parser.add_argument("--sizes", default="512,1024,2048,4096,8192", help="of matrices")
    parser.add_argument("--lengths", default="128,256,512,1024,2048", help="of sequences")
    parser.add_argument("--batch", type=int, default=65536, help="the largest one")
    arguments = parser.parse_args()
    if torch:
        print(f"PyTorch {torch.__version__}, CUDA {torch.version.cuda}\n")
    products(arguments.rasp, [int(n) for n in arguments.sizes.split(",")])
    attention(arguments.rasp, [int(n) for n in arguments.lengths.split(",")])
    model(arguments.rasp, arguments.model, arguments.batch)


if __name__ == "__main__":
    main()
