package domain

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// formed is a domain over the ints from 0 whose inputs are of a form.
func formed(t *testing.T, vocab, length int, causal bool, form string) Domain {
	d := of(vocab, length)
	d.Causal = causal
	d, err := d.Of(form)
	require.NoError(t, err)
	return d
}

// TestInputsOfForm: all inputs of a domain of a form, in order, are those of the whole
// domain that are of the form, and the random ones are, too.
func TestInputsOfForm(t *testing.T) {
	for _, form := range []string{"one 2", "at most one 2", "[01]+ 2 [01]*", ".{2} | 2.{3}", "~(.* 0 .*)"} {
		for _, causal := range []bool{false, true} {
			all, d := of(3, 6), formed(t, 3, 6, causal, form)
			count, _ := all.Count()
			var want [][]int
			for k := range count {
				if ids := (Inputs{Domain: all, First: count}).IDs(k, nil); d.Has(ids) {
					want = append(want, ids)
				}
			}
			first, exact := d.Count()
			require.True(t, exact)
			require.Len(t, want, first, form)
			s := Inputs{Domain: d, First: first, Random: 100, Seed: 5}
			longest := 0
			for k := range s.Len() {
				ids := s.IDs(k, nil)
				if k < first {
					require.Equal(t, want[k], ids)
				}
				require.True(t, d.Has(ids), "%s: %v", form, ids)
				if longest = max(longest, len(ids)); k >= first {
					require.Equal(t, ids, s.IDs(k, make([]int, 9)), "what lies in the room does not matter")
				}
			}
			assert.Equal(t, len(want[len(want)-1]), longest)
		}
	}
}

// TestNearest: what is near an input that is not of the form, and a word itself.
func TestNearest(t *testing.T) {
	d, r := formed(t, 3, 6, false, "0+ 2 0{2}"), rand.New(rand.NewPCG(1, 1))
	assert.Equal(t, []int{0, 2, 0, 0}, d.Nearest(r, []int{1, 1, 1, 1}))
	assert.Equal(t, []int{0, 0, 2, 0, 0}, d.Nearest(r, []int{0, 0, 2, 0, 0}))
	assert.Equal(t, []int{0, 2, 0, 0}, d.Nearest(r, []int{0}))
	assert.Equal(t, []int{0, 0, 0, 2, 0, 0}, d.Nearest(r, []int{1, 1, 1, 1, 1, 1, 1}))
}

// TestLongForms: a domain too large to count has random inputs of the form all the same.
func TestLongForms(t *testing.T) {
	d := formed(t, 3, 300, false, "one 2")
	_, exact := d.Count()
	assert.False(t, exact)
	length, count := d.UpTo(1000)
	assert.Equal(t, 7, length)
	assert.Equal(t, 1+4+12+32+80+192+448, count)
	for k := range 50 {
		assert.True(t, d.Has((Inputs{Domain: d, Random: 50}).IDs(k, nil)))
	}
}
