"""A model as nodes and edges, forwards and backwards, in NumPy.

The nodes are the embedding, each head, each MLP and the logits; an edge is what one of them
writes and another reads, of a head into its queries, keys or values (Conmy et al. 2023,
Syed et al. 2023). A batch has inputs of one length; arrays are [batch, 1+n, ...], BOS first.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, Iterable, List, Mapping, NamedTuple, Optional, Sequence, Set, Tuple

import numpy as np

Array = np.ndarray[Any, Any]


class Edge(NamedTuple):
    source: str
    target: str
    channel: str = ""

    def __str__(self) -> str:
        return f"{self.source}->{self.target}" + (f"<{self.channel}>" if self.channel else "")


class Node(NamedTuple):
    name: str
    kind: str  # "input", "head", "mlp", "logits"
    layer: int
    head: int


class Read(NamedTuple):
    """Where an edge ends: a node and its channel."""

    target: str
    channel: str


Writes = Dict[str, Array]  # what each node writes, [batch, 1+n, d_model]; of the last, the logits


@dataclass
class Tape:
    """A forward pass with all that the backward pass needs."""

    writes: Writes
    kept: Dict[str, Tuple[Array, ...]] = field(default_factory=dict)


def _softmax(scores: Array) -> Array:
    e: Array = np.exp(scores - scores.max(-1, keepdims=True))
    return np.asarray(e / e.sum(-1, keepdims=True))


class Network:
    """The forward pass of the model file (docs/model-file.md), node by node."""

    def __init__(self, weights: Mapping[str, Array], config: Mapping[str, Any], dtype: Any = np.float32) -> None:
        self.config = dict(config)
        self.weights = {name: np.asarray(w, dtype) for name, w in weights.items()}
        self.causal = config["attention_dir"] == "causal"
        layers, heads = config["n_layers"], config["n_heads"]
        self.nodes: List[Node] = [Node("input", "input", -1, 0)]
        for l in range(layers):
            self.nodes += [Node(f"a{l}.h{h}", "head", l, h) for h in range(heads)]
            self.nodes.append(Node(f"m{l}", "mlp", l, 0))
        self.nodes.append(Node("logits", "logits", layers, 0))
        self.by_name = {node.name: i for i, node in enumerate(self.nodes)}
        self.sources = {node.name: self._sources(node) for node in self.nodes}
        # What writes nothing, as padding does, need not be added up.
        self._summed = {name: [s for s in all_ if self._writes(self.nodes[self.by_name[s]])] for name, all_ in self.sources.items()}
        self.edges = [Edge(s, node.name, c) for node in self.nodes for c in self.channels(node) for s in self.sources[node.name]]

    @staticmethod
    def channels(node: Node) -> Sequence[str]:
        return {"input": (), "head": ("q", "k", "v")}.get(node.kind, ("",))

    def _sources(self, node: Node) -> List[str]:
        """The nodes whose sum it reads: heads of a layer do not read each other."""

        def before(other: Node) -> bool:
            if node.kind == "head" or other.layer < node.layer:
                return other.layer < node.layer
            return other.layer == node.layer and other.kind == "head" and node.kind == "mlp"

        return [other.name for other in self.nodes if before(other)] if node.kind != "input" else []

    def _writes(self, node: Node) -> bool:
        if node.kind == "head":
            return bool(self.w(node.layer, "attn.W_O")[node.head].any())
        return node.kind != "mlp" or bool(self.w(node.layer, "mlp.W_out").any())

    def w(self, layer: int, name: str) -> Array:
        return self.weights[f"blocks.{layer}.{name}"]

    def _bias(self, node: Node) -> Array:
        """What biases have added to the stream that a node reads."""
        total = np.zeros(self.config["d_model"], self.weights["embed.W_E"].dtype)
        for l in range(min(node.layer + 1, self.config["n_layers"])):
            if l < node.layer or node.kind == "mlp":
                total = total + self.w(l, "attn.b_O")
            if l < node.layer:
                total = total + self.w(l, "mlp.b_out")
        return total

    # Forwards.

    def embed(self, ids: Array) -> Array:
        """Token ids [batch, 1+n], BOS first, as what the node input writes."""
        embedded: Array = self.weights["embed.W_E"][ids] + self.weights["pos_embed.W_pos"][: ids.shape[1]]
        return embedded

    def read(self, node: Node, channel: str, writes: Writes, other: Optional[Writes] = None, cut: Iterable[Edge] = ()) -> Array:
        """The stream that a channel reads; through edges that are cut flows what other has."""
        total: Array = self._bias(node)
        for s in self._summed[node.name]:
            chosen = other if other is not None and Edge(s, node.name, channel) in cut else writes
            total = total + chosen[s]
        return total

    def compute(self, node: Node, streams: Sequence[Array], kept: Optional[Dict[str, Tuple[Array, ...]]] = None) -> Array:
        """What a node writes when its channels read the streams."""
        if node.kind == "logits":
            logits: Array = streams[0] @ self.weights["unembed.W_U"] + self.weights["unembed.b_U"]
            return logits
        l, h = node.layer, node.head
        if node.kind == "mlp":
            pre = streams[0] @ self.w(l, "mlp.W_in") + self.w(l, "mlp.b_in")
            if kept is not None:
                kept[node.name] = (pre,)
            out: Array = np.maximum(pre, 0) @ self.w(l, "mlp.W_out")
            return out
        q, k, v = (x @ self.w(l, f"attn.W_{c}")[h] + self.w(l, f"attn.b_{c}")[h] for x, c in zip(streams, "QKV"))
        scores = q @ k.swapaxes(-1, -2)
        if self.causal:
            n = scores.shape[-1]
            scores = np.where(np.tril(np.ones((n, n), bool)), scores, -np.inf)
        a = _softmax(scores)
        if kept is not None:
            kept[node.name] = (q, k, v, a)
        return np.asarray(a @ v @ self.w(l, "attn.W_O")[h])

    def run(self, ids: Array, embedded: Optional[Array] = None) -> Tape:
        """A forward pass of token ids, or of what the embedding is to write."""
        tape = Tape({"input": self.embed(ids) if embedded is None else embedded})
        for node in self.nodes[1:]:
            streams = [self.read(node, c, tape.writes) for c in self.channels(node)]
            if node.kind == "head":
                streams = [streams[0]] * 3
            tape.writes[node.name] = self.compute(node, streams, tape.kept)
        return tape

    def patched(self, clean: Writes, corrupt: Writes, cut: Set[Edge], first: str) -> Array:
        """The logits when what flows through the edges of cut is of corrupt.

        No edge of cut ends before the node first, so that all before is as it is.
        """
        writes = dict(clean)
        changed: Set[str] = set()
        ends = {e.target for e in cut}
        for node in self.nodes[self.by_name[first] :]:
            if node.name not in ends and changed.isdisjoint(self.sources[node.name]):
                continue
            streams = [self.read(node, c, writes, corrupt, cut) for c in self.channels(node)]
            new = self.compute(node, streams)
            if not np.array_equal(new, clean[node.name]):
                writes[node.name] = new
                changed.add(node.name)
        return writes["logits"]

    # Backwards.

    def gradients(self, tape: Tape, of_logits: Array) -> Dict[Read, Array]:
        """The gradient of a linear function of the logits in the stream of each channel."""
        found: Dict[Read, Array] = {}
        g = of_logits @ self.weights["unembed.W_U"].T
        found[Read("logits", "")] = g
        total = g  # in the stream at this place
        for l in reversed(range(self.config["n_layers"])):
            name = f"m{l}"
            (pre,) = tape.kept[name]
            g = ((total @ self.w(l, "mlp.W_out").T) * (pre > 0)) @ self.w(l, "mlp.W_in").T
            found[Read(name, "")] = g
            total = total + g
            more = np.zeros_like(total)
            for h in range(self.config["n_heads"]):
                name = f"a{l}.h{h}"
                q, k, v, a = tape.kept[name]
                gz = total @ self.w(l, "attn.W_O")[h].T
                ga = gz @ v.swapaxes(-1, -2)
                gs = a * (ga - (ga * a).sum(-1, keepdims=True))
                for channel, g in (("q", gs @ k), ("k", gs.swapaxes(-1, -2) @ q), ("v", a.swapaxes(-1, -2) @ gz)):
                    g = g @ self.w(l, f"attn.W_{channel.upper()}")[h].T
                    found[Read(name, channel)] = g
                    more = more + g
            total = total + more
        return found

    # Other versions of the same function.

    def reordered(self, random: np.random.Generator) -> Network:
        """The same with residual dimensions and neurons in another order: sums are rounded otherwise."""
        w = dict(self.weights)
        d = random.permutation(self.config["d_model"])
        for name in ("embed.W_E", "pos_embed.W_pos"):
            w[name] = w[name][:, d]
        w["unembed.W_U"] = w["unembed.W_U"][d]
        for l in range(self.config["n_layers"]):
            p, n = f"blocks.{l}.", random.permutation(self.config["d_mlp"])
            for c in "QKV":
                w[p + f"attn.W_{c}"] = w[p + f"attn.W_{c}"][:, d]
            w[p + "attn.W_O"], w[p + "attn.b_O"] = w[p + "attn.W_O"][..., d], w[p + "attn.b_O"][d]
            w[p + "mlp.W_in"], w[p + "mlp.b_in"] = w[p + "mlp.W_in"][d][:, n], w[p + "mlp.b_in"][n]
            w[p + "mlp.W_out"], w[p + "mlp.b_out"] = w[p + "mlp.W_out"][n][:, d], w[p + "mlp.b_out"][d]
        return Network(w, self.config, self.weights["embed.W_E"].dtype)

    def rounded(self, random: np.random.Generator) -> Network:
        """The same with each weight off by a unit roundoff of float32."""
        w = {name: x * (1 + np.float32(2**-24) * random.choice([-2, 2], x.shape).astype(np.float32)) for name, x in self.weights.items()}
        return Network(w, self.config, self.weights["embed.W_E"].dtype)

    def softened(self, heads: Iterable[str], factor: float) -> Network:
        """The same with the scores of some heads multiplied by a factor."""
        w = dict(self.weights)
        for name in heads:
            node = self.nodes[self.by_name[name]]
            for part in ("W_Q", "b_Q"):
                key = f"blocks.{node.layer}.attn.{part}"
                w[key] = w[key].copy()
                w[key][node.head] *= factor
        return Network(w, self.config, self.weights["embed.W_E"].dtype)
