package keys_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"rasp/compiler/keys"
)

// TestNumbering compares with a map: keys that repeat, are near each other, or differ in
// their high bits alone, as floats do.
func TestNumbering(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for name, key := range map[string]func(int) uint64{
		"few":    func(int) uint64 { return uint64(r.IntN(7)) },
		"many":   func(int) uint64 { return r.Uint64() >> 50 << 40 },
		"floats": func(i int) uint64 { return math.Float64bits(float64(i/2) / 8) },
		"rising": func(i int) uint64 { return uint64(i) },
	} {
		var n keys.Numbering
		want := map[uint64]int{}
		for i := range 5000 {
			k := key(i)
			number, ok := want[k]
			if !ok {
				number = len(want)
				want[k] = number
			}
			got, isNew := n.Of(k)
			require.Equal(t, number, got, "%s: key %x", name, k)
			require.Equal(t, !ok, isNew, "%s: key %x", name, k)
		}
	}
}
