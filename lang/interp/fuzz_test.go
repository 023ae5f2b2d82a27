package interp

import (
	"testing"

	"rasp/runtime/bounded"
)

// FuzzRun: whatever the graph and the input, Run agrees with the naive
// interpreter.
func FuzzRun(f *testing.F) {
	f.Add([]byte("steer"), uint8(3), false)
	f.Add([]byte{}, uint8(70), true)
	f.Fuzz(func(t *testing.T, choices []byte, n uint8, causal bool) {
		bounded.Work(t)
		r := bounded.Choices(choices)
		agree(t, r, newNaive(randomInput(r, max(int(n), 1)), causal))
	})
}
