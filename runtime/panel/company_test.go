package panel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestCompany: a query has the same bits in any company. Scores are soft, so that every key
// counts, or hard, so that blocks of keys are without any weight.
func TestCompany(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 2))
	for _, c := range []struct{ dims, values, queries, keys, past int }{
		{64, 64, 512, 512, 0}, {64, 64, 256, 512, 512}, {128, 40, 145, 1000, 855}, {30, 19, 1097, 1097, 0},
		{33, 1, 97, 1300, 1300}, {17, 58, 33, 2000, 1967}, {0, 70, 100, 600, 600},
	} {
		for _, hardness := range []float32{1, 60} {
			t.Run(fmt.Sprintf("%+v, hardness %g", c, hardness), func(t *testing.T) {
				h := Head{Dims: c.dims, Values: c.values, Queries: c.queries, Keys: c.keys, Past: c.past}
				h.Q, h.K = randomPanel(r, c.dims, c.queries, 0), randomPanel(r, c.dims, c.keys, 0)
				h.V, h.Z = randomPanel(r, c.values, c.keys, 0), New(c.values, c.queries)
				for i := range h.Q.Data {
					h.Q.Data[i] *= hardness
				}
				everyISA(func(set string) {
					if vectors == plain { // where a query is always alone
						return
					}
					var s Scratch
					h.Z = New(c.values, c.queries)
					Attend(&h, &s)
					together := h.Z
					for _, n := range []int{Lanes, Lanes / 2, 5} {
						h.Z = New(c.values, c.queries)
						for i := 0; i < c.queries; i += n {
							few := h
							few.Q, few.Z, few.Past, few.Queries = h.Q.From(i), h.Z.From(i), h.Past+i, min(n, c.queries-i)
							Attend(&few, &s)
						}
						require.Equal(t, h.Z, together, "%s, %d at a time", set, n)
					}
				})
			})
		}
	}
}

// TestCompanyOfLeastAndLargest: so it has where sums are no normal numbers, and where they are
// so large that they are finite or not as the weights are called 1 or 2^24.
func TestCompanyOfLeastAndLargest(t *testing.T) {
	const queries, keys = Lanes, 40
	r := rand.New(rand.NewPCG(8, 1))
	for _, size := range []float32{0x1p-20, 0x1p110} {
		h := Head{Dims: 1, Values: 3, Queries: queries, Keys: keys, Past: keys}
		h.Q, h.K, h.V = randomPanel(r, 1, queries, 0), randomPanel(r, 1, keys, 0), randomPanel(r, 3, keys, 0)
		for i := range queries {
			h.Q.Data[i] = 1 - float32(i)/64
		}
		for j := range keys {
			h.K.Data[j] -= 84 // beside BOS, whose values are 0
		}
		h.K.Data[0] = 0
		for n := range h.Values {
			for j := range keys {
				h.V.Row(n)[j] *= size
			}
			h.V.Row(n)[0] = 0
		}
		if size > 1 {
			clear(h.K.Data)
		}
		everyISA(func(set string) {
			if vectors == plain {
				return
			}
			var s Scratch
			var all Panel
			for _, n := range []int{queries, Lanes / 2, 5} {
				h.Z = New(h.Values, queries)
				for i := 0; i < queries; i += n {
					few := h
					few.Q, few.Z, few.Queries = h.Q.From(i), h.Z.From(i), min(n, queries-i)
					Attend(&few, &s)
				}
				if n == queries {
					all = h.Z
				}
				for i, z := range h.Z.Data {
					require.Equal(t, math.Float32bits(all.Data[i]), math.Float32bits(z), "%s, size %g, %d at a time", set, size, n)
				}
			}
		})
	}
}
