// Package measure measures how fast a GPU runs a model, beside the CPU, and how fast
// its kernels are alone, by the clock of package bench.
//
//	beside.go   batches on the GPU and on all cores of the CPU
//	kernels.go  products of matrices, attention
package measure
