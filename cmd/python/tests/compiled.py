"""Compiled models for the tests: the command, its files, and the same model in TransformerLens.

RASP is the command to test; without it, it is built with Go.
"""

import atexit
import functools
import json
import os
import pathlib
import shutil
import struct
import subprocess
import tempfile

import pytest

REPOSITORY = pathlib.Path(__file__).resolve().parents[3]


@functools.cache
def folder():
    """A folder that goes when the tests end."""
    path = pathlib.Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, path, ignore_errors=True)
    return path


@functools.cache
def command():
    """The path of the command."""
    if given := os.environ.get("RASP"):
        return given
    if not shutil.which("go"):
        pytest.skip("there is no Go to build rasp with; RASP names a finished one")
    path = folder() / "rasp"
    subprocess.run(["go", "build", "-o", path, "./cmd/rasp"], cwd=REPOSITORY, check=True)
    return str(path)


def rasp(*arguments, stdin=None):
    """What the command prints; exit status 1 says that a comparison or a line failed."""
    done = subprocess.run([command(), *map(str, arguments)], input=stdin, capture_output=True, text=True)
    assert done.returncode <= 1 and "panic" not in done.stderr, done.stderr
    return done


@functools.cache
def compiled(program, *flags):
    """The model file of a program, None if the program has no domain or no model."""
    path = folder() / (pathlib.Path(program).stem + ".safetensors")
    done = rasp("compile", program, "-o", path, *flags)
    return path if done.returncode == 0 else None


def ready_made():
    """The names of the ready-made programs."""
    return [line.split()[0] for line in rasp("list").stdout.splitlines()]


# Scores are divided by nothing. 1 itself is refused by TransformerLens; in float32 this is 1.
SCALE = 1 + 1e-8


class Model:
    """The metadata of a model file."""

    def __init__(self, path):
        with open(path, "rb") as f:
            metadata = json.loads(f.read(*struct.unpack("<Q", f.read(8))))["__metadata__"]
        self.path = path
        self.config = json.loads(metadata["config"])
        self.vocab = [json.loads(token) for token in json.loads(metadata["vocab"])]
        self.outputs = json.loads(metadata["outputs"])
        self.names = json.loads(metadata["names"])
        self.of_form = "inputs" in metadata

    def lens(self, double=False):
        """The model in TransformerLens, in float32 or float64."""
        torch = pytest.importorskip("torch", reason="torch is not installed")
        lens = pytest.importorskip("transformer_lens", reason="transformer_lens is not installed")
        conversion = pytest.importorskip(
            "transformer_lens.utilities.tl_checkpoint_conversion", reason="transformer_lens 4 is not installed"
        )
        config, tensors = self.config, self.tensors
        sizes = {name: config[name] for name in ("d_model", "d_head", "n_heads", "n_layers", "n_ctx", "d_mlp", "d_vocab", "d_vocab_out")}
        bridge_config = lens.TransformerBridgeConfig(
            **sizes, act_fn="relu", normalization_type=None, positional_embedding_type="standard",
            attention_dir=config["attention_dir"], init_weights=False, device="cpu", default_prepend_bos=False,
            attn_scale=SCALE,
        )
        bridge = lens.TransformerBridge.boot_native(bridge_config)
        state = {name: torch.from_numpy(tensor) for name, tensor in tensors.items()}
        if double:
            bridge = bridge.double()
            state = {name: tensor.double() / (SCALE if name.endswith(("W_Q", "b_Q")) else 1) for name, tensor in state.items()}
        bridge.load_state_dict(conversion.convert_tl_checkpoint(state, bridge_config), strict=True)
        return bridge.eval()

    @functools.cached_property
    def tensors(self):
        """The weights, those that are stored sparsely made whole."""
        numpy = pytest.importorskip("numpy", reason="numpy is not installed")
        safetensors = pytest.importorskip("safetensors", reason="safetensors is not installed")
        with safetensors.safe_open(self.path, "np") as f:
            tensors = {name: f.get_tensor(name) for name in f.keys()}
            sparse = json.loads(f.metadata().get("sparse", "{}"))
        for name, shape in sparse.items():
            tensors[name] = numpy.zeros(shape, numpy.float32)
            tensors[name].flat[tensors.pop(name + ".indices")] = tensors.pop(name + ".values")
        return tensors
