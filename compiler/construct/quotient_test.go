package construct

import (
	"math"
	"math/bits"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// divided is k Q - S over d^2 as neurons have it for each k up to most, adding in a random
// order. Terms of the sum at the open neuron come in a random order, too.
func divided(r *rand.Rand, q, s float32, d, most int) float32 {
	z := float32(0)
	for _, k := range r.Perm(most) {
		k++
		terms := []float32{float32(k) * q, -s}
		for b := range bits.Len(uint(most)) {
			off := float32(0)
			if Mismatched(float64(d), b, k>>b&1 == 1) {
				off = 1
			}
			terms = append(terms, -float32(GateSize(float64(most)*float64(q)))*off)
		}
		in := float32(0)
		for _, i := range r.Perm(len(terms)) {
			in += terms[i]
		}
		z += max(0, in) * float32(1/Power(float64(k), 2))
	}
	return z
}

// TestQuotientDivides sums of which large parts cancel, up to 2^24.
func TestQuotientDivides(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 1))
	for range 3000 {
		most := 1 + r.IntN(200)
		d := 1 + r.IntN(most)
		q := r.IntN(1<<24/most + 1)
		s := r.IntN(min(d*q, 1<<24) + 1)
		if r.IntN(3) == 0 {
			s = max(0, d*q-r.IntN(3))
		}
		want := float64(d*q-s) / float64(d*d)
		got := float64(divided(r, float32(q), float32(s), d, most))
		require.InDelta(t, want, got, Float32.QuotientError(want), "(%d * %d - %d) / %d^2", d, q, s, d)
	}
}

// TestQuotientBreaks where float32 has not all whole numbers: what cancels leaves something
// behind.
func TestQuotientBreaks(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 2))
	q, s := 1<<23+1, 3*(1<<23+1)-1
	got := float64(divided(r, float32(q), float32(s), 3, 3))
	assert.Greater(t, math.Abs(got-1.0/9), Float32.QuotientError(1.0/9))
}
