package analysis

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestAlwaysSelects: the names are those of ordering.
func TestAlwaysSelects(t *testing.T) {
	for selector, want := range map[string]bool{
		"full_s":                                    true,
		"select(indices, indices, <=)":              true,
		"select(indices, indices, ==)":              true,
		"select(indices, length - 1 - indices, ==)": true,
		"select(rank, indices, ==)":                 true, // somebody is at each place
		"select(indices, indices % 2, ==)":          true, // never beyond the row itself
		"before":                                    false,
		"not full_s":                                false,
		"select(indices, indices - 1, ==)":          false,
		"select(indices, indices + 1, ==)":          false,
		"select(indices, tokens_int, ==)":           false, // beyond a short input
		"select(rank, length - 1 - indices, ==)":    true,  // from the last place
		"select(rank, length - indices, ==)":        false, // one too far
		"select(rank, indices + tokens_int, ==)":    false,
		"select(rank, indices - tokens_int, ==)":    false,
		"select(ties, indices, ==)":                 false,
		"select(rank, rank, <)":                     false,
	} {
		t.Run(selector, func(t *testing.T) {
			c := orderingOf(t, selector, false)
			assert.Equal(t, want, c.analysis.isNonempty(c.roots[0].Args[0]))
		})
	}
}

// TestCausalRowsMayBeEmpty: a rank among what a row sees may be taken by none.
func TestCausalRowsMayBeEmpty(t *testing.T) {
	c := orderingOf(t, "select(rank, indices, ==)", true)
	assert.False(t, c.analysis.isNonempty(c.roots[0].Args[0]))
}
