package elementary

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// ulps is how far apart two floats are, in steps of float64.
func ulps(x, y float64) int64 {
	if x == y || math.IsNaN(x) && math.IsNaN(y) {
		return 0
	}
	d := int64(math.Float64bits(x)) - int64(math.Float64bits(y))
	return max(d, -d)
}

// Package math is right to within an ulp, so two results are at most two apart; those of
// Expm1, with a logarithm and two more roundings, some more. At the ends package math is
// wrong on amd64: the logarithm below the smallest normal float, e^x near the largest.
func TestBesideMath(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	xs := []float64{0, 1, 2, 0.1, 0.5, 3, 1e300, 5e-324, math.MaxFloat64, math.Inf(1), math.Inf(-1), math.NaN(), -1, 1e-9, -1e-9, 1e-17}
	for range 20_000 {
		xs = append(xs, 20*r.NormFloat64(), 1+1e-3*r.NormFloat64(), math.Exp(300*r.NormFloat64()))
	}
	for _, x := range xs {
		if x == 0 || math.Abs(x) > 0x1p-1022 {
			require.LessOrEqual(t, ulps(Log(x), math.Log(x)), int64(2), "log %g", x)
		}
		if !(math.Abs(x) > 708 && math.Abs(x) < 750) {
			require.LessOrEqual(t, ulps(Exp(x), math.Exp(x)), int64(2), "exp %g", x)
			require.LessOrEqual(t, ulps(Expm1(x), math.Expm1(x)), int64(6), "expm1 %g", x)
		}
		if x > 0x1p-1022 {
			require.InDelta(t, math.Log2(x), Log2(x), 1e-15*math.Abs(math.Log2(x))+3e-16, "log2 %g", x)
		}
	}
	require.InDelta(t, -1074*math.Ln2, Log(5e-324), 1e-12)
	require.InEpsilon(t, math.Ldexp(math.Exp(709.7-1000*math.Ln2), 1000), Exp(709.7), 1e-12)
	require.Equal(t, 5e-324, Exp(-745.1))
	for k := -1074; k < 1024; k++ {
		require.Equal(t, float64(k), Log2(math.Ldexp(1, k)))
	}
}

// TestBits holds every processor to the same ones.
func TestBits(t *testing.T) {
	sum := new(big.Int)
	r := rand.New(rand.NewPCG(2, 1))
	for range 20_000 {
		x := float64(40*r.Float64()) - 20
		for _, y := range []float64{Log(math.Abs(x)), Exp(x), Expm1(x / 100), Log2(math.Abs(x))} {
			sum.Add(sum, new(big.Int).SetUint64(math.Float64bits(y)))
		}
	}
	require.Equal(t, "479887076863190564960649", sum.String())
}
