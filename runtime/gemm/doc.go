// Package gemm multiplies matrices of float32.
package gemm
