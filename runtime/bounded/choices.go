package bounded

import (
	"hash/fnv"
	"math/rand/v2"
)

// Choices are random numbers that a fuzzer steers: each byte decides one, and all of them
// together those that come after the last.
func Choices(steering []byte) *rand.Rand {
	hash := fnv.New64a()
	hash.Write(steering)
	return rand.New(&source{steering, rand.NewPCG(hash.Sum64(), 1)})
}

type source struct {
	rest []byte
	then *rand.PCG
}

func (s *source) Uint64() uint64 {
	if len(s.rest) == 0 {
		return s.then.Uint64()
	}
	b := s.rest[0]
	s.rest = s.rest[1:]
	return 0x0101010101010101 * uint64(b) // IntN looks at the lower bits, or at the upper ones
}
