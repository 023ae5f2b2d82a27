"""Models written for other tools, and opened in them."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any, Dict

import numpy as np
import pytest

import rasp

pytestmark = [pytest.mark.usefixtures("export"), pytest.mark.filterwarnings("ignore::rasp.RaspWarning")]


def test_onnx(sort: rasp.Model, tmp_path: Path) -> None:
    runtime = pytest.importorskip("onnxruntime", reason="ONNX Runtime is not installed")
    said = sort.to_onnx(tmp_path / "sort.onnx")
    assert [f.name for f in tmp_path.iterdir()] == ["sort.onnx"] and str(tmp_path / "sort.onnx") in said
    session = runtime.InferenceSession(str(tmp_path / "sort.onnx"))
    for tokens in ("cab", "a", "bbaca"):
        (logits, *_) = session.run(None, {session.get_inputs()[0].name: sort.ids(tokens)[None]})
        np.testing.assert_allclose(logits[0, 1:], sort.logits(tokens), atol=1e-5)
    sort.to_onnx(tmp_path / "folder")
    assert (tmp_path / "folder" / "model.onnx").exists() and (tmp_path / "folder" / "README.md").exists()


def test_huggingface_opens_as_it_says(sort: rasp.Model, tmp_path: Path) -> None:
    pytest.importorskip("transformers", reason="transformers is not installed")
    torch: Any = pytest.importorskip("torch", reason="torch is not installed")
    said = sort.to_huggingface(tmp_path / "sort")
    names: Dict[str, Any] = {}
    exec(said, names)
    with torch.no_grad():
        logits = names["model"](torch.from_numpy(sort.ids("cab"))[None]).logits[0, 1:].numpy()
    np.testing.assert_allclose(logits, sort.logits("cab"), atol=1e-4)


def test_gguf(tmp_path: Path) -> None:
    model = rasp.compile("induction")
    model.to_gguf(tmp_path / "x.gguf")
    assert (tmp_path / "x.gguf").read_bytes()[:4] == b"GGUF"


def test_what_is_not_certified_is_a_warning(sort: rasp.Model, tmp_path: Path) -> None:
    with pytest.warns(rasp.RaspWarning, match="not certified"):
        sort.export("onnx", tmp_path / "x")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        sort.export("safetensors", tmp_path / "y")


def test_unknown_form(sort: rasp.Model, tmp_path: Path) -> None:
    with pytest.raises(rasp.RaspError, match="unknown form"):
        sort.export("tensorflow", tmp_path / "x")
