package table

import (
	"encoding/binary"
	"slices"

	"rasp/compiler/keys"
)

// Box is a set of states of some axes, a product of sets, and the table that the rest
// have there.
type Box struct {
	In    [][]int // by axis; nil: all its states
	Table []int32 // over the rest
}

// Boxes splits the table into disjoint boxes of states of the first depth axes, so that
// within a box the function of the rest is the same: one decision after another in the
// order of the axes, where states that lead to the same table share a box (a decision
// diagram, cut into its paths; Bryant 1986).
func (t Partial) Boxes(depth int) []Box {
	if depth == 0 {
		return []Box{{Table: t.Cells}}
	}
	if class, ok := uniform(t.Cells); ok {
		rest := 1
		for _, n := range t.Sizes[depth:] {
			rest *= n
		}
		return []Box{{In: make([][]int, depth), Table: slices.Repeat([]int32{class}, rest)}}
	}
	groups, tables := mergeRows(t.Sizes[0], t.Cells)
	var boxes []Box
	for g, states := range groups {
		if len(groups) == 1 {
			states = nil
		}
		for _, box := range (Partial{t.Sizes[1:], tables[g]}).Boxes(depth - 1) {
			boxes = append(boxes, Box{append([][]int{states}, box.In...), box.Table})
		}
	}
	return boxes
}

// CountBoxes is how many Boxes there are; tables that come up again are counted
// once.
func (t Partial) CountBoxes(depth int) int {
	known, counts := make([]index, depth), make([][]int, depth) // by depth, less 1
	var count func(t Partial, depth int) int
	count = func(t Partial, depth int) int {
		if depth == 0 {
			return 1
		}
		if _, ok := uniform(t.Cells); ok {
			return 1
		}
		at, isNew := known[depth-1].place(t.Cells)
		if isNew {
			n := 0
			_, tables := mergeRows(t.Sizes[0], t.Cells)
			for _, rest := range tables {
				n += count(Partial{t.Sizes[1:], rest}, depth-1)
			}
			counts[depth-1] = append(counts[depth-1], n)
		}
		return counts[depth-1][at]
	}
	return count(t, depth)
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
	open := slices.ContainsFunc(cells, func(c int32) bool { return c < 0 })
	var exact index
	var groupOf []int // by place in that
	for s := range n {
		row := cells[s*width : (s+1)*width]
		if open && !slices.ContainsFunc(row, func(c int32) bool { return c >= 0 }) {
			continue // a state that never occurs with these
		}
		at, isNew := exact.place(row)
		if isNew {
			g := -1
			if open { // else rows that agree are equal
				g = slices.IndexFunc(tables, func(t []int32) bool { return agree(t, row) })
			}
			if g < 0 {
				g = len(groups)
				groups, tables = append(groups, nil), append(tables, row)
				if open {
					tables[g] = slices.Clone(row)
				}
			}
			groupOf = append(groupOf, g)
		}
		g := groupOf[at]
		groups[g] = append(groups[g], s)
		if isNew && open {
			for i, c := range row {
				if c >= 0 {
					tables[g][i] = c
				}
			}
		}
	}
	return groups, tables
}

// index numbers lists of cells, equal ones alike.
type index struct {
	hashes keys.Numbering
	lists  [][]int32
}

// place is the number of a list, which must stay as it is, and whether it has just got it.
func (x *index) place(cells []int32) (at int, isNew bool) {
	for h := hash(cells); ; h++ { // of a list with the same hash, the next one
		at, isNew = x.hashes.Of(h)
		if isNew {
			x.lists = append(x.lists, cells)
		}
		if isNew || slices.Equal(x.lists[at], cells) {
			return at, isNew
		}
	}
}

// hash of cells: FNV-1a, a cell at a time.
func hash(cells []int32) uint64 {
	h := uint64(14695981039346656037)
	for _, c := range cells {
		h = (h ^ uint64(uint32(c))) * 1099511628211
	}
	return h
}

// appendText appends what is equal for equal cells.
func appendText(b []byte, cells []int32) []byte {
	for _, c := range cells {
		b = binary.LittleEndian.AppendUint32(b, uint32(c))
	}
	return b
}

func agree(x, y []int32) bool {
	for i := range x {
		if x[i] >= 0 && y[i] >= 0 && x[i] != y[i] {
			return false
		}
	}
	return true
}
