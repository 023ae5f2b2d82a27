package compiler

import (
	"math"
	"slices"

	"rasp/lang/graph"
)

// alwaysSelects reports that every row of a selector selects a key, so that an
// aggregate never falls back to its default.
func (a *analysis) alwaysSelects(sel *graph.Node) bool {
	if r := a.rows[sel]; r != nil {
		return r.least >= 1
	}
	s, err := a.selector(sel)
	if err != nil {
		return false
	}
	parts := s.parts()
	return len(parts) == 1 && len(parts[0].conditions) == 1 && a.alwaysMet(parts[0].conditions[0])
}

// equalIntegers reports whether the condition is the equality of two integers
// of moderate size, and which, by class.
func (a *analysis) equalIntegers(c *condition) (query, key []float64, ok bool) {
	query, ok1 := a.integers(c.query)
	key, ok2 := a.integers(c.key)
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
func (a *analysis) integers(s side) ([]float64, bool) {
	if s.variable == nil {
		return nil, false
	}
	numbers := a.stateNumbers(s.variable)
	if numbers == nil {
		return nil, false
	}
	f := make([]float64, len(s.size))
	for c, state := range s.example {
		x := numbers[state]
		if s.size[c] != 1 || math.Abs(x) > 2048 || x != math.Trunc(x) {
			return nil, false
		}
		f[c] = x
	}
	return f, true
}

// stateNumbers is the number that each state of a variable stands for, nil if
// its states are not numbers.
func (a *analysis) stateNumbers(v *variable) []float64 {
	f := make([]float64, v.size)
	switch v.kind {
	case positionVariable, widthVariable:
		for s := range f {
			f[s] = float64(s)
		}
	case lengthVariable:
		for s := range f {
			f[s] = float64(s + 1)
		}
	case fetchVariable, computedVariable:
		for s, x := range a.relations[v.node].values {
			f[s] = x.Float64()
		}
	default:
		return nil
	}
	return f
}

// alwaysMet reports whether every query finds a key: the keys are positions (or
// the ranks of a sort, which are each there once), and the position that a
// query asks for is always inside the input.
func (a *analysis) alwaysMet(c *condition) bool {
	key, query := c.key.variable, c.query.variable
	if key == nil || query == nil || !key.unique || (key.kind != positionVariable && key.kind != widthVariable) {
		return false
	}
	numbers := a.stateNumbers(query)
	if numbers == nil {
		return false
	}
	if query == a.position {
		return a.identical(c)
	}
	if query.kind != computedVariable {
		return false
	}
	r := a.relations[query.node]
	vars := r.vars
	if !slices.Contains(vars, a.position) && a.length == nil {
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
	return met && a.identical(c)
}

// identical reports that the condition allows exactly the key with the query's
// number.
func (a *analysis) identical(c *condition) bool {
	_, _, ok := a.equalIntegers(c)
	return ok
}
