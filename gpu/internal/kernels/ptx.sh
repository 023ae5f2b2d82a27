#!/usr/bin/env bash
# Compiles the kernels to ../../ptx, with NVIDIA's compiler from PyPI, in a folder
# that is thrown away. The versions are pinned, so that the result is the same.
#
# PTX must not be newer than the driver that reads it. The kernels use nothing that
# PTX 7.0 does not have, so that is what they are declared as: drivers of CUDA 11.0
# and later (450) take it. For each device the machine code has to be the same.
set -euo pipefail
cd "$(dirname "$0")"
tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
python3 -m venv "$tools"
"$tools/bin/pip" install --quiet nvidia-cuda-nvcc==13.0.88 nvidia-cuda-crt==13.0.88 nvidia-nvvm==13.0.88 nvidia-cuda-runtime==13.0.96
cu=$(echo "$tools"/lib/python3*/site-packages/nvidia/cu13)
mkdir -p ../../ptx
for source in *.cu; do
	name=${source%.cu}
	"$cu/bin/nvcc" -arch=compute_75 -ptx -o "$tools/$name.ptx" "$source"
	sed 's/^\.version .*/.version 7.0/' "$tools/$name.ptx" >"$tools/$name.old.ptx"
	for arch in 75 80 86 89 90 100 120; do
		"$cu/bin/ptxas" -arch=sm_$arch -o "$tools/$name.cubin" "$tools/$name.ptx"
		"$cu/bin/ptxas" -arch=sm_$arch -o "$tools/$name.old.cubin" "$tools/$name.old.ptx"
		cmp "$tools/$name.cubin" "$tools/$name.old.cubin"
	done
	{
		echo "// source sha256 $(sha256sum <"$source" | cut -d' ' -f1)"
		cat "$tools/$name.old.ptx"
	} >"../../ptx/$name.ptx"
done
