package facts

import (
	"slices"
)

// Rows is what is known about a selector that does not depend on tokens: the
// width of each of its rows, as a function of position and length.
type Rows struct {
	Width       *Table
	Least, Most int // widths of a row
	// Selected has the rows themselves as sets of positions, by length (only the
	// longest in causal mode) and position; nil if they are too long for that.
	Selected [][]uint64
}

// Of lists the different rows at a position, or of a length.
func (r *Rows) Of(position bool, state int) (list []uint64) {
	for _, rows := range r.Selected {
		switch {
		case !position && len(rows) == state+1:
			list = append(list, rows...)
		case position && state < len(rows):
			list = append(list, rows[state])
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}
