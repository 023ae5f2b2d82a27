"""Change a weight of a model: python3 edit.py MODEL.safetensors NEW.safetensors TENSOR INDEX VALUE

INDEX counts all elements of the tensor, row by row. Needs nothing but Python. Not for tensors that are stored as what is
not 0.
"""

import json
import struct
import sys

old, new, tensor, index, value = sys.argv[1:]
with open(old, "rb") as f:
    header = json.loads(f.read(*struct.unpack("<Q", f.read(8))))
    data = bytearray(f.read())
place = header[tensor]["data_offsets"][0] + 4 * int(index)
before = struct.unpack_from("<f", data, place)[0]
struct.pack_into("<f", data, place, float(value))
del header["__metadata__"]["digest"]  # with it, the file would be refused
text = json.dumps(header, separators=(",", ":")).encode()
text += b" " * (-len(text) % 8)  # data begins at a multiple of 8
with open(new, "wb") as f:
    f.write(struct.pack("<Q", len(text)) + text + data)
print(f"{tensor}[{index}]: {before:g} -> {float(value):g}")
