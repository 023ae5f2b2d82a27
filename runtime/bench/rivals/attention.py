"""PyTorch's fused attention on one thread: a process that reads lines

    attention DIMS LENGTH HEADS CAUSAL REPEATS
    chunk DIMS QUERIES LENGTH HEADS REPEATS

(CAUSAL is 0 or 1) and answers each with the seconds of its thread's CPU time that one
call takes. A chunk is the last queries of a causal model, for which it takes a mask. Its first line names the version and the vectors that it uses.
"""

import sys
import time

import torch
import torch.nn.functional as F

torch.set_num_threads(1)
print(f"PyTorch {torch.__version__}, {torch.backends.cpu.get_cpu_capability()}", flush=True)

with torch.inference_mode():
    for line in sys.stdin:
        kind, *sizes = line.split()
        mask = None
        if kind == "chunk":
            dims, queries, length, heads, repeats = map(int, sizes)
            causal = 0
            if queries > 1:
                mask = torch.zeros(queries, length).masked_fill(torch.ones(queries, length).triu(length - queries + 1) == 1, float("-inf"))
        else:
            dims, length, heads, causal, repeats = map(int, sizes)
            queries = length
        torch.manual_seed(1)
        q, k, v = (torch.randn(1, heads, n, dims) for n in (queries, length, length))
        for i in range(-1, repeats):  # the first is not counted
            if i == 0:
                start = time.thread_time()
            F.scaled_dot_product_attention(q, k, v, attn_mask=mask, is_causal=bool(causal))
        print((time.thread_time() - start) / repeats, flush=True)
