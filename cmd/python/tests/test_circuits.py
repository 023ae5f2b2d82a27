"""The circuits of all ready-made programs load in the readers that they are written for.

READERS says where the repositories of these are (see readers.py), PROGRAMS_DIR is a folder of
more programs, of which those that compile are tried, too.
"""

import json
import os
import pathlib
import subprocess
import types

import pytest

import readers
from compiled import Model, compiled, rasp, ready_made

TRUTHS = ["static", "moving", "necessary"]


def programs():
    more = os.environ.get("PROGRAMS_DIR")
    return ready_made() + sorted(map(str, pathlib.Path(more).glob("*.rasp")) if more else [])


@pytest.fixture(scope="module")
def models():
    """The models of all programs that say their domain, by the name of the file."""
    return {program: path for program in programs() if (path := compiled(program))}


def circuit(path, *flags):
    """What the command writes, None where a format has no circuit without a layer."""
    done = rasp("circuit", path, *flags)
    if "has no layers" in done.stderr:
        return None
    assert done.returncode == 0, done.stderr
    return done.stdout


def edges_of(path, truth):
    """The edges of a circuit by our own JSON."""
    found = json.loads(circuit(path, "--format", "json", "--truth", truth, "--pairs", "20"))
    return found, {e["from"] + "->" + e["to"] + (f"<{e['channel']}>" if "channel" in e else "") for e in found["edges"]}


def test_eap(models, tmp_path):
    """EAP-IG: Graph.from_json has our edges in the graph, and writes the same file again."""
    lens = types.SimpleNamespace(HookedTransformer=type("HookedTransformer", (), {}), HookedTransformerConfig=type("HookedTransformerConfig", (), {}))
    colors = {"get_color": None, "generate_random_color": None}
    graph = readers.module("eap.graph", "hannamw/EAP-IG", "src/eap/graph.py", {"transformer_lens": vars(lens), "eap.visualization": colors})
    for program, path in models.items():
        for truth in TRUTHS:
            file = tmp_path / "circuit.json"
            circuit(path, "--format", "eap", "--truth", truth, "--pairs", "20", "-o", file)
            read = graph.Graph.from_json(str(file))
            _, ours = edges_of(path, truth)
            assert {name for name, edge in read.edges.items() if edge.in_graph} == ours, (program, truth)
            written = json.loads(file.read_text())
            assert set(read.edges) == set(written["edges"]) and set(read.nodes) == set(written["nodes"])
            again = tmp_path / "again.json"
            read.to_json(str(again))
            assert json.loads(again.read_text()) == written, (program, truth)
            read.to_pt(str(tmp_path / "circuit.pt"))
            tensors = graph.Graph.from_pt(str(tmp_path / "circuit.pt"))
            assert bool((tensors.in_graph == read.in_graph).all()) and bool((tensors.scores == read.scores).all())
            # Pruning takes nodes out that lead nowhere; a circuit of moving edges has none.
            if truth == "moving":
                read.prune()
                assert {name for name, edge in read.edges.items() if edge.in_graph} == ours, program


def test_auto_circuit(models):
    """auto-circuit: our edges are those that it makes of a model of the same sizes."""
    def load(name, path, stubs):
        return readers.module(name, "UFO-101/auto-circuit", path, stubs)

    figures = {"plotly": {}, "plotly.io": {"templates": types.SimpleNamespace(default="plotly", plotly=None)}}
    source = readers.text("UFO-101/auto-circuit", "auto_circuit/types.py")
    assert "class SrcNode(Node)" in source and "class DestNode(Node)" in source
    nodes = dataclasses_of(source)
    stubs = {"transformer_lens": {"HookedTransformer": object}, "auto_circuit.types": nodes, **figures}
    utils = load("auto_circuit.model_utils.transformer_lens_utils", "auto_circuit/model_utils/transformer_lens_utils.py", stubs)
    for program, path in models.items():
        written = circuit(path, "--format", "autocircuit", "--truth", "static", "--pairs", "0")
        if written is None:
            continue
        sizes = Model(path).config
        cfg = types.SimpleNamespace(
            n_layers=sizes["n_layers"], n_heads=sizes["n_heads"], use_attn_result=True, use_hook_mlp_in=True,
            use_split_qkv_input=True, attn_only=False, parallel_attn_mlp=False,
        )
        shape = types.SimpleNamespace(cfg=cfg)
        sources = {n.name: n for n in utils.factorized_src_nodes(shape)}
        destinations = {n.name: n for n in utils.factorized_dest_nodes(shape, separate_qkv=True)}
        for edge in json.loads(written):
            for side, known in (("src", sources), ("dest", destinations)):
                node = known[edge[side]["name"]]
                assert {**vars(node), **edge[side]} == vars(node), (program, edge["name"])
            assert sources[edge["src"]["name"]].layer < destinations[edge["dest"]["name"]].layer, (program, edge["name"])
            assert edge["name"] == f"{edge['src']['name']}->{edge['dest']['name']}"


def dataclasses_of(source):
    """The classes of nodes of auto-circuit, without what draws."""
    start, end = source.index("@dataclass(frozen=True)\nclass Node:"), source.index("PruneScores = ")
    names = {"Any": object, "PatchWrapper": object}
    exec("from dataclasses import dataclass\nfrom typing import Any, Optional\n" + source[start:end], names)
    return {name: names[name] for name in ("SrcNode", "DestNode")}


def test_interpbench(models):
    """InterpBench: its own functions make a circuit of the edges, and of that the same edges;
    all of them are hooks of a model of these sizes."""
    networkx = pytest.importorskip("networkx", reason="networkx is not installed")
    repository, folder = "FlyingPumba/circuits-benchmark", "circuits_benchmark/utils/circuit/"
    prefix = "circuits_benchmark.utils.circuit."
    node = readers.module(prefix + "circuit_node", repository, folder + "circuit_node.py", {})

    class Circuit(networkx.DiGraph):
        pass

    stubs = {prefix + "circuit": {"Circuit": Circuit}, prefix + "circuit_node": vars(node)}
    edges = readers.module(prefix + "edges_list", repository, folder + "edges_list.py", stubs)
    prepare = readers.module(prefix + "prepare_circuit", repository, folder + "prepare_circuit.py", stubs)
    for program, path in models.items():
        written = circuit(path, "--format", "interpbench", "--truth", "static", "--pairs", "0")
        if written is None:
            continue
        pairs = [tuple(pair) for pair in json.loads(written)]
        read = edges.edges_list_to_circuit(pairs)
        assert sorted(edges.circuit_to_edges_list(read)) == sorted(pairs), program
        hooks = hooks_of(Model(path).config)
        assert {str(n) for n in read.nodes} <= hooks, program
        if pairs:
            ends = [n for n in read.nodes if not list(read.successors(n))]
            assert [str(n) for n in ends] == [f"blocks.{Model(path).config['n_layers'] - 1}.hook_resid_post"], program
        # As they compare circuits: edges between what writes.
        for from_node, to_node in prepare.prepare_circuit_for_evaluation(read).edges:
            assert str(from_node) == "blocks.0.hook_resid_pre" or "hook_result" in str(from_node) or "mlp_out" in str(from_node)
            assert "input" not in str(to_node) and "mlp_in" not in str(to_node)


def hooks_of(sizes):
    """The names of hooks of TransformerLens that circuits are made of."""
    hooks = {"hook_embed", "hook_pos_embed", f"blocks.{sizes['n_layers'] - 1}.hook_resid_post"}
    for layer in range(sizes["n_layers"]):
        hooks |= {f"blocks.{layer}.hook_mlp_in", f"blocks.{layer}.hook_mlp_out"}
        for head in range(sizes["n_heads"]):
            hooks.add(f"blocks.{layer}.attn.hook_result[{head}]")
            for c in "qkv":
                hooks |= {f"blocks.{layer}.hook_{c}_input[{head}]", f"blocks.{layer}.attn.hook_{c}[{head}]"}
    return hooks


def inputs_of(path):
    """An input or two of a model, none of those of a form."""
    model = Model(path)
    longest = min(5, model.config["n_ctx"] - 1)
    return [] if model.of_form else [json.dumps((model.vocab * longest)[:longest])]


def test_circuit_tracer(models):
    """circuit-tracer: the graph of an input is what its models of pydantic take, and what its
    page makes of it stands."""
    pytest.importorskip("pydantic", reason="pydantic is not installed")
    graph = readers.module("circuit_tracer.frontend.graph_models", "safety-research/circuit-tracer", "circuit_tracer/frontend/graph_models.py", {})
    page = readers.text("safety-research/circuit-tracer", "circuit_tracer/frontend/assets/attribution_graph/util-cg.js")
    for program, path in models.items():
        for text in inputs_of(path):
            written = circuit(path, "--format", "neuronpedia", "--input", text, "--pairs", "0")
            read = graph.Model.model_validate_json(written)
            assert {**json.loads(read.model_dump_json())["metadata"], "schema_version": 1, "node_threshold": None} == {**json.loads(written)["metadata"], "node_threshold": None}
            assert json.loads(read.model_dump_json())["nodes"] == json.loads(written)["nodes"], program
            shown = formatted(page, written)
            assert shown["nodes"] == len(read.nodes) and shown["links"] == len(read.links), program
            assert all(0 <= p <= 1 for p in shown["chances"]), program


# What util-cg.js needs of its page: d3's sums and sorts, and nothing that draws.
PAGE = r"""
const values = (list, f) => list.map(f).filter((x) => x != null && !Number.isNaN(x))
globalThis.window = globalThis
globalThis.localStorage = { getItem: () => '[]', setItem: () => {} }
globalThis.util = { params: { get: () => null, set: () => {} }, ppToken: (t) => t }
globalThis.d3 = {
  max: (list, f = (x) => x) => values(list, f).reduce((a, b) => (a === undefined || b > a ? b : a), undefined),
  sum: (list, f) => values(list, f).reduce((a, b) => a + b, 0),
  sort: (list, f) => [...list].sort((a, b) => f(a) - f(b)),
  nestBy: (list, f) => [...list.reduce((m, x) => m.set(f(x), [...(m.get(f(x)) ?? []), x]), new Map()).values()],
  selection: { prototype: {} },
}
const fs = require('fs')
eval(fs.readFileSync(process.argv[2], 'utf8'))
const data = JSON.parse(fs.readFileSync(process.argv[3], 'utf8'))
utilCg.formatData(data, { pinnedIds: [], isHideLayer: false }).then((d) => {
  const chances = d.nodes.filter((n) => n.feature_type === 'logit').map((n) => n.logitPct)
  console.log(JSON.stringify({ nodes: d.nodes.length, links: d.links.length, chances }))
})
"""


def formatted(page, written):
    """What the page of circuit-tracer makes of a graph, run in node."""
    from compiled import folder
    import shutil

    if not shutil.which("node"):
        pytest.skip("there is no node to run the page in")
    for name, content in (("page.js", PAGE), ("util-cg.js", page), ("graph.json", written)):
        (folder() / name).write_text(content)
    done = subprocess.run(["node", folder() / "page.js", folder() / "util-cg.js", folder() / "graph.json"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_neuronpedia(models):
    """Neuronpedia: the graph of an input is as its schema says, and so are the two things that
    its page asks beyond that: a layer above 0, and layer and index in the number of a feature."""
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")
    schema = json.loads(readers.text("hijohnnylin/neuronpedia", "apps/webapp/app/api/graph/graph-schema.json"))
    for program, path in models.items():
        for text in inputs_of(path):
            graph = json.loads(circuit(path, "--format", "neuronpedia", "--input", text, "--pairs", "0"))
            jsonschema.validate(graph, schema)
            layers = Model(path).config["n_layers"]
            features = [n for n in graph["nodes"] if n["feature_type"] == "cross layer transcoder"]
            for n in features:
                layer, index = map(int, n["node_id"].split("_")[:2])
                assert n["feature"] == (layer + index) * (layer + index + 1) // 2 + index and 1 <= layer <= 2 * layers
            assert all("(p=" in n["clerp"] for n in graph["nodes"] if n["feature_type"] == "logit")
