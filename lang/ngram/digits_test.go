package ngram

import (
	"math"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestShortest: strconv's digits, of numbers all over the range of integers and on both sides
// of it; those with few bits are halfway between two shortest ones now and then.
func TestShortest(t *testing.T) {
	var ours, want [64]byte
	same := func(bits uint32) {
		x := math.Float32frombits(bits)
		a, b := appendShortest(ours[:0], x), strconv.AppendFloat(want[:0], float64(x), 'g', -1, 32)
		if string(a) != string(b) {
			require.Equal(t, string(b), string(a), "%x", bits)
		}
	}
	for bits := uint32(0); bits < 1<<31; bits += 9973 {
		same(bits)
		same(bits | 1<<31)
	}
	for bits := math.Float32bits(0x1p-8); bits < math.Float32bits(0x1p8); bits += 1 << 9 {
		same(bits - 1)
		same(bits)
		same(bits + 1)
	}
	for _, x := range []float64{0, math.Copysign(0, -1), math.Inf(1), math.NaN(), -99, -1e-5, 1, 0.1, 1e20, 1e21, 1e22} {
		same(math.Float32bits(float32(x)))
	}
}
