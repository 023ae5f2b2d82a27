package sums

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"rasp/compiler/facts"
	"rasp/lang/value"
)

// TestFloatSubsets: of floats, with units or without, added exactly or not, the sums are
// those of atoms of any kind.
func TestFloatSubsets(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 7))
	for range 300 {
		per := []float64{1, 4, 10}[r.IntN(3)]
		s := Summing{Work: MaxAdditions, Places: [][]int32{nil}}
		for id := range 1 + r.IntN(5) {
			units := int64(r.IntN(9) - 4)
			s.Values, s.Units = append(s.Values, value.OfFloat(float64(units)/per)), append(s.Units, units)
			s.Places[0] = append(s.Places[0], int32(id))
		}
		if r.IntN(3) == 0 {
			s.Units = nil
		}
		floats := s
		floats.floats = true
		want, got := s.Subsets(8), floats.Subsets(8)
		require.Equal(t, want, got, "%v", s.Values)
		require.Equal(t, s.Work, floats.Work)
	}
}

func TestTooManyFloats(t *testing.T) {
	s := Summing{Work: MaxAdditions, Places: [][]int32{nil}, floats: true}
	for id := range 9 {
		s.Values = append(s.Values, value.OfFloat(float64(int(1)<<(4*id))))
		s.Places[0] = append(s.Places[0], int32(id))
	}
	require.Nil(t, s.Subsets(20))
	require.Equal(t, Set{{Only: facts.None}}, s.Subsets(0)[0])
}
