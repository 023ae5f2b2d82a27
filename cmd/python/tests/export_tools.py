"""Opens the folders of `rasp export` in the tools that they are for.

Each function takes a folder and a Reference, and gives a function from ids [batch, position]
to logits [batch, position, column]. What is missing of a tool is an ImportError.
"""
import json
import pathlib
import runpy

import numpy as np


def transformerlens(folder, reference):
    import torch
    import transformer_lens  # noqa: F401

    model = runpy.run_path(str(pathlib.Path(folder) / "load.py"))["model"]

    def logits(ids):
        with torch.no_grad():
            return model(torch.from_numpy(ids)).numpy()

    return logits


def huggingface(attention):
    def opened(folder, reference):
        import torch
        import transformers

        config = json.loads((pathlib.Path(folder) / "config.json").read_text())
        kind = transformers.AutoModelForTokenClassification
        if config["architectures"][0] in ("GPT2LMHeadModel", "LlamaForCausalLM"):
            kind = transformers.AutoModelForCausalLM
        model, loading = kind.from_pretrained(folder, attn_implementation=attention, output_loading_info=True)
        assert not any(loading.values()), loading
        assert type(model).__name__ == config["architectures"][0]
        model.eval()

        def logits(ids):
            with torch.no_grad():
                found = model(torch.from_numpy(ids)).logits.numpy()
            return by_column(found, reference) if kind is transformers.AutoModelForCausalLM else found

        return logits

    return opened


def by_column(found, reference):
    """The columns of logits by token id; all else must be impossible."""
    vocab = reference.config["vocab"]
    columns = [vocab.index(token) for token in reference.config["outputs"][0]["classes"]]
    rest = [i for i in range(found.shape[-1]) if i not in columns]
    assert (found[..., rest] == -(2**30)).all()
    return found[..., columns]


def onnx(folder, reference):
    import onnx
    import onnxruntime

    file = str(pathlib.Path(folder) / "model.onnx")
    onnx.checker.check_model(file, full_check=True)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])
    return lambda ids: session.run(["logits"], {"tokens": ids})[0]


def llama_cpp(folder, reference):
    import contextlib
    import io

    import llama_cpp

    n = reference.longest + 1
    with contextlib.redirect_stderr(io.StringIO()):
        model = llama_cpp.Llama(
            str(pathlib.Path(folder) / "model.gguf"), n_ctx=n, n_batch=n, n_ubatch=n, n_threads=1, n_gpu_layers=0,
            type_k=0, type_v=0, flash_attn=False, logits_all=True, verbose=False,
        )  # fmt: skip
    causal = reference.config["causal"]
    if not causal:
        llama_cpp.llama_set_causal_attn(model.ctx, False)
    predicts = causal and len(reference.config["outputs"]) == 1 and reference.config["outputs"][0].get("next", False)

    def logits(ids):
        rows = []
        for row in ids:
            model.reset()
            model.eval(row.tolist())
            rows.append(np.array(model.scores[: len(row)]))
        found = np.stack(rows)
        if predicts:
            return by_column(found, reference)
        return found[..., : reference.weights["unembed.b_U"].shape[0]]

    return logits


# By a name: the form of the export, and how it is opened.
TOOLS = {
    "transformerlens": ("transformerlens", transformerlens),
    "huggingface-eager": ("huggingface", huggingface("eager")),
    "huggingface-sdpa": ("huggingface", huggingface("sdpa")),
    "llama": ("llama", huggingface("sdpa")),
    "onnx": ("onnx", onnx),
    "llama.cpp": ("gguf", llama_cpp),
}
