package certify

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/compiler/construct"
	"rasp/compiler/emit"
	"rasp/compiler/plan"
	"rasp/lang/domain"
	"rasp/lang/value"
	"rasp/runtime/model"
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
				c.Tokens = plan.NonZero(numbers(tokens))
			} else {
				c.Positions = plan.NonZero(numbers(positions))
			}
			p.Columns = append(p.Columns, c)
			read = append(read, plan.Entry{Row: i, Weight: float64(r.IntN(7) - 3)})
		}
		s := newStates(p, tokens, positions)
		least, most, low, high := math.Inf(1), math.Inf(-1), 0.0, 0.0
		for token := range tokens {
			for position := range positions {
				all, neg, pos := 0.0, 0.0, 0.0
				for _, e := range read {
					y := e.Weight * embeddedValue(p.Columns[e.Row], token, position)
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

// embeddedValue is what a column of the embedding has for a token at a position.
func embeddedValue(c *plan.Column, token, position int) (x float64) {
	for _, e := range c.Tokens {
		if e.Row == token {
			x += e.Weight
		}
	}
	for _, e := range c.Positions {
		if e.Row == position {
			x += e.Weight
		}
	}
	return x
}

// TestReadsByState: the sum of a column for each position is 1 at most, and once the time
// for that is up it has the bound of its ranges.
func TestReadsByState(t *testing.T) {
	const positions = 4
	bos := &plan.Column{Bos: 1, Label: model.Label{What: "is BOS"}}
	p, f := &plan.Plan{Columns: []*plan.Column{bos}}, plan.Form{}
	var weights []plan.Entry
	for i := range positions {
		c := &plan.Column{Dim: i + 1, Positions: []plan.Entry{{Row: i, Weight: 1}}, Label: model.Label{What: "position"}}
		p.Columns = append(p.Columns, c)
		f.Terms = append(f.Terms, plan.Term{Of: c, Factor: 1})
		weights = append(weights, plan.Entry{Row: c.Dim, Weight: 1})
	}
	p.Outputs = []plan.Output{{Name: "x", Logits: []plan.Form{f, {}}}}
	d := domain.Domain{Vocab: []value.Value{value.OfString("a")}, Length: positions}
	checked := Model(p, emit.Model(p, d), construct.Float32, positions)
	assert.Equal(t, 1.0, checked.reads(f, weights, 0).ideal.Hi)
	checked.states.work = maxHeld
	assert.Equal(t, float64(positions), checked.reads(f, weights, 0).ideal.Hi)
}
