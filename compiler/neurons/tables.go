package neurons

import (
	"slices"

	"rasp/compiler/facts"
	"rasp/compiler/table"
)

// tableOver tabulates the states of v over those of the given variables; false if
// they do not determine it.
func tableOver(v *facts.Variable, vars []*facts.Variable) (t table.Partial, ok bool) {
	size := 1
	for _, x := range vars {
		if size *= x.Size; size > facts.MaxCells && len(vars) > 1 {
			return t, false
		}
		t.Sizes = append(t.Sizes, x.Size)
	}
	r := v.Table
	base := []*facts.Table{r}
	for _, x := range vars {
		base = append(base, underlying(x, r))
	}
	s := facts.NewSpace(facts.Union(base))
	if s.TooLarge() {
		return t, false
	}
	result, readers, twins := s.Reader(r), make([]facts.Reader, len(vars)), r.Representatives()
	for i := range vars {
		readers[i] = s.Reader(base[i+1])
	}
	t.Cells = slices.Repeat([]int32{facts.None}, size)
	places, run := make([]int, len(vars)), s.Run()
	for _, states := range s.Runs {
		from := result.Place(states)
		for i := range readers {
			places[i] = readers[i].Place(states)
		}
	cells:
		for k := range run {
			id := result.Of(from, k)
			if id == facts.None {
				continue
			}
			cell := 0
			for i := range readers {
				state := readers[i].Of(places[i], k)
				if state == facts.None {
					continue cells
				}
				cell = cell*t.Sizes[i] + int(state)
			}
			id = twins[id]
			if t.Cells[cell] != facts.None && t.Cells[cell] != id {
				return t, false
			}
			t.Cells[cell] = id
		}
	}
	return t, true
}

// underlying is the state of a variable as a table over those that r depends
// on: itself, without cells, if it is one of them, else what its node depends on.
func underlying(v *facts.Variable, r *facts.Table) *facts.Table {
	if v.Source == facts.Computed && !slices.Contains(r.Vars, v) {
		return v.Table
	}
	return &facts.Table{Vars: []*facts.Variable{v}}
}

// coarsened fills in what a table over a mean leaves open, so that it depends on
// less: on whether anything is selected, or the sum is 0, or on the width or the
// sum alone, if one of these is enough. i is the mean's place among the inputs.
func coarsened(v *facts.Variable, t table.Partial, i int) table.Partial {
	if v.Source != facts.Mean {
		return t
	}
	for _, what := range []func(facts.Sum) int64{
		func(s facts.Sum) int64 { return int64(min(s.Width, 1)) },
		func(s facts.Sum) int64 { return min(max(s.Total, -s.Total), 1) },
		func(s facts.Sum) int64 { return int64(s.Width) },
		func(s facts.Sum) int64 { return s.Total },
	} {
		if filled, ok := t.Merge(i, func(state int) int64 { return what(v.Sums[state]) }); ok {
			return filled
		}
	}
	return t
}
