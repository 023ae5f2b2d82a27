package neurons

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/compiler/demand"
	"rasp/compiler/facts"
	"rasp/compiler/heads"
	"rasp/lang/graph"
	"rasp/lang/value"
)

// TestCoarseEnds: whatever numbers a function has, the coarse variable for it has whole
// ones, and no coarser one is asked for in its place.
func TestCoarseEnds(t *testing.T) {
	inf, nan, next := math.Inf(1), math.NaN(), math.Nextafter(1, 2)
	for name, c := range map[string]struct{ values, g []float64 }{
		"infinity beside the largest numbers": {[]float64{1, 3.4e38, inf}, []float64{0, 3.4e38, inf}},
		"both infinities":                     {[]float64{-inf, 0, inf}, []float64{-inf, 0, inf}},
		"neighbours":                          {[]float64{1, next, 2}, []float64{1, next, next}},
		"neighbours that are told apart":      {[]float64{1, next, 2}, []float64{0, 1, 2}},
		"a state that never matters":          {[]float64{1, 2, 3}, []float64{nan, 1e300, inf}},
		"two of three":                        {[]float64{1, 2, 3}, []float64{0, 1, 1}},
	} {
		l := New(heads.New(demand.New(&facts.Facts{}, demand.Policy{})))
		asked := 0
		l.OffersOf = func(v *facts.Variable, g []float64) []*demand.Offer {
			if asked++; asked > 3 {
				require.FailNow(t, "it does not end", name)
			}
			if o := l.Coarse(v, g, nil); o != nil {
				return []*demand.Offer{o}
			}
			return []*demand.Offer{demand.ConstantOffer(0)}
		}
		token := &facts.Variable{Source: facts.Token, Size: len(c.values)}
		table := facts.Identity(token, func(s int) value.Value { return value.OfFloat(c.values[s]) })
		v := &facts.Variable{Id: 3, Source: facts.Computed, Size: len(c.values), Node: &graph.Node{}, Table: table}
		l.Coarse(v, c.g, nil)
		for _, w := range l.coarser {
			for rank, x := range w.Table.Values {
				assert.Equal(t, value.OfFloat(float64(rank)), x, name)
			}
		}
	}
}
