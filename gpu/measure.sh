#!/usr/bin/env bash
# On a machine with an NVIDIA GPU: runs all tests that need one, then prints the
# tables of measurements for docs/performance.md.
#
#   gpu/measure.sh          all of it; needs Go, or build/gpu from elsewhere. Flags go
#                           to measure.py
#   gpu/measure.sh build    only builds build/gpu, to be carried to a machine without
#                           Go, together with this folder
#
# The tables have columns for PyTorch (pip install torch), empty where python3 has
# none. They are those of the machine: nothing else may run on it.
set -euo pipefail
cd "$(dirname "$0")/.."
if command -v go >/dev/null; then
	mkdir -p build/gpu
	go build -o build/gpu/rasp ./cmd/rasp
	go test -c -o build/gpu/gpu.test ./gpu
	build/gpu/rasp compile sort --length 64 -o build/gpu/sort.safetensors
fi
[ "${1:-}" = build ] && exit
(cd gpu && RASP_REQUIRE_GPU=1 ../build/gpu/gpu.test -test.v) | grep -v '^=== '
nvidia-smi --query-gpu=name,driver_version,clocks.max.sm --format=csv,noheader || true
python3 gpu/measure.py --rasp build/gpu/rasp --model build/gpu/sort.safetensors "$@"
