#!/usr/bin/env bash
# On a machine with an NVIDIA GPU: runs all tests that need one, then prints the
# tables of measurements for docs/performance.md, in ten minutes at most.
#
#   gpu/measure.sh          all of it; needs Go, or build/gpu from elsewhere. Flags go
#                           to measure.py
#   gpu/measure.sh build    only builds build/gpu, to be carried to a machine without
#                           Go, together with this folder
#
# The tables have columns for PyTorch (pip install torch), empty where python3, or
# $PYTHON, has none. They are those of the machine: nothing else may run on it. Tests
# that fail, or take too long, leave the tables alone; the exit status is then 1.
set -euo pipefail
cd "$(dirname "$0")/.."
if command -v go >/dev/null; then
	mkdir -p build/gpu
	go build -o build/gpu/rasp ./cmd/rasp
	go test -c -o build/gpu/gpu.test ./gpu
	for program in sort histogram induction; do
		build/gpu/rasp compile "$program" --length 64 -o "build/gpu/$program.safetensors"
	done
fi
[ "${1:-}" = build ] && exit
status=0
(cd gpu && RASP_REQUIRE_GPU=1 timeout 120 ../build/gpu/gpu.test -test.v) | grep -v '^=== ' || status=1
[ "$status" = 0 ] || echo 'FAILED: the tests on the GPU'
nvidia-smi --query-gpu=name,driver_version,clocks.max.sm --format=csv,noheader || true
timeout 470 "${PYTHON:-python3}" gpu/measure.py --rasp build/gpu/rasp --models build/gpu/{sort,histogram,induction}.safetensors "$@" || status=1
exit "$status"
