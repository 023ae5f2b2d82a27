package compiler

import (
	"slices"
)

// states sums up what is read off the embedding, for each token and for each
// position apart: a place has one of either, so that 20 columns of which one is 1 and
// the others are 0 add up to 1 and not to 20.
type states struct {
	held   [][]entry // by dim, what a column adds in each state; nil where more is written to it
	tokens int       // the first states, those behind are positions
	work   int       // numbers looked at
	// Scratch, 0 between calls: the sum of all terms of a state, of those above 0, and
	// of those below.
	all, above, below []float64
}

// maxHeld bounds the numbers looked at: some milliseconds.
const maxHeld = 1 << 22

func newStates(p *plan, tokens, positions int) *states {
	zeros := func() []float64 { return make([]float64, tokens+positions) }
	s := &states{held: make([][]entry, len(p.columns)), tokens: tokens, all: zeros(), above: zeros(), below: zeros()}
	for _, c := range p.columns {
		if c.when > 0 || c.offset != 0 {
			continue
		}
		hold := func(state int, x float64) {
			if x != 0 {
				s.held[c.dim] = append(s.held[c.dim], entry{state, x})
			}
		}
		for t, x := range c.tokens {
			hold(t, x)
		}
		for p, x := range c.positions {
			hold(tokens+p, x)
		}
	}
	return s
}

// sums bounds a sum over columns that are held: all terms together, and the negative
// and the positive ones of a state apart.
func (s *states) sums(list []entry) (lo, hi, below, above float64) {
	for _, e := range list {
		for _, x := range s.held[e.row] {
			y := e.weight * x.weight
			s.all[x.row] += y
			s.below[x.row] += min(0, y)
			s.above[x.row] += max(0, y)
		}
		s.work += len(s.held[e.row])
	}
	for _, part := range [][2]int{{0, s.tokens}, {s.tokens, len(s.all)}} {
		from, to := part[0], part[1]
		lo, hi = lo+slices.Min(s.all[from:to]), hi+slices.Max(s.all[from:to])
		below, above = below+slices.Min(s.below[from:to]), above+slices.Max(s.above[from:to])
	}
	clear(s.all)
	clear(s.below)
	clear(s.above)
	s.work += len(s.all)
	return lo, hi, below, above
}

// affordable reports that there are several numbers to add, and time to do so.
func (s *states) affordable(list []entry) bool { return len(list) > 1 && s.work < maxHeld }
