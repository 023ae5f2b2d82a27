#!/usr/bin/env bash
# Compiles the kernels to ../../ptx, with NVIDIA's compiler from PyPI, in a folder
# that is thrown away. The versions are pinned: the PTX must not be newer than the
# drivers that are to read it (9.0: driver 580 and later).
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
	for arch in 75 80 86 89 90 100 120; do
		"$cu/bin/ptxas" -arch=sm_$arch -o /dev/null "$tools/$name.ptx"
	done
	{
		echo "// source sha256 $(sha256sum <"$source" | cut -d' ' -f1)"
		cat "$tools/$name.ptx"
	} >"../../ptx/$name.ptx"
done
