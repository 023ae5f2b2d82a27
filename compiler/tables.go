package compiler

import (
	"slices"

	"rasp/compiler/table"
)

// tableOver tabulates the states of v over those of the given variables; false if
// they do not determine it.
func tableOver(v *variable, vars []*variable) (t table.Partial, ok bool) {
	size := 1
	for _, x := range vars {
		if size *= x.size; size > maxCells {
			return t, false
		}
		t.Sizes = append(t.Sizes, x.size)
	}
	r := v.table
	base := []*relation{r}
	for _, x := range vars {
		base = append(base, underlying(x, r))
	}
	s := newSpace(union(base))
	if s.size > maxCells {
		return t, false
	}
	result, readers, twins := s.reader(r), make([]reader, len(vars)), r.representatives()
	for i := range vars {
		readers[i] = s.reader(base[i+1])
	}
	t.Cells, ok = slices.Repeat([]int32{none}, size), true
	s.each(func(_ int, states []int32) {
		if !ok {
			return
		}
		id := result.at(states)
		if id == none {
			return
		}
		cell := 0
		for i, x := range vars {
			state := readers[i].at(states)
			if state == none {
				return
			}
			cell = cell*x.size + int(state)
		}
		id = twins[id]
		ok = ok && (t.Cells[cell] == none || t.Cells[cell] == id)
		t.Cells[cell] = id
	})
	return t, ok
}

// underlying is the state of a variable as a relation over those that r depends
// on: itself if it is one of them, else what its node depends on.
func underlying(v *variable, r *relation) *relation {
	if v.kind == computedVariable && !slices.Contains(r.vars, v) {
		return v.table
	}
	cells := make([]int32, v.size)
	for s := range cells {
		cells[s] = int32(s)
	}
	return &relation{vars: []*variable{v}, cells: cells}
}

// coarsened fills in what a table over a mean leaves open, so that it depends on
// less: on whether anything is selected, or the sum is 0, or on the width or the
// sum alone, if one of these is enough. i is the mean's place among the inputs.
func coarsened(v *variable, t table.Partial, i int) table.Partial {
	if v.kind != meanVariable {
		return t
	}
	for _, what := range []func(sum) int{
		func(s sum) int { return min(s.width, 1) },
		func(s sum) int { return min(max(s.total, -s.total), 1) },
		func(s sum) int { return s.width },
		func(s sum) int { return s.total },
	} {
		if filled, ok := t.Merge(i, func(state int) int { return what(v.sums[state]) }); ok {
			return filled
		}
	}
	return t
}
