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
	added  []added        // scratch, by state, 0 between calls
}

// added is the sum of all terms of a state, of those above 0, and of those below.
type added struct{ all, above, below float64 }

// maxHeld bounds the numbers looked at: some milliseconds.
const maxHeld = 1 << 22

func newStates(p *plan.Plan, tokens, positions int) *states {
	s := &states{held: make([][]plan.Entry, len(p.Columns)), tokens: tokens, added: make([]added, tokens+positions)}
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
			at := &s.added[x.Row]
			at.all += y
			at.below += min(0, y)
			at.above += max(0, y)
		}
		s.work += len(s.held[e.Row])
	}
	for _, part := range [][]added{s.added[:s.tokens], s.added[s.tokens:]} {
		least, most := part[0], part[0]
		for _, x := range part[1:] {
			least.all, most.all = min(least.all, x.all), max(most.all, x.all)
			least.below, most.above = min(least.below, x.below), max(most.above, x.above)
		}
		lo, hi = lo+least.all, hi+most.all
		below, above = below+least.below, above+most.above
	}
	clear(s.added)
	s.work += len(s.added)
	return lo, hi, below, above
}

// affordable reports that there are several numbers to add, and time to do so.
func (s *states) affordable(list []plan.Entry) bool { return len(list) > 1 && s.work < maxHeld }
