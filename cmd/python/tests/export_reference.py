"""The logits of a compiled model, by NumPy, from a folder of `rasp export --to safetensors`.

The forward pass of docs/forward.py on many inputs of one length at once, in float32:
numerators and denominators of attention are summed apart, and divided once.
"""
import json
import pathlib

import numpy as np
from safetensors.numpy import load_file


class Reference:
    """A model: vocab (BOS is the id after the last), outputs, and logits."""

    def __init__(self, folder):
        folder = pathlib.Path(folder)
        self.config = json.loads((folder / "config.json").read_text())
        self.weights = load_file(folder / "model.safetensors")
        self.bos = len(self.config["vocab"])
        self.longest = self.config["n_ctx"] - 1

    def inputs(self, count, seed, length=None):
        """count random inputs, BOS first: arrays of ids [n, 1 + length], of a few lengths."""
        random = np.random.default_rng(seed)
        lengths = [self.longest] if length is None else [length]
        if length is None and self.longest > 1:
            lengths += sorted({1, 2, (self.longest + 1) // 2} - {self.longest})
        for i, n in enumerate(lengths):
            rows = count // len(lengths) + (count % len(lengths) if i == 0 else 0)
            ids = random.integers(0, self.bos, (rows, n))
            # One half of the inputs has few different tokens, so that things repeat.
            few = random.integers(0, self.bos, (rows // 2, 3))
            if rows // 2:
                ids[: rows // 2] = np.take_along_axis(few, random.integers(0, 3, (rows // 2, n)), 1)
            yield np.concatenate([np.full((rows, 1), self.bos), ids], 1).astype(np.int64)

    def logits(self, ids):
        """[batch, position, column], in the precision of the weights, which is float32."""
        w, c = self.weights, self.config
        x = w["embed.W_E"][ids] + w["pos_embed.W_pos"][: ids.shape[1]]
        hidden = np.triu(np.ones((ids.shape[1],) * 2, bool), 1) if c["causal"] else None
        for l in range(c["n_layers"]):
            a, m = f"blocks.{l}.attn.", f"blocks.{l}.mlp."
            add = np.zeros_like(x)
            for h in range(c["n_heads"]):
                q, k, v = (x @ w[a + "W_" + y][h] + w[a + "b_" + y][h] for y in "QKV")
                s = q @ k.swapaxes(1, 2)
                if hidden is not None:
                    s = np.where(hidden, s.dtype.type(-np.inf), s)
                e = np.exp(s - s.max(-1, keepdims=True))
                add += (e @ v / e.sum(-1, keepdims=True)) @ w[a + "W_O"][h]
            x = x + (add + w[a + "b_O"])
            x = x + (np.maximum(x @ w[m + "W_in"] + w[m + "b_in"], 0) @ w[m + "W_out"] + w[m + "b_out"])
        return x @ w["unembed.W_U"] + w["unembed.b_U"]

    def decoded(self, logits):
        """The class of each output that has classes, at each position."""
        found = []
        for o in self.config["outputs"]:
            first = o["column"]
            if "classes" in o:
                found.append(logits[..., first : first + len(o["classes"])].argmax(-1))
        return found
