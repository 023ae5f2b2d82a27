"""RASP programs as exact transformers.

``rasp.compile`` turns a program of Weiss, Goldberg and Yahav's language into the weights of a
transformer, whose outputs are the program's on every input over its vocabulary up to its
length. A ``Model`` runs, shows and changes what it computes in the names of the program, and
becomes a TransformerLens model, a Hugging Face folder or an ONNX file.

>>> import rasp
>>> model = rasp.compile("sort", vocab="abc", length=5)
>>> model("cab")
['a', 'b', 'c']
"""

from __future__ import annotations

from ._errors import Fault, RaspError, RaspWarning
from ._model import Model, compile, load
from ._picture import Picture
from ._program import Tokens, Value, command, interpret, programs, sample, source
from ._binary import binary

__all__ = [
    "Fault",
    "Model",
    "Picture",
    "RaspError",
    "RaspWarning",
    "Tokens",
    "Value",
    "binary",
    "command",
    "compile",
    "interpret",
    "load",
    "load_ipython_extension",
    "programs",
    "sample",
    "source",
]
__version__ = "0.1.0"


def load_ipython_extension(shell: object) -> None:
    """``%load_ext rasp``: makes the cell magic ``%%rasp``."""
    from ._magic import register

    register(shell)
