package compiler

import (
	"math"
	"slices"
)

// equalIntegers reports whether the condition is the equality of two integers
// of moderate size, and which, by class.
func (f *facts) equalIntegers(c *condition) (query, key []float64, ok bool) {
	query, ok1 := f.integers(c.query)
	key, ok2 := f.integers(c.key)
	if !ok1 || !ok2 {
		return nil, nil, false
	}
	for q, row := range c.allowed {
		for k, allowed := range row {
			if allowed >= 0 && (allowed == 1) != (query[q] == key[k]) {
				return nil, nil, false
			}
		}
	}
	return query, key, true
}

// integers are the values of the states of a side's variable, by class.
func (f *facts) integers(s side) ([]float64, bool) {
	if s.variable == nil {
		return nil, false
	}
	numbers := f.stateNumbers(s.variable)
	if numbers == nil {
		return nil, false
	}
	list := make([]float64, len(s.size))
	for c, state := range s.example {
		x := numbers[state]
		if s.size[c] != 1 || math.Abs(x) > 2048 || x != math.Trunc(x) {
			return nil, false
		}
		list[c] = x
	}
	return list, true
}

// alwaysMet reports whether every query finds a key: the keys are positions (or
// the ranks of a sort, which are each there once), and the position that a
// query asks for is always inside the input.
func (f *facts) alwaysMet(c *condition) bool {
	key, query := c.key.variable, c.query.variable
	if key == nil || query == nil || !key.unique || (key.kind != positionVariable && key.kind != widthVariable) {
		return false
	}
	numbers := f.stateNumbers(query)
	if numbers == nil {
		return false
	}
	if query == f.position {
		return f.identical(c)
	}
	if query.kind != computedVariable {
		return false
	}
	r := query.table
	vars := r.vars
	if !slices.Contains(vars, f.position) && f.length == nil {
		return false
	}
	s := newSpace(vars)
	rd, met := s.reader(r), true
	s.each(func(_ int, states []int32) {
		if id := rd.at(states); id != none {
			last := -1.0 // largest position that is surely there
			if s.pos >= 0 {
				last = float64(states[s.pos])
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
func (f *facts) identical(c *condition) bool {
	_, _, ok := f.equalIntegers(c)
	return ok
}
