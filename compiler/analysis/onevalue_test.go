package analysis

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"rasp/compiler/facts"
)

// TestKeysOfOneValue: which means are of one value, over and over.
func TestKeysOfOneValue(t *testing.T) {
	program := `#rasp:vocab 0..3
#rasp:length 4
same = select(tokens_int, tokens_int, ==);
half = select(tokens_int > 1, tokens_int > 1, ==);
before = select(indices, indices, <);
seen = selector_width(same and before);
`
	for aggregate, want := range map[string]bool{
		"aggregate(same, 7 - tokens_int)":                                         true,
		"aggregate(same, tokens_int, -1)":                                         true,
		"aggregate(same and before, tokens_int ^ 2)":                              true,
		"aggregate(half, 5 if tokens_int > 1 else 2)":                             true,
		"aggregate(half, tokens_int % 2)":                                         false, // 0 and 1 are a half
		"aggregate(select(tokens_int, 1, ==), tokens_int)":                        true,
		"aggregate(select(tokens_int, tokens_int, <=), tokens_int)":               false,
		"aggregate(same or before, tokens_int)":                                   false,
		"aggregate(same or (same and before), tokens_int)":                        true,
		"aggregate(not select(tokens_int, tokens_int, !=), tokens_int)":           true,
		"aggregate(same and before, indices)":                                     false, // of equal tokens
		"aggregate(select(indices % 2, indices % 2, ==), indices % 2)":            false, // by position: rows are listed
		"aggregate(same, tokens_int + indices)":                                   false,
		"aggregate(same, 1 if tokens_int > 1 else 1.0)":                           true,
		"aggregate(half, 1 if tokens_int > 0 else 1.0)":                           false, // a type is a value
		"aggregate(select(seen, seen, ==), 10 * seen)":                            true,
		"aggregate(select(seen, seen, ==), tokens_int)":                           false,
		"aggregate(select(tokens_int + seen, seen, ==), 2 * (tokens_int + seen))": true,
		"aggregate(select(tokens_int + seen, seen, ==), tokens_int)":              false,
	} {
		c := factsOf(t, program+"x = "+aggregate+";")
		_, claimed := c.analysis.Claims[facts.Claim{Says: facts.OneValue, Node: c.roots[0]}]
		assert.Equal(t, want, claimed, aggregate)
		if v := c.analysis.MeanVariable(c.roots[0]); claimed && v != nil {
			for state, sum := range v.Sums {
				if v.Per != 0 && sum.Width > 0 {
					assert.Zero(t, sum.Total%int64(sum.Width), "%s: a sum of %d over %d keys in state %d", aggregate, sum.Total, sum.Width, state)
				}
			}
		}
	}
}
