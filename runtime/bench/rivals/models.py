"""Print how fast models run on this machine beside ONNX Runtime and PyTorch.

    go build -o rasp ./cmd/rasp
    ./rasp compile sort --length 64 -o sort.safetensors
    pip install numpy onnx onnxruntime torch
    python runtime/bench/rivals/models.py sort.safetensors --batch 1 256

All compute the logits of the same random inputs from the same weights; each rival's are
compared with ONNX Runtime's, and rasp decodes its own into tokens too. The rivals multiply
all weights. PyTorch runs twice: as it is, with its fused attention, and compiled
(torch.compile), where there is a C++ compiler. Each is a process of its own with one
thread, and they take turns; what counts is the CPU time of the thread. A figure is the
fastest of the turns, in microseconds for an input; the last two columns are the ratio of
the fastest of the rivals to rasp, of the fastest turns and the median of the turns.
Linux and Go are needed.
"""

import argparse
import importlib.util
import json
import os
import struct
import subprocess
import statistics
import sys
import tempfile
import time

import numpy as np

from table import HERE, Contestant, cpu, variables


KINDS = {"F32": "<f4", "I32": "<i4", "I64": "<i8"}


def load(path):
    """The configuration and the tensors of a model file."""
    with open(path, "rb") as file:
        size = struct.unpack("<Q", file.read(8))[0]
        header = json.loads(file.read(size))
        data = file.read()
    metadata = header.pop("__metadata__")
    tensors = {}
    for name, t in header.items():
        start, end = t["data_offsets"]
        tensors[name] = np.frombuffer(data[start:end], dtype=KINDS[t["dtype"]]).reshape(t["shape"])
    for name, shape in json.loads(metadata.get("sparse", "{}")).items():
        tensors[name] = np.zeros(shape, np.float32)
        tensors[name].flat[tensors.pop(name + ".indices")] = tensors.pop(name + ".values")
    config = json.loads(metadata["config"])
    return config | {"causal": config["attention_dir"] == "causal"}, tensors


def weights(tensors, config):
    """The weights of each layer, heads side by side: [d_model, heads*d_head]."""
    for layer in range(config["n_layers"]):
        t = {k.split(f"blocks.{layer}.")[1]: v for k, v in tensors.items() if k.startswith(f"blocks.{layer}.")}
        wide = config["n_heads"] * config["d_head"]
        for name in "QKV":
            t["attn.W_" + name] = np.ascontiguousarray(t["attn.W_" + name].transpose(1, 0, 2).reshape(config["d_model"], wide))
            t["attn.b_" + name] = t["attn.b_" + name].reshape(wide)
        t["attn.W_O"] = t["attn.W_O"].reshape(wide, config["d_model"])
        yield t


def onnx_session(config, tensors, length):
    import onnx
    import onnxruntime
    from onnx import TensorProto, helper, numpy_helper

    nodes, constants, count = [], [], [0]

    def constant(value):
        count[0] += 1
        constants.append(numpy_helper.from_array(np.ascontiguousarray(value), f"c{count[0]}"))
        return f"c{count[0]}"

    def op(kind, *inputs, **attributes):
        count[0] += 1
        nodes.append(helper.make_node(kind, list(inputs), [f"n{count[0]}"], **attributes))
        return f"n{count[0]}"

    def affine(x, w, b):
        return op("Add", op("MatMul", x, constant(w)), constant(b))

    heads, d_head = config["n_heads"], config["d_head"]
    split = constant(np.array([0, 0, heads, d_head], dtype=np.int64))
    joined = constant(np.array([0, 0, heads * d_head], dtype=np.int64))
    mask = None
    if config["causal"]:
        mask = constant(np.triu(np.full((length, length), -np.inf, dtype=np.float32), 1))
    x = op("Add", op("Gather", constant(tensors["embed.W_E"]), "ids"), constant(tensors["pos_embed.W_pos"][:length]))
    for t in weights(tensors, config):
        q, k, v = (op("Reshape", affine(x, t["attn.W_" + n], t["attn.b_" + n]), split) for n in "QKV")
        scores = op("MatMul", op("Transpose", q, perm=[0, 2, 1, 3]), op("Transpose", k, perm=[0, 2, 3, 1]))
        if mask:
            scores = op("Add", scores, mask)
        z = op("MatMul", op("Softmax", scores, axis=-1), op("Transpose", v, perm=[0, 2, 1, 3]))
        z = op("Reshape", op("Transpose", z, perm=[0, 2, 1, 3]), joined)
        x = op("Add", x, affine(z, t["attn.W_O"], t["attn.b_O"]))
        hidden = op("Relu", affine(x, t["mlp.W_in"], t["mlp.b_in"]))
        x = op("Add", x, affine(hidden, t["mlp.W_out"], t["mlp.b_out"]))
    logits = affine(x, tensors["unembed.W_U"], tensors["unembed.b_U"])
    graph = helper.make_graph(
        nodes, "model",
        [helper.make_tensor_value_info("ids", TensorProto.INT64, ["batch", length])],
        [helper.make_tensor_value_info(logits, TensorProto.FLOAT, ["batch", length, None])], constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.checker.check_model(model)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    return lambda ids: session.run(None, {"ids": ids})[0]


def torch_model(config, tensors, length):
    import torch
    import torch.nn.functional as F

    torch.set_num_threads(1)
    tensor = lambda a: torch.from_numpy(np.array(a))
    layers = [{k: tensor(v.T) if ".W_" in k else tensor(v) for k, v in t.items()} for t in weights(tensors, config)]
    embed, unembed = tensor(tensors["embed.W_E"]), tensor(tensors["unembed.W_U"].T)
    positions, bias = tensor(tensors["pos_embed.W_pos"][:length]), tensor(tensors["unembed.b_U"])
    heads, d_head = config["n_heads"], config["d_head"]

    def forward(ids):
        x = F.embedding(ids, embed) + positions
        for t in layers:
            q, k, v = (F.linear(x, t["attn.W_" + n], t["attn.b_" + n]).unflatten(-1, (heads, d_head)).transpose(1, 2) for n in "QKV")
            z = F.scaled_dot_product_attention(q, k, v, is_causal=config["causal"], scale=1.0)
            x = x + F.linear(z.transpose(1, 2).flatten(-2), t["attn.W_O"], t["attn.b_O"])
            x = x + F.linear(F.relu(F.linear(x, t["mlp.W_in"], t["mlp.b_in"])), t["mlp.W_out"], t["mlp.b_out"])
        return F.linear(x, unembed, bias)

    def run(forward):
        with torch.inference_mode():
            return lambda ids: forward(torch.from_numpy(ids)).numpy()

    return run, forward


def torch_as_it_is(*model):
    run, forward = torch_model(*model)
    return run(forward)


def torch_compiled(*model):
    import torch

    run, forward = torch_model(*model)
    return run(torch.compile(forward, dynamic=False))


RIVALS = {"ONNX Runtime": onnx_session, "PyTorch": torch_as_it_is, "PyTorch, compiled": torch_compiled}
PACKAGES = {"ONNX Runtime": ["onnx", "onnxruntime"], "PyTorch": ["torch"], "PyTorch, compiled": ["torch"]}


def complain(rivals):
    """End here, and not in a process of its own, where a rival is unknown or not installed."""
    if unknown := [name for name in rivals if name not in RIVALS]:
        sys.exit(f"{unknown[0]} is no rival; there are {', '.join(RIVALS)}")
    packages = dict.fromkeys(p for name in rivals for p in PACKAGES[name])
    if missing := [p for p in packages if not importlib.util.find_spec(p)]:
        sys.exit(f"pip install {' '.join(missing)}, or choose by --rivals")


def random_inputs(config, batch):
    """Token ids [batch, positions], BOS first."""
    bos = config["d_vocab"] - 1
    ids = np.random.default_rng(1).integers(0, bos, (batch, config["n_ctx"]))
    ids[:, 0] = bos
    return ids


def serve(name):
    """A process that answers lines "model BATCH REPEATS FILE" with seconds of the CPU.

    A file NAME.BATCH.npy beside the model keeps the first logits that any rival computed.
    """
    print(name, flush=True)
    runs = {}
    for line in sys.stdin:
        _, batch, repeats, path = line.strip().split(" ", 3)
        key = batch, path
        if key not in runs:
            config, tensors = load(path)
            ids = random_inputs(config, int(batch))
            run = RIVALS[name](config, tensors, config["n_ctx"])
            logits, kept = run(ids), f"{path}.{batch}.npy"
            if not os.path.exists(kept):
                np.save(kept, logits)
            assert np.allclose(np.load(kept), logits, rtol=1e-3, atol=1e-3), f"{name} computes something else"
            runs = {key: (run, ids)}
        run, ids = runs[key]
        run(ids)
        start = time.thread_time()
        for _ in range(int(repeats)):
            run(ids)
        print((time.thread_time() - start) / int(repeats), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("models", nargs="*")
    parser.add_argument("--batch", type=int, nargs="+", default=[1, 256])
    parser.add_argument("--turns", type=int, default=10)
    parser.add_argument("--ours", default="", help="the program of ./ours, if it is built already")
    parser.add_argument("--against", default="", help="another one, such as of the version before")
    parser.add_argument("--rivals", nargs="*", default=list(RIVALS), help="of " + ", ".join(RIVALS))
    parser.add_argument("--serve", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.serve:
        return serve(arguments.serve)
    complain(arguments.rivals)
    with tempfile.TemporaryDirectory() as folder:
        ours = arguments.ours or os.path.join(folder, "ours")
        if not arguments.ours:
            subprocess.run(["go", "build", "-o", ours, "./ours"], cwd=HERE, check=True)
        told = variables(threads=1, avx2=False)
        contestants = [Contestant(told, "rasp", ours)]
        if arguments.against:
            contestants.append(Contestant(told, "before", arguments.against))
        contestants += [Contestant(told, name, sys.executable, __file__, "--serve", name) for name in arguments.rivals]
        print(f"{cpu()}; load {os.getloadavg()[0]:.1f}\n")
        print(f"| model | batch | {' | '.join(c.name for c in contestants)} | ratio | median |")
        print("|---|" + "---:|" * (len(contestants) + 3))
        for number, path in enumerate(arguments.models):
            copy = os.path.join(folder, f"{number}.safetensors")
            os.symlink(os.path.abspath(path), copy)
            for batch in arguments.batch:
                print(row(os.path.basename(path), copy, batch, contestants, arguments.turns), flush=True)


def row(label, path, batch, contestants, turns):
    """A line of the table."""
    once = [c.seconds(f"model {batch} 1 {path}") for c in contestants]
    times = [[c.seconds(f"model {batch} {max(1, round(0.03 / max(t, 1e-6)))} {path}") for c, t in zip(contestants, once)]
             for _ in range(turns)]
    rivals = [i for i, c in enumerate(contestants) if c.name not in ("rasp", "before")]
    fastest = [min(t[i] for t in times) for i in range(len(contestants))]
    ratio = min((fastest[i] for i in rivals), default=0) / fastest[0]
    median = statistics.median(min((t[i] for i in rivals), default=0) / t[0] for t in times)
    return f"| {label} | {batch} | {' | '.join(f'{t / batch * 1e6:.2f}' for t in fastest)} | {ratio:.1f} | {median:.1f} |"


if __name__ == "__main__":
    main()
