package compiler

import (
	"fmt"
	"slices"
)

// momentVariables are what determines a state of a mean: the sum, and the width
// or what the width follows from.
func (l *lowering) momentVariables(v *variable) []*variable {
	m := l.meanOf(v)
	other := l.derived(v, "width", func(x *variable) {
		x.kind, x.node, x.size = widthVariable, v.node, l.domain.Length+1
	})
	if len(v.determines) > 0 {
		other = v.determines[0].variable
	}
	total := l.derived(v, "sum", func(x *variable) {
		if len(m.ids) == 1 {
			x.kind, x.node, x.size, x.only = widthVariable, v.node, l.domain.Length+1, &keyFilter{v.node.Args[1], m.ids}
			return
		}
		x.kind, x.node = sumVariable, v.node
		x.sum = l.sumOfValues(v.node, m)
		x.sum.numbers = distinctTotals(v)
		x.size = len(x.sum.numbers)
	})
	return []*variable{other, total}
}

// derived is a variable that stands for something about a mean.
func (l *lowering) derived(v *variable, what string, fill func(*variable)) *variable {
	key := fmt.Sprint(v.id, what)
	x := l.moments[key]
	if x == nil {
		x = &variable{id: v.id}
		fill(x)
		l.moments[key] = x
	}
	return x
}

// distinctTotals lists the sums that the states of a mean have, in units,
// ascending.
func distinctTotals(v *variable) []float64 {
	var f []float64
	for _, s := range v.sums {
		f = append(f, float64(s.total))
	}
	slices.Sort(f)
	return slices.Compact(f)
}

// momentTable is the state of a mean over its moment variables.
func (l *lowering) momentTable(v *variable, vars []*variable) []int32 {
	other, total := vars[0], vars[1]
	m := l.meanOf(v)
	cells := slices.Repeat([]int32{none}, other.size*total.size)
	for state, s := range v.sums {
		o := s.width
		if len(v.determines) > 0 {
			o = int(v.determines[0].state[state])
		}
		t := 0
		if total.kind == sumVariable {
			t, _ = slices.BinarySearch(total.sum.numbers, float64(s.total))
		} else {
			t = s.total / m.units[m.ids[0]]
		}
		cells[o*total.size+t] = int32(state)
	}
	return cells
}
