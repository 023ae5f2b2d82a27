package construct

import (
	"encoding/binary"
	"slices"
)

// Box is a set of states of some inputs, a product of sets, and the table that
// the rest of the inputs have there.
type Box struct {
	In    [][]int // by input; nil: all its states
	Table []int32 // over the rest
}

// Boxes splits the table of a function of several inputs (cells row-major over
// sizes, a class number a cell, -1 where anything will do) into disjoint boxes
// of states of the first depth inputs, so that within a box the function of the
// rest is the same: one decision after another in the order of the inputs,
// where states that lead to the same table share a box.
func Boxes(sizes []int, depth int, cells []int32) []Box {
	if depth == 0 {
		return []Box{{Table: cells}}
	}
	if class, ok := uniform(cells); ok {
		rest := 1
		for _, n := range sizes[depth:] {
			rest *= n
		}
		return []Box{{In: make([][]int, depth), Table: slices.Repeat([]int32{class}, rest)}}
	}
	groups, tables := mergeRows(sizes[0], cells)
	var boxes []Box
	for g, states := range groups {
		if len(groups) == 1 {
			states = nil
		}
		for _, box := range Boxes(sizes[1:], depth-1, tables[g]) {
			boxes = append(boxes, Box{append([][]int{states}, box.In...), box.Table})
		}
	}
	return boxes
}

// CountBoxes is how many Boxes there are; tables that come up again are counted
// once.
func CountBoxes(sizes []int, depth int, cells []int32) int {
	known := map[string]int{}
	var count func(sizes []int, depth int, cells []int32) int
	count = func(sizes []int, depth int, cells []int32) int {
		if depth == 0 {
			return 1
		}
		if _, ok := uniform(cells); ok {
			return 1
		}
		key := text(cells)
		n, ok := known[key]
		if !ok {
			_, tables := mergeRows(sizes[0], cells)
			for _, t := range tables {
				n += count(sizes[1:], depth-1, t)
			}
			known[key] = n
		}
		return n
	}
	return count(sizes, depth, cells)
}

// uniform reports whether all cells that matter have one class.
func uniform(cells []int32) (int32, bool) {
	class := int32(-1)
	for _, c := range cells {
		if c >= 0 && class >= 0 && c != class {
			return 0, false
		}
		class = max(class, c)
	}
	return class, true
}

// mergeRows puts rows that agree wherever both matter into one group.
func mergeRows(n int, cells []int32) (groups [][]int, tables [][]int32) {
	width := len(cells) / n
	exact := map[string]int{}
	for s := range n {
		row := cells[s*width : (s+1)*width]
		if !slices.ContainsFunc(row, func(c int32) bool { return c >= 0 }) {
			continue // a state that never occurs with these
		}
		key := text(row)
		g, ok := exact[key]
		if !ok {
			g = slices.IndexFunc(tables, func(t []int32) bool { return agree(t, row) })
			if g < 0 {
				g = len(groups)
				groups, tables = append(groups, nil), append(tables, slices.Clone(row))
			}
			exact[key] = g
		}
		groups[g] = append(groups[g], s)
		for i, c := range row {
			if c >= 0 {
				tables[g][i] = c
			}
		}
	}
	return groups, tables
}

func text(row []int32) string {
	b := make([]byte, 0, 4*len(row))
	for _, c := range row {
		b = binary.LittleEndian.AppendUint32(b, uint32(c))
	}
	return string(b)
}

func agree(x, y []int32) bool {
	for i := range x {
		if x[i] >= 0 && y[i] >= 0 && x[i] != y[i] {
			return false
		}
	}
	return true
}
