package compiler

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/compiler/certify"
	"rasp/compiler/emit"
	"rasp/compiler/linear"
	"rasp/compiler/plan"
)

// TestStates: what states say of a sum is what comes up when a token is put at a
// position, for all of either.
func TestStates(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 13))
	for range 200 {
		p, tokens, positions := &plan.Plan{}, 1+r.IntN(5), 1+r.IntN(5)
		numbers := func(n int) []float64 {
			list := make([]float64, n)
			for i := range list {
				list[i] = float64(r.IntN(5) - 2)
			}
			return list
		}
		var read []plan.Entry
		for i := range 1 + r.IntN(6) {
			c := &plan.Column{Dim: i}
			if r.IntN(2) == 0 {
				c.Tokens = numbers(tokens)
			} else {
				c.Positions = numbers(positions)
			}
			p.Columns = append(p.Columns, c)
			read = append(read, plan.Entry{Row: i, Weight: float64(r.IntN(7) - 3)})
		}
		s := certify.NewStates(p, tokens, positions)
		least, most, low, high := math.Inf(1), math.Inf(-1), 0.0, 0.0
		for token := range tokens {
			for position := range positions {
				all, neg, pos := 0.0, 0.0, 0.0
				for _, e := range read {
					y := e.Weight * embeddedValue(linear.Of(p.Columns[e.Row]), token, position)
					all, neg, pos = all+y, neg+min(0, y), pos+max(0, y)
				}
				least, most, low, high = min(least, all), max(most, all), min(low, neg), max(high, pos)
			}
		}
		for range 2 { // the scratch is clean afterwards
			lo, hi, below, above := s.Sums(read)
			require.Equal(t, [4]float64{least, most, low, high}, [4]float64{lo, hi, below, above})
		}
	}
}

// TestReadsByState: the sum of a column for each token is 1 at most, and once the time
// for that is up it has the bound of its ranges.
func TestReadsByState(t *testing.T) {
	c, p := firstPlan(t, "#rasp:vocab \"abcd\"\n#rasp:length 4\nx = selector_width(select(indices, indices, <=) and select(tokens, tokens, ==));")
	checked := certify.Model(p, emit.Model(p, c.domain), c.domain.Length)
	f := plan.Form{}
	var weights []plan.Entry
	for _, col := range p.Columns {
		if len(col.Positions) > 0 {
			f.Terms, weights = append(f.Terms, plan.Term{Of: col, Factor: 1}), append(weights, plan.Entry{Row: col.Dim, Weight: 1})
		}
	}
	require.Greater(t, len(weights), 2)
	assert.Less(t, checked.Reads(f, weights, 0).Ideal.Hi, float64(len(weights)))
	checked.States.Work = certify.MaxHeld
	assert.Equal(t, float64(len(weights)), checked.Reads(f, weights, 0).Ideal.Hi)
}
