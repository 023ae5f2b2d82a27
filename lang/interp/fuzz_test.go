package interp

import (
	"encoding/binary"
	"math/rand/v2"
	"testing"

	"rasp/internal/bounded"
)

// bytesSource is random numbers read from bytes, then from a generator, so that
// a fuzzer steers what grow makes.
type bytesSource struct {
	rest []byte
	then *rand.PCG
}

func (s *bytesSource) Uint64() uint64 {
	if len(s.rest) == 0 {
		return s.then.Uint64()
	}
	var word [8]byte
	n := copy(word[4:], s.rest) // the upper half decides in IntN
	s.rest = s.rest[n:]
	return binary.LittleEndian.Uint64(word[:])
}

// FuzzRun: whatever the graph and the input, Run agrees with the naive
// interpreter.
func FuzzRun(f *testing.F) {
	f.Add([]byte("steer"), uint8(3), false)
	f.Add([]byte{}, uint8(70), true)
	f.Fuzz(func(t *testing.T, choices []byte, n uint8, causal bool) {
		bounded.Work(t)
		r := rand.New(&bytesSource{choices, rand.NewPCG(uint64(len(choices)), 1)})
		agree(t, r, newNaive(randomInput(r, max(int(n), 1)), causal))
	})
}
