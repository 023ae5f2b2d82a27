package facts

import (
	"math"
	"slices"
)

// mostApart is how far apart integers may be for the square of one of them, counted from the
// middle, to be exact in float32.
const mostApart = 1 << 12

// EqualIntegers reports whether the condition is the equality of two integers that lie in
// a range of moderate length, and which, by class: counted from the middle of the range if
// they are large.
func (f *Facts) EqualIntegers(c *Condition) (query, key []float64, ok bool) {
	if c.Equal != nil {
		return nil, nil, false
	}
	query, ok1 := f.integers(c.Query)
	key, ok2 := f.integers(c.Key)
	if !ok1 || !ok2 || len(query)+len(key) == 0 {
		return nil, nil, false
	}
	all := slices.Concat(query, key)
	lo, hi := slices.Min(all), slices.Max(all)
	if hi-lo > mostApart {
		return nil, nil, false
	}
	if middle := math.Floor((lo + hi) / 2); max(-lo, hi) > mostApart/2 {
		for _, list := range [][]float64{query, key} {
			for i := range list {
				list[i] -= middle
			}
		}
	}
	for q, row := range c.Allowed {
		for k, allowed := range row {
			if allowed >= 0 && (allowed == 1) != (query[q] == key[k]) {
				return nil, nil, false
			}
		}
	}
	return query, key, true
}

// integers are the values of the states of a side's variable, by class.
func (f *Facts) integers(s Side) ([]float64, bool) {
	if s.Variable == nil {
		return nil, false
	}
	numbers := f.StateNumbers(s.Variable)
	if numbers == nil {
		return nil, false
	}
	list := make([]float64, len(s.Size))
	for c, state := range s.Example {
		x := numbers[state]
		if s.Size[c] != 1 || math.Abs(x) > 1<<53 || x != math.Trunc(x) {
			return nil, false
		}
		list[c] = x
	}
	return list, true
}

// AlwaysMet reports whether every query finds a key: the keys are positions (or
// the ranks of a sort, which are each there once), and the position that a
// query asks for is always inside the input.
func (f *Facts) AlwaysMet(c *Condition) bool {
	key, query := c.Key.Variable, c.Query.Variable
	if key == nil || query == nil || !key.Unique || (key.Source != Position && key.Source != Width) {
		return false
	}
	numbers := f.StateNumbers(query)
	if numbers == nil {
		return false
	}
	if query == f.Position {
		return f.identical(c)
	}
	if query.Source != Computed {
		return false
	}
	r := query.Table
	vars := r.Vars
	if !slices.Contains(vars, f.Position) && f.Length == nil {
		return false
	}
	s := NewSpace(vars)
	rd, met := s.Reader(r), true
	s.Each(func(_ int, states []int32) {
		if id := rd.At(states); id != None {
			last := -1.0 // largest position that is surely there
			if s.Pos >= 0 {
				last = float64(states[s.Pos])
			}
			if s.length >= 0 {
				last = float64(states[s.length])
			}
			x := numbers[id]
			met = met && x >= 0 && x <= last
		}
	})
	return met && f.identical(c)
}

// identical reports that the condition allows exactly the key with the query's
// number.
func (f *Facts) identical(c *Condition) bool {
	_, _, ok := f.EqualIntegers(c)
	return ok
}
