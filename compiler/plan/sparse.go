package plan

import "slices"

// Entry is a weight that is not 0, in some column of a matrix.
type Entry struct {
	Row    int
	Weight float64
}

// ColumnsOf lists what is not 0 in each column of a row-major matrix, in the
// order of the rows.
func ColumnsOf(matrix []float32, width int) [][]Entry {
	columns := make([][]Entry, width)
	for i, w := range matrix {
		if w != 0 {
			columns[i%width] = append(columns[i%width], Entry{i / width, float64(w)})
		}
	}
	return columns
}

// Entries of a form, as ColumnsOf would list them.
func Entries(f Form) []Entry {
	list := make([]Entry, len(f.Terms))
	for i, t := range f.Terms {
		list[i] = Entry{t.Of.Dim, t.Factor}
	}
	slices.SortFunc(list, func(a, b Entry) int { return a.Row - b.Row })
	return list
}

// Each visits the rows at which one of two columns is not 0.
func Each(a, b []Entry, visit func(row int, a, b float64)) {
	for len(a) > 0 || len(b) > 0 {
		switch {
		case len(b) == 0 || len(a) > 0 && a[0].Row < b[0].Row:
			visit(a[0].Row, a[0].Weight, 0)
			a = a[1:]
		case len(a) == 0 || b[0].Row < a[0].Row:
			visit(b[0].Row, 0, b[0].Weight)
			b = b[1:]
		default:
			visit(a[0].Row, a[0].Weight, b[0].Weight)
			a, b = a[1:], b[1:]
		}
	}
}
