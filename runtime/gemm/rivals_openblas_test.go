//go:build openblas

package gemm

import "rasp/runtime/gemm/internal/openblas"

func init() {
	openblas.SetThreads(1)
	rivals = append(rivals, rival{openblas.Config(), false, 0, openblas.Multiply})
}
