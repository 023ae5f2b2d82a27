"""Exports give the logits of the model in the tools that they are for.

What is tried is set by the environment:

    RASP                  the binary; built from the repository if it is not set
    RASP_EXPORT_INPUTS    inputs of each model (20); a tenth of it where they are longer than 64
    RASP_EXPORT_MODELS    all: every ready-made program, 50 n-gram models; else a few
    RASP_EXPORT_PROGRAMS  a folder of further programs, *.rasp, compiled at RASP_EXPORT_LENGTH (10)
    RASP_EXPORT_LOG       a file to which each result is added, a JSON object a line

A tool that is not there is skipped; TransformerLens is whichever version is there.
"""
import json
import os
import pathlib
import shutil
import subprocess

import numpy as np
import pytest

pytest.importorskip("safetensors")

from export_programs import ODD, REPOSITORY, language_models, ready_made
from export_reference import Reference
from export_tools import TOOLS

INPUTS = int(os.environ.get("RASP_EXPORT_INPUTS", "20"))
ALL = os.environ.get("RASP_EXPORT_MODELS") == "all"
TOLERANCE = 1e-5  # of a logit, or what float32 makes of the model's own, if that is more


@pytest.fixture(scope="session")
def rasp(tmp_path_factory):
    if "RASP" in os.environ:
        return os.environ["RASP"]
    if not shutil.which("go"):
        pytest.skip("there is no rasp: set RASP to the binary, or install Go")
    binary = tmp_path_factory.mktemp("bin") / "rasp"
    subprocess.run(["go", "build", "-o", binary, "./cmd/rasp"], cwd=REPOSITORY, check=True)
    return str(binary)


@pytest.fixture(scope="session")
def models(rasp, tmp_path_factory):
    """By name: the FILE of rasp export, and flags."""
    folder = tmp_path_factory.mktemp("programs")
    found = {}
    for name, (program, flags) in ODD.items():
        (folder / f"{name}.rasp").write_text(program)
        found[name] = (folder / f"{name}.rasp", flags)
    names = ready_made(rasp)
    for name in names if ALL else ["sort", "sums", "most_frequent", "majority", "dyck2"]:
        found[name] = (name, [])
    for program in language_models(rasp, folder, 50 if ALL else 3):
        found[program.stem] = (program, [])
    if "RASP_EXPORT_PROGRAMS" in os.environ:
        for program in sorted(pathlib.Path(os.environ["RASP_EXPORT_PROGRAMS"]).glob("*.rasp")):
            found[program.stem] = (program, ["--length", os.environ.get("RASP_EXPORT_LENGTH", "10")])
    return found


@pytest.fixture(scope="session")
def compiled(rasp, models, tmp_path_factory):
    """The model file of a name, or the first line of why there is none."""
    folder, known = tmp_path_factory.mktemp("models"), {}

    def of(name):
        if name not in known:
            (file, flags), model = models[name], folder / f"{name}.safetensors"
            done = subprocess.run([rasp, "compile", file, "-o", model, *flags], capture_output=True, text=True)
            known[name] = (None, done.stderr.splitlines()[0]) if done.returncode else (model, None)
        return known[name]

    return of


def export(rasp, file, flags, to, folder):
    """Why there is no export, or None."""
    done = subprocess.run([rasp, "export", file, "--to", to, "-o", folder, *flags], capture_output=True, text=True)
    return done.stderr if done.returncode else None


def differences(logits, reference):
    """The largest difference of a logit, how many inputs there were, and on how many an output differs."""
    worst, inputs, wrong = 0.0, 0, 0
    for ids in reference.inputs(INPUTS if reference.longest <= 64 else INPUTS // 10 + 1, seed=1):
        for part in np.array_split(ids, max(1, ids.size // 4096)):
            want, got = reference.logits(part), logits(part)
            assert got.shape == want.shape
            worst = max(worst, float(np.abs(got - want).max(initial=0)))
            for a, b in zip(reference.decoded(got), reference.decoded(want)):
                wrong += int((a != b).any(axis=1).sum())
            inputs += len(part)
    return worst, inputs, wrong


def rounding(reference):
    """By how much the logits of the model themselves are off in float32; decoding has margins for that."""
    worst, float32 = 0.0, reference.weights
    for ids in reference.inputs(INPUTS, seed=1):
        want = reference.logits(ids)
        reference.weights = {name: w.astype(np.float64) for name, w in float32.items()}
        worst = max(worst, float(np.abs(reference.logits(ids) - want).max(initial=0)))
        reference.weights = float32
    return worst


@pytest.mark.parametrize("tool", TOOLS)
def test_logits(tool, rasp, models, compiled, tmp_path):
    form, opened = TOOLS[tool]
    failed = []
    for name in models:
        model, refused = compiled(name)
        if refused:
            record(tool, name, refused=refused)
            continue
        folder = tmp_path / name
        folder.mkdir()
        for to in ("safetensors", form):
            error = export(rasp, model, [], to, folder / to)
            if error and " cannot hold " in error:
                break
            assert error is None, f"{name}: {error}"
        if error:
            record(tool, name, refused=error.splitlines()[0])
            continue
        reference = Reference(folder / "safetensors")
        try:
            logits = opened(str(folder / form), reference)
        except ImportError as error:
            pytest.skip(f"{tool}: {error}")
        worst, inputs, wrong = differences(logits, reference)
        record(tool, name, worst=worst, inputs=inputs, wrong=wrong)
        if wrong or not (worst <= TOLERANCE or worst <= rounding(reference)):
            failed.append(f"{name}: {worst:.2g} off, {wrong} of {inputs} inputs with another output")
        shutil.rmtree(folder)
    assert not failed, "\n".join(failed)


def record(tool, name, **what):
    if "RASP_EXPORT_LOG" in os.environ:
        with open(os.environ["RASP_EXPORT_LOG"], "a") as log:
            log.write(json.dumps({"tool": tool, "model": name, **what}) + "\n")


@pytest.mark.parametrize(
    "form, tool, name",
    [
        ("transformerlens", "transformer_lens", "model"),
        ("huggingface", "transformers", "model"),
        ("llama", "transformers", "model"),
        ("onnx", "onnxruntime", "session"),
        ("gguf", "llama_cpp", "model"),
        ("safetensors", "safetensors", "weights"),
    ],
)
def test_opens(form, tool, name, rasp, tmp_path):
    """What the command prints opens the folder."""
    pytest.importorskip(tool)
    done = subprocess.run(
        [rasp, "export", "sums", "--to", form, "-o", tmp_path / "it's"], capture_output=True, text=True, check=True
    )
    assert done.stdout.count("\n") == 2
    made = {}
    exec(done.stdout, made)
    assert made[name] is not None


def test_tokenizer(rasp, models, tmp_path):
    """Texts become the ids that the model has for them, BOS first, and back."""
    transformers = pytest.importorskip("transformers")

    def tokenizer(name):
        file, flags = models[name]
        assert export(rasp, file, flags, "huggingface", tmp_path / name) is None
        return transformers.AutoTokenizer.from_pretrained(tmp_path / name)

    sort = tokenizer("sort")
    assert sort("cabbage").input_ids == [8, 2, 0, 1, 1, 0, 6, 4]
    assert sort.decode(sort("cabbage").input_ids, skip_special_tokens=True) == "cabbage"
    assert sort("z").input_ids[1] > 8, "what is unknown has an id that the model does not have"
    odd = tokenizer("odd_tokens")
    assert odd('a b"☃3 2.5 true😀').input_ids[1:3] == [0, 1]
    assert odd("😀").input_ids == [9, 8]
    assert odd('"3"').input_ids == [9, 3] and odd("3").input_ids == [9, 4]
    sums = tokenizer("sums")
    ids = sums("58+67=").input_ids
    assert sums.convert_ids_to_tokens(ids[:3]) == [sums.bos_token, "<s>", "5"]


def test_generate(rasp, models, tmp_path):
    """A model that predicts writes in transformers what it writes in rasp."""
    transformers = pytest.importorskip("transformers")
    assert export(rasp, "sums", [], "huggingface", tmp_path / "sums") is None
    tokenizer = transformers.AutoTokenizer.from_pretrained(tmp_path / "sums")
    model = transformers.AutoModelForCausalLM.from_pretrained(tmp_path / "sums")
    written = model.generate(**tokenizer("58+67=", return_tensors="pt"))
    assert tokenizer.decode(written[0], skip_special_tokens=True) == "58+67=125"


def test_patterns(rasp, tmp_path):
    """The further outputs of ONNX are the patterns of attention; what is too long is an error."""
    onnxruntime = pytest.importorskip("onnxruntime")
    assert export(rasp, "reverse", [], "onnx", tmp_path / "reverse") is None
    session = onnxruntime.InferenceSession(str(tmp_path / "reverse" / "model.onnx"))
    pattern = session.run(["blocks.1.attn.pattern"], {"tokens": np.array([[8, 0, 1, 2, 3]])})[0]
    assert pattern.shape == (1, 1, 5, 5)
    assert (pattern[0, 0, 1:, 1:] == np.eye(4)[::-1]).all()
    with pytest.raises(Exception, match="Add"):
        session.run(None, {"tokens": np.zeros((1, 22), np.int64)})


def test_hooks(rasp, tmp_path):
    """In TransformerLens hooks see and change the model."""
    torch = pytest.importorskip("torch")
    pytest.importorskip("transformer_lens")
    import runpy

    assert export(rasp, "reverse", [], "transformerlens", tmp_path / "reverse") is None
    model = runpy.run_path(str(tmp_path / "reverse" / "load.py"))["model"]
    ids = model.to_tokens("abcd")
    assert ids.tolist() == [[8, 0, 1, 2, 3]]
    logits, cache = model.run_with_cache(ids)
    assert logits[0, 1:].argmax(-1).tolist() == [3, 2, 1, 0]
    assert (cache["pattern", 1][0, 0, 1:, 1:].numpy() == np.eye(4)[::-1]).all()

    def cut(z, hook):
        z[:, :, 0] = 0
        return z

    with torch.no_grad():
        assert (model.run_with_hooks(ids, fwd_hooks=[("blocks.1.attn.hook_z", cut)]) - logits).abs().max() > 1
