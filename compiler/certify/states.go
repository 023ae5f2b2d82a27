package certify

import (
	"slices"

	"rasp/compiler/plan"
)

// states sums up what is read off the embedding, for each token and for each
// position apart: a place has one of either, so that 20 columns of which one is 1 and
// the others are 0 add up to 1 and not to 20.
type states struct {
	held   [][]plan.Entry // by dim, what a column adds in each state; nil where more is written to it
	tokens int            // the first states, those behind are positions
	work   int            // numbers looked at
	// Scratch, 0 between calls: the sum of all terms of a state, of those above 0, and
	// of those below.
	all, above, below []float64
}

// maxHeld bounds the numbers looked at: some milliseconds.
const maxHeld = 1 << 22

func newStates(p *plan.Plan, tokens, positions int) *states {
	zeros := func() []float64 { return make([]float64, tokens+positions) }
	s := &states{held: make([][]plan.Entry, len(p.Columns)), tokens: tokens, all: zeros(), above: zeros(), below: zeros()}
	for _, c := range p.Columns {
		if c.When > 0 || c.Offset != 0 {
			continue
		}
		held := slices.Clip(c.Tokens)
		for _, e := range c.Positions {
			held = append(held, plan.Entry{Row: tokens + e.Row, Weight: e.Weight})
		}
		s.held[c.Dim] = held
	}
	return s
}

// sums bounds a sum over columns that are held: all terms together, and the negative
// and the positive ones of a state apart.
func (s *states) sums(list []plan.Entry) (lo, hi, below, above float64) {
	for _, e := range list {
		for _, x := range s.held[e.Row] {
			y := float64(e.Weight * x.Weight)
			s.all[x.Row] += y
			s.below[x.Row] += min(0, y)
			s.above[x.Row] += max(0, y)
		}
		s.work += len(s.held[e.Row])
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
func (s *states) affordable(list []plan.Entry) bool { return len(list) > 1 && s.work < maxHeld }
