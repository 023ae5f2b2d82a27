//go:build !noasm

package attention

import "rasp/runtime/internal/machine"

// weigh uses the widest vectors that the CPU has.
var weigh = func() func(*scores) {
	switch {
	case machine.AVX512():
		return softmax512
	case machine.AVX2():
		return softmax256
	}
	return softmaxGeneric
}()

func softmax512(r *scores)

func softmax256(r *scores)
