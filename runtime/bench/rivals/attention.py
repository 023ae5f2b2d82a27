"""PyTorch's fused attention on one thread: a process that reads lines

    attention DIMS LENGTH HEADS CAUSAL REPEATS

(CAUSAL is 0 or 1) and answers each with the seconds of its thread's CPU time that one
call takes. Its first line names the version and the vectors that it uses.
"""

import sys
import time

import torch
import torch.nn.functional as F

torch.set_num_threads(1)
print(f"PyTorch {torch.__version__}, {torch.backends.cpu.get_cpu_capability()}", flush=True)

with torch.inference_mode():
    for line in sys.stdin:
        dims, length, heads, causal, repeats = map(int, line.split()[1:])
        torch.manual_seed(1)
        q, k, v = (torch.randn(1, heads, length, dims) for _ in range(3))
        for i in range(-1, repeats):  # the first is not counted
            if i == 0:
                start = time.thread_time()
            F.scaled_dot_product_attention(q, k, v, is_causal=bool(causal))
        print((time.thread_time() - start) / repeats, flush=True)
