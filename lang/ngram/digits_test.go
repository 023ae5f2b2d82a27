package ngram

import (
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
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

// TestRounded: strconv's decimals, of numbers of all sizes and of those halfway between two.
func TestRounded(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	same := func(x float64) {
		want := strings.TrimRight(strconv.FormatFloat(x, 'f', 7, 64), "0")
		if strings.HasSuffix(want, ".") {
			want += "0"
		}
		if want == "-0.0" {
			want = "0.0"
		}
		if got := decimal(x); got != want {
			require.Equal(t, want, got, "%b", x)
		}
	}
	for range 200_000 {
		same(r.NormFloat64() * math.Pow(10, float64(r.IntN(14)-9)))
		same(math.Ldexp(float64(r.IntN(1<<20)-1<<19), -8-r.IntN(4)))
		same(float64(r.IntN(1<<20)) / 1e7)
	}
	for e := -1074; e < 1000; e++ {
		same(math.Ldexp(1, e))
		same(-math.Ldexp(1.5, e))
	}
	for _, x := range []float64{0, math.Copysign(0, -1), math.Inf(1), math.Inf(-1), math.NaN(), 1024, math.Nextafter(1024, 0), 1e300} {
		same(x)
	}
}
