package compiler

import (
	"math"
	"slices"
)

// tableOver tabulates the states of v over those of the given variables; nil if
// they do not determine it.
func (l *mlp) tableOver(v *variable, vars []*variable) []int32 {
	size := 1
	for _, x := range vars {
		if size *= x.size; size > maxCells {
			return nil
		}
	}
	r := v.table
	base := []*relation{r}
	for _, x := range vars {
		base = append(base, l.underlying(x, r))
	}
	s := newSpace(union(base))
	if s.size > maxCells {
		return nil
	}
	result, readers, twins := s.reader(r), make([]reader, len(vars)), r.representatives()
	for i := range vars {
		readers[i] = s.reader(base[i+1])
	}
	cells := slices.Repeat([]int32{none}, size)
	ok := true
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
		ok = ok && (cells[cell] == none || cells[cell] == id)
		cells[cell] = id
	})
	if !ok {
		return nil
	}
	return cells
}

// underlying is the state of a variable as a relation over those that r depends
// on: itself if it is one of them, else what its node depends on.
func (l *mlp) underlying(v *variable, r *relation) *relation {
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
func (l *mlp) coarsened(v *variable, sizes []int, i int, cells []int32) []int32 {
	if v.kind != meanVariable {
		return cells
	}
	for _, what := range []func(sum) int{
		func(s sum) int { return min(s.width, 1) },
		func(s sum) int { return min(max(s.total, -s.total), 1) },
		func(s sum) int { return s.width },
		func(s sum) int { return s.total },
	} {
		if filled := alike(sizes, i, cells, func(state int) int { return what(v.sums[state]) }); filled != nil {
			return filled
		}
	}
	return cells
}

// alike gives all states of input i that occur and are of one kind the same
// table, nil if they contradict each other somewhere.
func alike(sizes []int, i int, cells []int32, kind func(state int) int) []int32 {
	inner := 1
	for _, n := range sizes[i+1:] {
		inner *= n
	}
	filled := slices.Clone(cells)
	occurs := make([]bool, sizes[i])
	for base := 0; base < len(cells); base += inner * sizes[i] {
		for c := range inner {
			known := map[int]int32{}
			for s := range sizes[i] {
				x := cells[base+s*inner+c]
				if x == none {
					continue
				}
				occurs[s] = true
				if old, ok := known[kind(s)]; ok && old != x {
					return nil
				}
				known[kind(s)] = x
			}
			for s := range sizes[i] {
				if x, ok := known[kind(s)]; ok {
					filled[base+s*inner+c] = x
				}
			}
		}
	}
	for base := 0; base < len(cells); base += inner * sizes[i] {
		for s := range sizes[i] {
			if !occurs[s] {
				copy(filled[base+s*inner:], slices.Repeat([]int32{none}, inner))
			}
		}
	}
	return filled
}

// distinctions numbers the states of variable i by what the table is there, with
// numbers that no linear function yields by accident.
func distinctions(sizes []int, i int, cells []int32) []float64 {
	inner := 1
	for _, n := range sizes[i+1:] {
		inner *= n
	}
	f := make([]float64, sizes[i])
	classes := map[string]int{}
	var key []byte
	for s := range f {
		key = key[:0]
		possible := false
		for base := 0; base < len(cells); base += inner * sizes[i] {
			for _, c := range cells[base+s*inner : base+(s+1)*inner] {
				key = append(key, byte(c), byte(c>>8), byte(c>>16), byte(c>>24))
				possible = possible || c != none
			}
		}
		if !possible {
			f[s] = math.NaN()
			continue
		}
		c, ok := classes[string(key)]
		if !ok {
			c = len(classes)
			classes[string(key)] = c
		}
		f[s] = math.Sqrt(float64(c) + 2)
	}
	return f
}

// picked keeps some states of input i of a row-major table.
func picked(sizes []int, i int, cells []int32, keep []int) []int32 {
	inner := 1
	for _, n := range sizes[i+1:] {
		inner *= n
	}
	var out []int32
	for base := 0; base < len(cells); base += inner * sizes[i] {
		for _, s := range keep {
			out = append(out, cells[base+s*inner:base+(s+1)*inner]...)
		}
	}
	return out
}

// transposed reorders a row-major table.
func transposed(sizes []int, cells []int32, order []int) []int32 {
	strides := make([]int, len(sizes))
	stride := 1
	for i := len(sizes) - 1; i >= 0; i-- {
		strides[i] = stride
		stride *= sizes[i]
	}
	out := make([]int32, len(cells))
	states := make([]int, len(order))
	from := 0
	for i := range out {
		out[i] = cells[from]
		for k := len(order) - 1; k >= 0; k-- {
			states[k]++
			from += strides[order[k]]
			if states[k] < sizes[order[k]] {
				break
			}
			from -= states[k] * strides[order[k]]
			states[k] = 0
		}
	}
	return out
}
