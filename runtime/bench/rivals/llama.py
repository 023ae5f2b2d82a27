"""llama.cpp running a model of GPT-2's architecture and of random weights in float32 on one
thread, its LayerNorm and GELU included: a process that reads the lines of model.py and answers
each with the seconds of its CPU time that one takes.
"""

import ctypes
import os
import sys
import tempfile
import time

import gguf
import llama_cpp as llama
import numpy as np

CONTEXT = 2048


@llama.llama_log_callback
def silent(_level, _text, _data):
    pass


llama.llama_log_set(silent, ctypes.c_void_p())
print(f"llama.cpp, llama-cpp-python {llama.__version__}, {llama.llama_print_system_info().decode()}", flush=True)


def write(path, dims, layers, heads, vocab):
    """A GGUF file of random weights."""
    random = np.random.default_rng(1)
    file = gguf.GGUFWriter(path, "gpt2")
    file.add_context_length(CONTEXT)
    file.add_embedding_length(dims)
    file.add_feed_forward_length(4 * dims)
    file.add_block_count(layers)
    file.add_head_count(heads)
    file.add_layer_norm_eps(1e-5)
    file.add_tokenizer_model("none")
    file.add_vocab_size(vocab)

    def weights(name, out, into):
        file.add_tensor(name + ".weight", (random.random((out, into), np.float32) * 2 - 1) * np.float32((3 / into) ** 0.5))

    def affine(name, out, into):
        weights(name, out, into)
        file.add_tensor(name + ".bias", np.zeros(out, np.float32))

    def norm(name):
        file.add_tensor(name + ".weight", np.ones(dims, np.float32))
        file.add_tensor(name + ".bias", np.zeros(dims, np.float32))

    weights("token_embd", vocab, dims)
    weights("position_embd", CONTEXT, dims)
    weights("output", vocab, dims)
    norm("output_norm")
    for layer in range(layers):
        norm(f"blk.{layer}.attn_norm")
        affine(f"blk.{layer}.attn_qkv", 3 * dims, dims)
        affine(f"blk.{layer}.attn_output", dims, dims)
        norm(f"blk.{layer}.ffn_norm")
        affine(f"blk.{layer}.ffn_up", 4 * dims, dims)
        affine(f"blk.{layer}.ffn_down", dims, 4 * dims)
    file.write_header_to_file()
    file.write_kv_data_to_file()
    file.write_tensors_to_file()
    file.close()


class Model:
    def __init__(self, dims, layers, heads, vocab):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "model.gguf")
            write(path, dims, layers, heads, vocab)
            self.model = llama.llama_model_load_from_file(path.encode(), llama.llama_model_default_params())
        parameters = llama.llama_context_default_params()
        parameters.n_ctx = parameters.n_batch = CONTEXT
        parameters.n_threads = parameters.n_threads_batch = 1
        parameters.type_k = parameters.type_v = llama.GGML_TYPE_F32
        self.context = llama.llama_init_from_model(self.model, parameters)
        self.memory = llama.llama_get_memory(self.context)

    def run(self, ids, past):
        """Compute the logits of the last of some tokens, the first of which stands at past."""
        llama.llama_memory_seq_rm(self.memory, 0, past, -1)
        if llama.llama_decode(self.context, llama.llama_batch_get_one(ids, len(ids))) != 0:
            sys.exit("llama_decode failed")
        llama.llama_get_logits_ith(self.context, -1)


models = {}
for line in sys.stdin:
    kind, *shape = line.split()
    *shape, length, repeats = map(int, shape)
    model = models.get(tuple(shape)) or models.setdefault(tuple(shape), Model(*shape))
    ids = (llama.llama_token * (length + 1))(*(i % shape[-1] for i in range(length + 1)))
    one = (llama.llama_token * 1)()
    if kind == "decode":
        model.run(ids, 0)
    for i in range(-1, repeats):  # the first is not counted
        if i == 0:
            start = time.process_time()
        if kind == "decode":
            model.run(one, length + 1)
        else:
            model.run(ids, 0)
    print((time.process_time() - start) / repeats, flush=True)
