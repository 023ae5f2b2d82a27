// Package table has tables of which not every cell matters: functions of several
// variables, each with finitely many states.
//
// A cell is the number of a class, or None where anything will do. The operations
// use that freedom: what agrees wherever both matter can be one.
package table

import "slices"

// None is a cell that does not matter.
const None = -1

// Partial is a table over axes. Cells are row-major: the last axis runs fastest.
type Partial struct {
	Sizes []int // of the axes
	Cells []int32
}

// inner is how many cells stand between neighbouring states of an axis.
func (t Partial) inner(axis int) int {
	n := 1
	for _, size := range t.Sizes[axis+1:] {
		n *= size
	}
	return n
}

// slices calls f with the place of state 0 of an axis, for each combination of states of
// the other axes; step is the distance to the next state.
func (t Partial) slices(axis int, f func(base, step int)) {
	step := t.inner(axis)
	for base := 0; base < len(t.Cells); base += step * t.Sizes[axis] {
		for c := range step {
			f(base+c, step)
		}
	}
}

// Drop is the table without an axis, false if it depends on that.
func (t Partial) Drop(axis int) (Partial, bool) {
	sizes := slices.Delete(slices.Clone(t.Sizes), axis, axis+1)
	size, step := t.Sizes[axis], t.inner(axis)
	cells := make([]int32, len(t.Cells)/size)
	for c := range cells {
		cells[c] = None
		base := c/step*step*size + c%step
		for s := range size {
			switch x := t.Cells[base+s*step]; {
			case x == None || x == cells[c]:
			case cells[c] == None:
				cells[c] = x
			default:
				return Partial{}, false
			}
		}
	}
	return Partial{sizes, cells}, true
}

// Pick keeps some states of an axis.
func (t Partial) Pick(axis int, keep []int) Partial {
	inner := t.inner(axis)
	sizes := slices.Clone(t.Sizes)
	sizes[axis] = len(keep)
	var cells []int32
	for base := 0; base < len(t.Cells); base += inner * t.Sizes[axis] {
		for _, s := range keep {
			cells = append(cells, t.Cells[base+s*inner:base+(s+1)*inner]...)
		}
	}
	return Partial{sizes, cells}
}

// Permute puts the axes into another order.
func (t Partial) Permute(order []int) Partial {
	strides, sizes := make([]int, len(order)), make([]int, len(order))
	for i, axis := range order {
		strides[i], sizes[i] = t.inner(axis), t.Sizes[axis]
	}
	cells := make([]int32, len(t.Cells))
	states := make([]int, len(order))
	from := 0
	for i := range cells {
		cells[i] = t.Cells[from]
		for k := len(order) - 1; k >= 0; k-- {
			states[k]++
			from += strides[k]
			if states[k] < sizes[k] {
				break
			}
			from -= states[k] * strides[k]
			states[k] = 0
		}
	}
	return Partial{sizes, cells}
}

// Merge gives all states of an axis that occur and are of one kind the same cells,
// false if they contradict each other somewhere.
func (t Partial) Merge(axis int, kind func(state int) int64) (Partial, bool) {
	occurs := make([]bool, t.Sizes[axis])
	t.slices(axis, func(base, step int) {
		for s := range occurs {
			occurs[s] = occurs[s] || t.Cells[base+s*step] != None
		}
	})
	cells, ok := slices.Clone(t.Cells), true
	known := map[int64]int32{}
	t.slices(axis, func(base, step int) {
		clear(known)
		for s := range occurs {
			if x := t.Cells[base+s*step]; x != None {
				old, seen := known[kind(s)]
				ok = ok && (!seen || old == x)
				known[kind(s)] = x
			}
		}
		for s := range occurs {
			if x, seen := known[kind(s)]; seen && occurs[s] {
				cells[base+s*step] = x
			}
		}
	})
	return Partial{t.Sizes, cells}, ok
}

// Classes numbers the states of an axis by what the table is there: one number for
// states that it does not tell apart, None for those that do not occur.
func (t Partial) Classes(axis int) []int32 {
	inner := t.inner(axis)
	numbers := make([]int32, t.Sizes[axis])
	known := map[string]int32{}
	var key []byte
	for s := range numbers {
		key = key[:0]
		numbers[s] = None
		occurs := false
		for base := 0; base < len(t.Cells); base += inner * t.Sizes[axis] {
			row := t.Cells[base+s*inner : base+(s+1)*inner]
			key = appendText(key, row)
			occurs = occurs || slices.ContainsFunc(row, func(c int32) bool { return c != None })
		}
		if !occurs {
			continue
		}
		n, ok := known[string(key)]
		if !ok {
			n = int32(len(known))
			known[string(key)] = n
		}
		numbers[s] = n
	}
	return numbers
}

// Alike reports that the table is the same in two states of an axis, also in where it does
// not matter, so that what is alike to a third is alike; same compares cells, and is an
// equivalence.
func (t Partial) Alike(axis, s, u int, same func(x, y int32) bool) bool {
	alike := true
	t.slices(axis, func(base, step int) {
		x, y := t.Cells[base+s*step], t.Cells[base+u*step]
		alike = alike && (x == y || x != None && y != None && same(x, y))
	})
	return alike
}
