//go:build openblas

// Package openblas calls OpenBLAS, for comparison. It needs libopenblas-dev and
// cgo, hence its build tag.
package openblas

// #cgo LDFLAGS: -lopenblas
// #include <cblas.h>
// // Declared here because only OpenBLAS has it.
// extern void openblas_set_num_threads(int);
// extern char *openblas_get_config(void);
import "C"

import "unsafe"

// SetThreads sets how many threads OpenBLAS uses.
func SetThreads(n int) { C.openblas_set_num_threads(C.int(n)) }

// Config says which OpenBLAS it is and which kernels it chose.
func Config() string { return C.GoString(C.openblas_get_config()) }

// Multiply sets c = a b, row-major, a [m, k], b [k, n], c [m, n] without gaps.
func Multiply(m, n, k int, a, b, c []float32) {
	C.cblas_sgemm(C.CblasRowMajor, C.CblasNoTrans, C.CblasNoTrans, C.int(m), C.int(n), C.int(k),
		1, at(a), C.int(k), at(b), C.int(n), 0, at(c), C.int(n))
}

func at(x []float32) *C.float { return (*C.float)(unsafe.Pointer(&x[0])) }
