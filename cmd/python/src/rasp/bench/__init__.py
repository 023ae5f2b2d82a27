"""Scores of methods of interpretability on models whose insides are known.

``rasp suite -o SUITE`` makes the models, ``python -m rasp.bench score SUITE -o OUT`` scores the
methods on them (docs/raspbench.md). For a method of one's own:

>>> from rasp import bench
>>> for item in bench.read("SUITE"):
...     scores = my_method(item.network, item.batches("all"))   # a number for each of item.network.edges
...     print(item.name, bench.auroc(scores, item.edges()["moving"]))
"""

from __future__ import annotations

from ._discovery import METHODS, Batch, acdc, auroc, eap, eap_ig, floors, patching
from ._network import Edge, Network
from ._suite import Item, read

__all__ = ["METHODS", "Batch", "Edge", "Item", "Network", "acdc", "auroc", "eap", "eap_ig", "floors", "patching", "read"]
