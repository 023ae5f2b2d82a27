"""The forward pass of a compiled model: python3 forward.py MODEL.safetensors INPUT

INPUT is text, one token a character, or a JSON list. Needs: pip install numpy safetensors
"""

import json
import sys

import numpy as np
from safetensors import safe_open

with safe_open(sys.argv[1], "np") as f:
    w = {name: f.get_tensor(name) for name in f.keys()}
    meta = f.metadata()
for name, shape in json.loads(meta.get("sparse", "{}")).items():  # large tensors that are mostly zeros
    w[name] = np.zeros(shape, np.float32)
    w[name].flat[w.pop(name + ".indices")] = w.pop(name + ".values")
config, outputs = json.loads(meta["config"]), json.loads(meta["outputs"])
vocab = [json.loads(t) for t in json.loads(meta["vocab"])]


def forward(tokens):
    ids = [len(vocab)] + [vocab.index(t) for t in tokens]  # BOS first
    x = w["embed.W_E"][ids] + w["pos_embed.W_pos"][: len(ids)]
    for layer in range(config["n_layers"]):
        p = lambda name: w[f"blocks.{layer}.{name}"]
        q, k, v = (np.einsum("pd,hde->hpe", x, p(f"attn.W_{m}")) + p(f"attn.b_{m}")[:, None] for m in "QKV")
        scores = q @ k.transpose(0, 2, 1)  # [head, query, key]
        if config["attention_dir"] == "causal":
            scores += np.triu(np.full(scores.shape[1:], -np.inf, np.float32), 1)
        a = np.exp(scores - scores.max(-1, keepdims=True))
        a /= a.sum(-1, keepdims=True)
        x = x + np.einsum("hpe,hed->pd", a @ v, p("attn.W_O")) + p("attn.b_O")
        x = x + np.maximum(x @ p("mlp.W_in") + p("mlp.b_in"), 0) @ p("mlp.W_out") + p("mlp.b_out")
    return x[1:] @ w["unembed.W_U"] + w["unembed.b_U"]


text = sys.argv[2]
logits = forward(json.loads(text) if text.startswith("[") else text)
for out in outputs:
    if out.get("classes"):
        classes = [json.loads(c) for c in out["classes"]]
        values = [classes[i] for i in logits[:, out["column"] :][:, : len(classes)].argmax(-1)]
    else:  # a number, and whether it is a float
        number, is_float = logits[:, out["column"]], logits[:, out["column"] + 1] > 0.5
        values = [round(float(n), 3) if f else round(float(n)) for n, f in zip(number, is_float)]
    print(out["name"], values)
