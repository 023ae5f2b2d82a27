"""Rows of ``rasp corpus`` as those read them who train on them: each model is made of its row and run by the formulas."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any, Callable, Dict, List

import numpy as np
import pytest

import rasp
from conftest import ROOT

Row = Dict[str, Any]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus in each format."""
    if shutil.which("go") is None:
        pytest.skip("there is no Go to build rasp")
    folder = tmp_path_factory.mktemp("corpus")
    program = folder / "rasp"
    subprocess.run(["go", "build", "-o", str(program), "./cmd/rasp"], cwd=ROOT, env={**os.environ, "CGO_ENABLED": "0"}, check=True)
    (folder / "spec.json").write_text('{"candidates": 60, "block": 25, "labels": true}')
    for format in "parquet", "jsonl", "safetensors":
        subprocess.run([program, "corpus", "spec.json", "-o", "rows", "--format", format], cwd=folder, check=True)
    return folder / "rows"


def by_pandas(data: Path) -> List[Row]:
    pandas = pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    return list(pandas.concat(pandas.read_parquet(f) for f in sorted(data.glob("*.parquet"))).to_dict("records"))


def by_polars(data: Path) -> List[Row]:
    return list(pytest.importorskip("polars").read_parquet(data / "*.parquet").to_dicts())


def by_duckdb(data: Path) -> List[Row]:
    found = pytest.importorskip("duckdb").sql(f"select * from '{data}/*.parquet' order by id")
    return [dict(zip(found.columns, row)) for row in found.fetchall()]


def by_datasets(data: Path) -> List[Row]:
    load = pytest.importorskip("datasets").load_dataset
    return list(load("parquet", data_files=str(data / "*.parquet"), cache_dir=str(data.parent / "cache"))["train"])


def by_json(data: Path) -> List[Row]:
    return [json.loads(line) for f in sorted(data.glob("0?????.jsonl")) for line in f.read_text().splitlines()]


def by_safetensors(data: Path) -> List[Row]:
    from safetensors import safe_open

    rows = []
    index = json.loads((data / "model.safetensors.index.json").read_text())
    for beside in sorted(data.glob("*.safetensors.jsonl")):
        with safe_open(data / beside.stem, "np") as file:
            for row in map(json.loads, beside.read_text().splitlines()):
                names = [f"{row['id']}.{t['name']}" for t in row["tensors"]]
                assert all(index["weight_map"][name] == beside.stem for name in names)
                dense = np.concatenate([file.get_tensor(name).ravel() for name in names])
                (row["places"],) = np.nonzero(dense)
                row["weights"] = dense[row["places"]]
                rows.append(row)
    return rows


READERS = [by_json, by_safetensors, by_pandas, by_polars, by_duckdb, by_datasets]


@pytest.mark.parametrize("read", READERS)
def test_rows(corpus: Path, read: Callable[[Path], List[Row]]) -> None:
    rows, wanted = read(corpus / "data"), by_json(corpus / "data")
    assert [row["id"] for row in rows] == [row["id"] for row in wanted]
    assert len(rows) == json.loads((corpus / "report.json").read_text())["rows"]
    for row, other in zip(rows, wanted):
        assert list(row["words"]) == other["words"] and list(row["labels"]["dims"]) == other["labels"]["dims"]
        assert list(row["places"]) == other["places"] and np.array_equal(np.float32(row["weights"]), np.float32(other["weights"]))
    for row in rows[:12]:
        for tokens in "abba", "a", "bbab":
            assert run(row, tokens) == rasp.interpret(row["program"], tokens)


def ids_by_pandas(data: Path, first: str) -> List[str]:
    pandas = pytest.importorskip("pandas")
    return list(pandas.read_parquet(data, columns=["id"], filters=[("id", ">=", first), ("layers", ">", 1)])["id"])


def ids_by_polars(data: Path, first: str) -> List[str]:
    polars = pytest.importorskip("polars")
    rows = polars.scan_parquet(data / "*.parquet").filter((polars.col("id") >= first) & (polars.col("layers") > 1))
    return list(rows.select("id").collect()["id"])


def ids_by_duckdb(data: Path, first: str) -> List[str]:
    rows = pytest.importorskip("duckdb").sql(f"select id from '{data}/*.parquet' where id >= '{first}' and layers > 1 order by id")
    return [id for (id,) in rows.fetchall()]


@pytest.mark.parametrize("ids", [ids_by_pandas, ids_by_polars, ids_by_duckdb])
def test_filters(corpus: Path, ids: Callable[[Path, str], List[str]], tmp_path: Path) -> None:
    """Rows that are filtered by the bounds of row groups, too; of a folder that has nothing but Parquet."""
    for file in (corpus / "data").glob("*.parquet"):
        shutil.copy(file, tmp_path)
    rows = by_json(corpus / "data")
    for first in "0", rows[len(rows) // 2]["id"], rows[-1]["id"], "9":
        assert ids(tmp_path, first) == [row["id"] for row in rows if row["id"] >= first and row["layers"] > 1]


def test_bounds(corpus: Path) -> None:
    """Of plain columns each row group has the least and the largest value."""
    parquet = pytest.importorskip("pyarrow.parquet")
    for name in sorted((corpus / "data").glob("*.parquet")):
        file = parquet.ParquetFile(name)
        assert file.num_row_groups == 1
        rows, group = file.read().to_pylist(), file.metadata.row_group(0)
        bounds = {}
        for i in range(group.num_columns):
            of = group.column(i)
            if of.statistics.has_min_max:
                bounds[of.path_in_schema] = of.statistics.min, of.statistics.max
        plain = ["id", "seed", "length", "causal", "operations", "depth", "fingerprint", "split", "layers", "heads", "d_model", "d_head", "d_mlp", "parameters"]
        assert set(plain) <= set(bounds) and "program" not in bounds
        for column, found in bounds.items():
            values = [row[column] for row in rows]
            assert found == (min(values), max(values)), column


def run(row: Row, tokens: str) -> List[Any]:
    """The first output of the model of a row, by the formulas."""
    dense, w, start = np.zeros(row["parameters"], np.float32), {}, 0
    dense[np.asarray(row["places"])] = row["weights"]
    for t in row["tensors"]:
        size = int(np.prod(t["shape"]))
        w[t["name"]] = dense[start : start + size].reshape(list(t["shape"]))
        start += size
    ids = [len(row["vocab"])] + [list(row["vocab"]).index(t) for t in tokens]  # BOS first
    x = w["embed.W_E"][ids] + w["pos_embed.W_pos"][: len(ids)]
    for layer in range(row["layers"]):
        p = {name.split(".", 2)[2]: a for name, a in w.items() if name.startswith(f"blocks.{layer}.")}
        q, k, v = (np.einsum("pd,hde->hpe", x, p[f"attn.W_{m}"]) + p[f"attn.b_{m}"][:, None] for m in "QKV")
        scores = q @ k.transpose(0, 2, 1)  # [head, query, key]
        if row["causal"]:
            scores += np.triu(np.full(scores.shape[1:], -np.inf, np.float32), 1)
        a = np.exp(scores - scores.max(-1, keepdims=True))
        a /= a.sum(-1, keepdims=True)
        x = x + np.einsum("hpe,hed->pd", a @ v, p["attn.W_O"]) + p["attn.b_O"]
        x = x + np.maximum(x @ p["mlp.W_in"] + p["mlp.b_in"], 0) @ p["mlp.W_out"] + p["mlp.b_out"]
    logits, out = x[1:] @ w["unembed.W_U"] + w["unembed.b_U"], json.loads(row["outputs"])[0]
    if out.get("classes"):
        return [json.loads(out["classes"][i]) for i in logits[:, : len(out["classes"])].argmax(-1)]
    return [pytest.approx(float(x), abs=1e-4) if f else round(float(x)) for x, f in zip(logits[:, 0], logits[:, 1] > 0.5)]
