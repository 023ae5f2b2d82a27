"""Models in TransformerLens, 4.x or older, whichever is installed."""

from __future__ import annotations

import random
from typing import List

import numpy as np
import pytest

import rasp

torch = pytest.importorskip("torch", reason="torch is not installed")
lens = pytest.importorskip("transformer_lens", reason="TransformerLens is not installed")


def inputs(model: rasp.Model, n: int) -> List[List[rasp.Value]]:
    r = random.Random(1)
    return [[r.choice(model.vocab) for _ in range(r.randint(1, model.length))] for _ in range(n)]


# Heads of several layers, counting, numbers, a prediction of the next token.
@pytest.mark.parametrize("name", ["sort", "reverse", "most_frequent", "dyck1", "induction", "majority"])
def test_logits_are_ours(name: str) -> None:
    model = rasp.compile(name)
    other = model.to_transformer_lens()
    tried = inputs(model, 100)
    for tokens, ours in zip(tried, model.logits_batch(tried)):
        with torch.no_grad():
            theirs = other(torch.from_numpy(model.ids(tokens))[None])[0, 1:].numpy()
        np.testing.assert_allclose(theirs, ours, rtol=1e-5, atol=1e-5 * max(1, np.abs(ours).max()))
        assert (theirs.argmax(-1) == ours.argmax(-1)).all()


def test_pattern_is_the_trace(sort: rasp.Model) -> None:
    other = sort.to_transformer_lens()
    _, cache = other.run_with_cache(torch.from_numpy(sort.ids("cab"))[None])
    for layer in sort.trace("cab")["layers"]:
        for head in layer["heads"]:
            theirs = cache["pattern", layer["layer"]][0, head["head"]].detach().numpy()
            np.testing.assert_allclose(theirs, head["weights"], atol=1e-6)


def test_hook_that_ablates_is_the_intervention(sort: rasp.Model) -> None:
    other = sort.to_transformer_lens()

    def zero(z: torch.Tensor, hook: object) -> torch.Tensor:
        z = z.clone()
        z[:, :, 1] = 0
        return z

    (out,) = sort.outputs
    for tokens in ("cab", "bbac", "a"):
        logits = other.run_with_hooks(torch.from_numpy(sort.ids(tokens))[None], fwd_hooks=[("blocks.0.attn.hook_z", zero)])
        theirs = [out["classes"][i] for i in logits[0, 1:].argmax(-1).tolist()]
        assert [theirs] == sort.intervene(tokens, ablate="0.1")["after"]
