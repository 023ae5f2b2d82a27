//go:build !amd64 || noasm

package gemm

// available lists no instruction set: everything runs in plain Go.
func available() []*vectorISA { return nil }

func (v *vectorISA) run(*tile) { panic("gemm: no kernels for " + v.name) }

func (v *vectorISA) transpose(_, _ []float32, _, _, _ int) { panic("gemm: no kernels for " + v.name) }

func addStrips(*[4]strip, int, int) { panic("gemm: no kernels") }
