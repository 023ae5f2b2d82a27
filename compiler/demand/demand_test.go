package demand

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"rasp/compiler/facts"
)

// TestDemandsEnd: constructions that ask for something else each time are stopped, those
// that ask for little are not.
func TestDemandsEnd(t *testing.T) {
	v := &facts.Variable{Source: facts.Token, Size: 3}
	asking := func(enough float64) func() {
		l := New(&facts.Facts{}, Policy{})
		l.OffersOf = func(v *facts.Variable, g []float64) []*Offer {
			if g[2] < enough {
				l.Demand(v, []float64{0, 1, g[2] + 1})
			}
			return []*Offer{ConstantOffer(0)}
		}
		return func() {
			l.Demand(v, []float64{0, 1, 2})
			assert.Zero(t, l.depth)
		}
	}
	assert.NotPanics(t, asking(deepest))
	assert.PanicsWithValue(t, "demands that ask for each other without end", asking(1<<20))
}
