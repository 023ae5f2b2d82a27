package compiler

import (
	"cmp"
	"maps"
	"math"
	"math/bits"
	"slices"
)

// reached is a way in which the sum of a row can come out. In float64 it depends
// on the order of what is added (0.1+0.2+0.3 is not 0.3+0.2+0.1), so one total
// can have several sums.
type reached struct {
	sum   float64 // as the interpreter adds it up, from left to right
	total int     // exactly, in units
	only  int32   // id of the value where the row selects one; none otherwise
}

// reachedSums are the sums of rows of one width.
type reachedSums map[reached]struct{}

func (s reachedSums) sorted() []reached {
	return slices.SortedFunc(maps.Keys(s), func(x, y reached) int {
		return cmp.Or(cmp.Compare(x.total, y.total), cmp.Compare(x.sum, y.sum), cmp.Compare(x.only, y.only))
	})
}

// summing adds up what the positions of an input can bring, within a budget.
type summing struct {
	values []float64 // by id
	units  []int
	places [][]int32 // ids, by position; just one list if they do not depend on it
	work   int       // additions left
}

// maxAdditions bounds the search for the sums of one mean.
const maxAdditions = 1 << 22

// summingOf the values of a table, at so many positions; nil if one of them is no
// finite number.
func summingOf(r *relation, length int, units []int) *summing {
	s := &summing{units: units, work: maxAdditions}
	all := make([]int32, len(r.values))
	for i, v := range r.values {
		x := v.Float64()
		if math.Abs(x) > 1<<53 || math.IsNaN(x) {
			return nil
		}
		s.values = append(s.values, x)
		all[i] = int32(i)
	}
	s.places = [][]int32{all}
	if space := newSpace(r.vars); space.pos >= 0 {
		s.places = idsByPosition(r, space, length)
	}
	return s
}

// idsByPosition lists the values that each position can have.
func idsByPosition(r *relation, s *space, length int) [][]int32 {
	seen := make([][]bool, length)
	for p := range seen {
		seen[p] = make([]bool, len(r.values))
	}
	rd := s.reader(r)
	s.each(func(_ int, states []int32) {
		if id := rd.at(states); id != none {
			seen[states[s.pos]][id] = true
		}
	})
	places := make([][]int32, length)
	for p, ids := range seen {
		for id, ok := range ids {
			if ok {
				places[p] = append(places[p], int32(id))
			}
		}
	}
	return places
}

// add extends rows by one more position, which brings one of the ids; false if
// the budget is used up.
func (s *summing) add(to, from reachedSums, first bool, ids []int32) bool {
	if s.work -= len(from) * len(ids); s.work < 0 {
		return false
	}
	for r := range from {
		for _, id := range ids {
			to[s.read(r, first, id)] = struct{}{}
		}
	}
	return len(to) <= maxStates
}

// read is a row with one more value.
func (s *summing) read(r reached, first bool, id int32) reached {
	next := reached{sum: r.sum + s.values[id], total: r.total, only: none}
	if s.units != nil {
		next.total += s.units[id]
	}
	if first {
		next.only = id
	}
	return next
}

var emptyRow = reachedSums{reached{only: none}: {}}

// subsets lists, by width, the sums of rows that may select any positions of n;
// nil if there are too many.
func (s *summing) subsets(n int) []reachedSums {
	sums := make([]reachedSums, n+1)
	for w := range sums {
		sums[w] = reachedSums{}
	}
	sums[0] = emptyRow
	if len(s.places) == 1 {
		for w := 1; w <= n; w++ {
			if !s.add(sums[w], sums[w-1], w == 1, s.places[0]) {
				return nil
			}
		}
		return sums
	}
	for p, ids := range s.places {
		for w := p + 1; w > 0; w-- {
			if !s.add(sums[w], sums[w-1], w == 1, ids) {
				return nil
			}
		}
	}
	return sums
}

// row lists the sums of the row that selects a set of positions, bit p for
// position p; nil if there are too many.
func (s *summing) row(selected uint64) reachedSums {
	sums := emptyRow
	for first := true; selected != 0; selected &= selected - 1 {
		next := reachedSums{}
		if !s.add(next, sums, first, s.places[bits.TrailingZeros64(selected)]) {
			return nil
		}
		sums, first = next, false
	}
	return sums
}

// rows lists the sums of any of several rows; nil if there are too many.
func (s *summing) rows(selected []uint64) reachedSums {
	sums := reachedSums{}
	for _, bits := range selected {
		row := s.row(bits)
		if row == nil {
			return nil
		}
		maps.Copy(sums, row)
	}
	return sums
}
