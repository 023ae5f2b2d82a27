"""PyTorch running a causal transformer of random weights on one thread, without LayerNorm, as
those of rasp are: a process that reads lines

    prefill D_MODEL LAYERS HEADS VOCAB LENGTH REPEATS
    decode D_MODEL LAYERS HEADS VOCAB LENGTH REPEATS

and answers each with the seconds of its thread's CPU time that one takes. Prefill takes so
many tokens and BOS, and gives the keys, the values and the logits of the last; decode is one
step after them, with keys and values in memory that was reserved.
"""

import sys
import time

import torch
import torch.nn.functional as F

torch.set_num_threads(1)
print(f"PyTorch {torch.__version__}, {torch.backends.cpu.get_cpu_capability()}", flush=True)


class Model:
    def __init__(self, dims, layers, heads, vocab, length):
        def weights(out, into):
            return (torch.rand(out, into) * 2 - 1) * (3 / into) ** 0.5

        torch.manual_seed(1)
        self.heads = heads
        self.embed, self.place, self.unembed = weights(vocab + 1, dims), weights(length + 2, dims), weights(vocab, dims)
        self.layers = [
            (weights(3 * dims, dims), weights(dims, dims), weights(4 * dims, dims), weights(dims, 4 * dims), torch.zeros(3 * dims), torch.zeros(dims), torch.zeros(4 * dims))
            for _ in range(layers)
        ]
        self.cache = torch.zeros(layers, 2, heads, length + 2, dims // heads)

    def run(self, ids, past):
        """The logits of the last of some tokens, the first of which stands at past."""
        n = len(ids)
        x = F.embedding(ids, self.embed) + self.place[past : past + n]
        for (qkv, out, up, down, qkv_bias, bias, up_bias), (keys, values) in zip(self.layers, self.cache):
            q, k, v = F.linear(x, qkv, qkv_bias).view(n, 3, self.heads, -1).permute(1, 2, 0, 3)
            keys[:, past : past + n], values[:, past : past + n] = k, v
            seen = slice(0, past + n)
            z = F.scaled_dot_product_attention(q[None], keys[None, :, seen], values[None, :, seen], is_causal=past == 0)
            x = x + F.linear(z[0].transpose(0, 1).reshape(n, -1), out, bias)
            x = x + F.linear(F.relu(F.linear(x, up, up_bias)), down, bias)
        return F.linear(x[-1], self.unembed)


models = {}
with torch.inference_mode():
    for line in sys.stdin:
        kind, *shape = line.split()
        *shape, repeats = map(int, shape)
        model = models.get(tuple(shape)) or models.setdefault(tuple(shape), Model(*shape))
        length = shape[-1]
        ids = torch.arange(length + 1) % shape[-2]
        if kind == "decode":
            model.run(ids, 0)
        for i in range(-1, repeats):  # the first is not counted
            if i == 0:
                start = time.thread_time()
            if kind == "decode":
                model.run(ids[:1], length + 1)
            else:
                model.run(ids, 0)
        print((time.thread_time() - start) / repeats, flush=True)
