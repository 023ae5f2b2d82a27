// Package sums is about additions: which sums the rows of a mean can have, exactly and as
// float64 rounds them, in which unit they are whole numbers, and by which automaton the
// rounding can be replayed.
//
// In come the values of an s-op (package facts), out go sets of sums and automata. It
// knows nothing of selectors.
//
//	sums.go       sets of sums; floats.go, those of floats
//	units.go      units
//	automaton.go  automata
package sums

import (
	"cmp"
	"math"
	"math/bits"
	"slices"

	"rasp/compiler/facts"
	"rasp/lang/value"
)

// Reached is a way in which the sum of a row can come out. In float64 it depends
// on the order of what is added (0.1+0.2+0.3 is not 0.3+0.2+0.1), so one total
// can have several sums.
type Reached struct {
	Sum   value.Value // as the interpreter adds it up, from left to right
	Total int64       // exactly, in units
	Only  int32       // id of the value where the row selects one; none otherwise
}

// Set has the sums of rows of one width, ascending, each once.
type Set []Reached

// NewSet has the sums of a list, which it sorts.
func NewSet(list []Reached) Set {
	if !slices.IsSortedFunc(list, compare) {
		slices.SortFunc(list, compare)
	}
	return slices.CompactFunc(list, func(x, y Reached) bool { return compare(x, y) == 0 })
}

// Floats lists the sums as the floats that the interpreter divides by the width.
func (s Set) Floats() []Reached {
	if !slices.ContainsFunc(s, func(r Reached) bool { return r.Sum.Kind() != value.Float }) {
		return s
	}
	floats := slices.Clone(s)
	for i, r := range floats {
		floats[i].Sum = value.OfFloat(r.Sum.Float64())
	}
	return NewSet(floats)
}

// union has what is in either set.
func (s Set) union(t Set) Set { return union(s, t, compare) }

// union merges two lists in order, without repetitions.
func union[S ~[]E, E any](s, t S, compare func(x, y E) int) S {
	if len(s) == 0 {
		return t
	}
	both := make(S, 0, len(s)+len(t))
	for len(s) > 0 && len(t) > 0 {
		c := compare(s[0], t[0])
		if c <= 0 {
			both = append(both, s[0])
			s = s[1:]
		} else {
			both = append(both, t[0])
		}
		if c >= 0 {
			t = t[1:]
		}
	}
	return append(append(both, s...), t...)
}

// compare orders sums; it is 0 for equal ones alone.
func compare(x, y Reached) int {
	if x.Total != y.Total {
		return cmp.Compare(x.Total, y.Total)
	}
	if c := facts.CompareValues(x.Sum, y.Sum); c != 0 {
		return c
	}
	return cmp.Compare(x.Only, y.Only)
}

// Summing adds up what the positions of an input can bring, within a budget.
type Summing struct {
	Values []value.Value // by id
	Units  []int64
	Places [][]int32 // ids, by position; just one list if they do not depend on it
	Work   int       // additions left
	floats bool      // all values are
}

// MaxAdditions bounds the search for the sums of one mean.
const MaxAdditions = 1 << 22

// Adds reports that a number is one whose sums are followed: up to 2^53, where each int is
// a float.
func Adds(v value.Value) bool {
	x := v.Float64()
	return math.Abs(x) <= 1<<53 && value.Equal(v, value.OfFloat(x))
}

// Of the values of a table, at so many positions; nil if one of them is above 2^53, or no
// number.
//
// The interpreter adds ints exactly, up to the first float of a row. Where none can add up
// to more than 2^53, floats add up to the same, and 1 and 1.0 need not be told apart.
func Of(r *facts.Table, length int, units []int64) *Summing {
	s := &Summing{Units: units, Work: MaxAdditions}
	all := make([]int32, len(r.Values))
	small := true
	for i, v := range r.Values {
		x := math.Abs(v.Float64())
		if !Adds(v) {
			return nil
		}
		small = small && (v.Kind() == value.Float || x <= math.Floor((1<<53)/float64(length)))
		all[i] = int32(i)
	}
	for _, v := range r.Values {
		if small {
			v = value.OfFloat(v.Float64() + 0) // no -0.0, which adds up to the same
		}
		s.Values = append(s.Values, v)
	}
	s.floats = small
	s.Places = [][]int32{all}
	if space := facts.NewSpace(r.Vars); space.Pos >= 0 {
		s.Places = idsByPosition(r, space, length)
	}
	return s
}

// idsByPosition lists the values that each position can have.
func idsByPosition(r *facts.Table, s *facts.Space, length int) [][]int32 {
	seen := make([][]bool, length)
	for p := range seen {
		seen[p] = make([]bool, len(r.Values))
	}
	rd := s.Reader(r)
	s.Each(func(_ int, states []int32) {
		if id := rd.At(states); id != facts.None {
			seen[states[s.Pos]][id] = true
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
func (s *Summing) add(from Set, first bool, ids []int32) (Set, bool) {
	if s.Work -= len(from) * len(ids); s.Work < 0 {
		return nil, false
	}
	sums := s.withEither(from, first, ids)
	return sums, len(sums) <= facts.MaxStates
}

// withEither are rows with one more value, one of the ids; as soon as they are more than
// facts.MaxStates, it may leave out others.
func (s *Summing) withEither(from Set, first bool, ids []int32) Set {
	switch len(ids) {
	case 0:
		return Set{}
	case 1:
		return s.with(from, first, ids[0])
	}
	some := s.withEither(from, first, ids[:len(ids)/2])
	if len(some) > facts.MaxStates {
		return some
	}
	return some.union(s.withEither(from, first, ids[len(ids)/2:]))
}

// with is rows with one more value: in the order in which they were, but where ints are too
// large for float64.
func (s *Summing) with(from Set, first bool, id int32) Set {
	list := make([]Reached, len(from))
	for i, r := range from {
		list[i] = s.Read(r, first, id)
	}
	return NewSet(list)
}

// Read is a row with one more value.
func (s *Summing) Read(r Reached, first bool, id int32) Reached {
	sum, err := value.Binary(value.Add, r.Sum, s.Values[id])
	if err != nil {
		panic(err) // numbers up to 2^53 have a sum
	}
	next := Reached{Sum: sum, Total: r.Total, Only: facts.None}
	if s.Units != nil {
		next.Total += s.Units[id]
	}
	if first {
		next.Only = id
	}
	return next
}

var emptyRow = Set{{Only: facts.None}}

// least is how many sums the rows of up to most keys have at least, if they may select
// any positions: w of m numbers have w (m-1) + 1 sums or more, which are as many as those
// of an arithmetic progression. Where it depends on the position which numbers there are,
// nothing is said.
func (s *Summing) least(most int) int {
	if len(s.Places) > 1 {
		return 0
	}
	numbers := map[float64]bool{}
	for _, v := range s.Values {
		numbers[v.Float64()] = true
	}
	return most*(most+1)/2*(len(numbers)-1) + most
}

// Subsets lists, by width, the sums of rows that may select any positions, most at the
// most; nil if there are too many.
func (s *Summing) Subsets(most int) []Set {
	if s.least(most) > facts.MaxStates {
		return nil
	}
	sums := slices.Repeat([]Set{{}}, most+1)
	sums[0] = emptyRow
	ok := true
	if len(s.Places) == 1 {
		if s.floats {
			return s.floatSubsets(most)
		}
		for w := 1; w <= most; w++ {
			if sums[w], ok = s.add(sums[w-1], w == 1, s.Places[0]); !ok {
				return nil
			}
		}
		return sums
	}
	for p, ids := range s.Places {
		for w := min(p+1, most); w > 0; w-- {
			more, ok := s.add(sums[w-1], w == 1, ids)
			if sums[w] = sums[w].union(more); !ok || len(sums[w]) > facts.MaxStates {
				return nil
			}
		}
	}
	return sums
}

// Copies lists, by width, the sums of rows that select one value, over and over, up to most
// times; nil if there are too many.
func (s *Summing) Copies(most int) []Set {
	if s.Work -= most * len(s.Values); s.Work < 0 || most*len(s.Values) > facts.MaxStates {
		return nil
	}
	lists := make([][]Reached, most+1)
	for id := range s.Values {
		r := Reached{Only: facts.None}
		for w := 1; w <= most; w++ {
			r = s.Read(r, w == 1, int32(id))
			lists[w] = append(lists[w], r)
		}
	}
	sums := []Set{emptyRow}
	for _, list := range lists[1:] {
		sums = append(sums, NewSet(list))
	}
	return sums
}

// Row lists the sums of the row that selects a set of positions, bit p for
// position p; nil if there are too many.
func (s *Summing) Row(selected uint64) Set {
	sums := emptyRow
	for first := true; selected != 0; selected &= selected - 1 {
		next, ok := s.add(sums, first, s.Places[bits.TrailingZeros64(selected)])
		if !ok {
			return nil
		}
		sums, first = next, false
	}
	return sums
}

// Rows lists the sums of any of several rows; nil if there are too many.
func (s *Summing) Rows(selected []uint64) Set {
	sums := Set{}
	for _, bits := range selected {
		row := s.Row(bits)
		if row == nil {
			return nil
		}
		sums = sums.union(row)
	}
	return sums
}
