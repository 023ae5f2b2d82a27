"""Run a model file in ONNX Runtime and in PyTorch, and with `rasp bench` beside.

    go build -o rasp ./cmd/rasp
    ./rasp compile sort --length 64 -o sort.safetensors
    pip install numpy onnx onnxruntime torch
    python runtime/bench/rivals.py sort.safetensors --rasp ./rasp --batch 256

All compute the logits of random inputs from the same weights, and the script
checks that the two rivals agree; rasp decodes the logits into tokens too. The
time of each is that of the fastest of many repetitions; for the rivals, with one
thread, the CPU time if that is less than the time that passed, so that a busy
machine does not count against them.
"""

import argparse
import json
import struct
import subprocess
import time

import numpy as np


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
        tensors[name] = np.frombuffer(data[start:end], dtype="<f4").reshape(t["shape"])
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


def onnx_session(config, tensors, length, threads):
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
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    return lambda ids: session.run(None, {"ids": ids})[0]


def torch_model(config, tensors, length, threads):
    import torch
    import torch.nn.functional as F

    torch.set_num_threads(threads)
    tensor = lambda a: torch.from_numpy(np.array(a))
    layers = [{k: tensor(v.T) if ".W_" in k else tensor(v) for k, v in t.items()} for t in weights(tensors, config)]
    embed, unembed = tensor(tensors["embed.W_E"]), tensor(tensors["unembed.W_U"].T)
    positions, bias = tensor(tensors["pos_embed.W_pos"][:length]), tensor(tensors["unembed.b_U"])
    heads, d_head = config["n_heads"], config["d_head"]

    @torch.inference_mode()
    def run(ids):
        ids = torch.from_numpy(ids)
        x = F.embedding(ids, embed) + positions
        for t in layers:
            q, k, v = (F.linear(x, t["attn.W_" + n], t["attn.b_" + n]).unflatten(-1, (heads, d_head)).transpose(1, 2) for n in "QKV")
            z = F.scaled_dot_product_attention(q, k, v, is_causal=config["causal"], scale=1.0)
            x = x + F.linear(z.transpose(1, 2).flatten(-2), t["attn.W_O"], t["attn.b_O"])
            x = x + F.linear(F.relu(F.linear(x, t["mlp.W_in"], t["mlp.b_in"])), t["mlp.W_out"], t["mlp.b_out"])
        return F.linear(x, unembed, bias).numpy()

    return run


def fastest(run, threads, seconds=3.0):
    """The shortest time, in seconds, of repetitions that take so long."""
    run()
    best, end = float("inf"), time.perf_counter() + seconds
    while time.perf_counter() < end:
        wall, cpu = time.perf_counter(), time.process_time()
        run()
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        best = min(best, wall, cpu if threads == 1 else wall)
    return best


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("model")
    parser.add_argument("--rasp", default="./rasp", help="the program")
    parser.add_argument("--batch", type=int, default=256)
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()

    config, tensors = load(arguments.model)
    length = config["n_ctx"]
    bos = tensors["embed.W_E"].shape[0] - 1
    ids = np.random.default_rng(1).integers(0, bos, (arguments.batch, length))
    ids[:, 0] = bos
    tokens = arguments.batch * (length - 1)

    speeds, logits = {}, []
    for name, make in {"ONNX Runtime": onnx_session, "PyTorch": torch_model}.items():
        run = make(config, tensors, length, arguments.threads)
        logits.append(run(ids))
        speeds[name] = tokens / fastest(lambda: run(ids), arguments.threads)
    assert np.allclose(*logits, rtol=1e-3, atol=1e-3), "the two do not compute the same"

    lines = subprocess.run([arguments.rasp, "bench", arguments.model, "--json", "--batch", str(arguments.batch),
                            "--threads", str(arguments.threads)], check=True, capture_output=True, text=True).stdout.splitlines()
    for result in map(json.loads, lines[1:]):
        if result["work"] == "batch" and result["batch"] == arguments.batch:
            speeds["rasp " + result["weights"]] = result["tokens_per_second"]
    print(f"batch {arguments.batch}, length {length - 1}, threads: {arguments.threads}")
    for name, speed in speeds.items():
        print(f"{name:13} {speed:12.0f} tokens/s   {speed / speeds['ONNX Runtime']:6.2f} of ONNX Runtime")


if __name__ == "__main__":
    main()
