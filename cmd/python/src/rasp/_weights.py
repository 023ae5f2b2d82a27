"""The tensors of a model file, without a copy."""

from __future__ import annotations

import json
import mmap
import struct
from typing import Any, Dict, Tuple

import numpy as np

Arrays = Dict[str, "np.ndarray[Any, Any]"]
_TYPES = {"F32": "<f4", "F64": "<f8", "I32": "<i4", "I64": "<i8"}


def read(path: str) -> Tuple[Arrays, Dict[str, str]]:
    """The tensors of a safetensors file by name, and its metadata.

    The arrays are views of the mapped file and cannot be written to; the tensors that the
    file has as the places and values of what is not 0 are made whole, and are new.
    """
    with open(path, "rb") as f:
        (size,) = struct.unpack("<Q", f.read(8))
        header = json.loads(f.read(size))
        mapped = mmap.mmap(f.fileno(), 0, access=mmap.ACCESS_READ)
    metadata: Dict[str, str] = header.pop("__metadata__", {})
    arrays: Arrays = {}
    for name, tensor in header.items():
        begin, end = tensor["data_offsets"]
        kind = np.dtype(_TYPES[tensor["dtype"]])
        data = np.frombuffer(mapped, kind, (end - begin) // kind.itemsize, 8 + size + begin)
        arrays[name] = data.reshape(tensor["shape"])
    for name, shape in json.loads(metadata.get("sparse", "{}")).items():
        whole = np.zeros(shape, np.float32)
        whole.reshape(-1)[arrays.pop(name + ".indices")] = arrays.pop(name + ".values")
        whole.flags.writeable = False
        arrays[name] = whole
    return arrays, metadata
