package compiler

import "slices"

// entry is a weight that is not 0, in some column of a matrix.
type entry struct {
	row    int
	weight float64
}

// columnsOf lists what is not 0 in each column of a row-major matrix, in the
// order of the rows.
func columnsOf(matrix []float32, width int) [][]entry {
	columns := make([][]entry, width)
	for i, w := range matrix {
		if w != 0 {
			columns[i%width] = append(columns[i%width], entry{i / width, float64(w)})
		}
	}
	return columns
}

// entriesOf a form, as columnsOf would list them.
func entriesOf(f form) []entry {
	list := make([]entry, len(f.Terms))
	for i, t := range f.Terms {
		list[i] = entry{t.Of.dim, t.Factor}
	}
	slices.SortFunc(list, func(a, b entry) int { return a.row - b.row })
	return list
}

// eachOf visits the rows at which one of two columns is not 0.
func eachOf(a, b []entry, visit func(row int, a, b float64)) {
	for len(a) > 0 || len(b) > 0 {
		switch {
		case len(b) == 0 || len(a) > 0 && a[0].row < b[0].row:
			visit(a[0].row, a[0].weight, 0)
			a = a[1:]
		case len(a) == 0 || b[0].row < a[0].row:
			visit(b[0].row, 0, b[0].weight)
			b = b[1:]
		default:
			visit(a[0].row, a[0].weight, b[0].weight)
			a, b = a[1:], b[1:]
		}
	}
}
