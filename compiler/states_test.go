package compiler

import (
	"rasp/compiler/linear"

	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestStates: what states say of a sum is what comes up when a token is put at a
// position, for all of either.
func TestStates(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 13))
	for range 200 {
		p, tokens, positions := &plan{}, 1+r.IntN(5), 1+r.IntN(5)
		numbers := func(n int) []float64 {
			list := make([]float64, n)
			for i := range list {
				list[i] = float64(r.IntN(5) - 2)
			}
			return list
		}
		var read []entry
		for i := range 1 + r.IntN(6) {
			c := &column{dim: i}
			if r.IntN(2) == 0 {
				c.tokens = numbers(tokens)
			} else {
				c.positions = numbers(positions)
			}
			p.columns = append(p.columns, c)
			read = append(read, entry{i, float64(r.IntN(7) - 3)})
		}
		s := newStates(p, tokens, positions)
		least, most, low, high := math.Inf(1), math.Inf(-1), 0.0, 0.0
		for token := range tokens {
			for position := range positions {
				all, neg, pos := 0.0, 0.0, 0.0
				for _, e := range read {
					y := e.weight * embeddedValue(linear.Of(p.columns[e.row]), token, position)
					all, neg, pos = all+y, neg+min(0, y), pos+max(0, y)
				}
				least, most, low, high = min(least, all), max(most, all), min(low, neg), max(high, pos)
			}
		}
		for range 2 { // the scratch is clean afterwards
			lo, hi, below, above := s.sums(read)
			require.Equal(t, [4]float64{least, most, low, high}, [4]float64{lo, hi, below, above})
		}
	}
}

// TestReadsByState: the sum of a column for each token is 1 at most, and once the time
// for that is up it has the bound of its ranges.
func TestReadsByState(t *testing.T) {
	c, p := firstPlan(t, "#rasp:vocab \"abcd\"\n#rasp:length 4\nx = selector_width(select(indices, indices, <=) and select(tokens, tokens, ==));")
	checked := certify(p, emit(p, c.domain), c.domain.Length)
	f := form{}
	var weights []entry
	for _, col := range p.columns {
		if len(col.positions) > 0 {
			f.Terms, weights = append(f.Terms, formTerm{Of: col, Factor: 1}), append(weights, entry{col.dim, 1})
		}
	}
	require.Greater(t, len(weights), 2)
	assert.Less(t, checked.reads(f, weights, 0).ideal.hi, float64(len(weights)))
	checked.states.work = maxHeld
	assert.Equal(t, float64(len(weights)), checked.reads(f, weights, 0).ideal.hi)
}
