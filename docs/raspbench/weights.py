"""A method for circuits of RaspBench (docs/raspbench.md): weights alone, and no input."""

import numpy as np


def product(net, batches):
    """How strongly what a node writes can be read, by weights alone."""
    scores = []
    for e in net.edges:
        source, target = (net.nodes[net.by_name[name]] for name in (e.source, e.target))
        written = {"input": lambda: net.weights["embed.W_E"], "head": lambda: net.w(source.layer, "attn.W_O")[source.head]}
        read = {"logits": lambda: net.weights["unembed.W_U"], "head": lambda: net.w(target.layer, f"attn.W_{e.channel.upper()}")[target.head]}
        w = written.get(source.kind, lambda: net.w(source.layer, "mlp.W_out"))()
        r = read.get(target.kind, lambda: net.w(target.layer, "mlp.W_in"))()
        scores.append(np.linalg.norm(w @ r))
    return np.array(scores)
