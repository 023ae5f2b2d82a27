// Package kernels holds the CUDA kernels as text, and runs them without a GPU:
// the same files are compiled by gcc against a simulator of blocks and threads
// (simulator.h, simulator.c). Only tests use that.
//
//	gemm.cu       matrix products, from naive to register tiles
//	attention.cu  attention with online softmax
//	forward.cu    embedding, decoding of logits, copies
//
// With go test -asan, the address sanitizer looks at each access to memory of the
// device too.
package kernels

import "embed"

// Source has the kernels, for the check that the PTX beside them was made from
// what stands there.
//
//go:embed *.cu
var Source embed.FS
