//go:build !noasm

package attention

import "rasp/runtime/internal/machine"

func implementations() map[string]func(*scores) {
	all := map[string]func(*scores){"generic": softmaxGeneric}
	if machine.AVX2() {
		all["AVX2"] = softmax256
	}
	if machine.AVX512() {
		all["AVX-512"] = softmax512
	}
	return all
}
