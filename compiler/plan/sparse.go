package plan

import (
	"cmp"
	"math"
	"slices"

	"rasp/runtime/model"
)

// Entry is a weight that is not 0, in some column of a matrix.
type Entry struct {
	Row    int
	Weight float64
}

// NonZero lists the numbers that are not 0, by place; NaN, which never matters, is 0.
func NonZero(numbers []float64) []Entry {
	var list []Entry
	for i, x := range numbers {
		if x != 0 && !math.IsNaN(x) {
			list = append(list, Entry{i, x})
		}
	}
	return list
}

// AddTo adds a number to the one in a row of a list that is ascending.
func AddTo(list []Entry, row int, x float64) []Entry {
	at := len(list)
	if at > 0 && list[at-1].Row >= row {
		at, _ = slices.BinarySearchFunc(list, row, func(e Entry, row int) int { return cmp.Compare(e.Row, row) })
	}
	if at < len(list) && list[at].Row == row {
		list[at].Weight += x
		return list
	}
	return slices.Insert(list, at, Entry{row, x})
}

// ColumnsOf lists what is not 0 in each column of a matrix, in the order of the rows.
func ColumnsOf(m model.Matrix) [][]Entry {
	rows, cols := m.Size()
	columns, lengths, n := make([][]Entry, cols), make([]int, cols), 0
	for i := range rows {
		for j := range m.Row(i) {
			lengths[j]++
			n++
		}
	}
	room := make([]Entry, n)
	for j, n := range lengths {
		columns[j], room = room[:0:n], room[n:]
	}
	for i := range rows {
		for j, w := range m.Row(i) {
			columns[j] = append(columns[j], Entry{i, float64(w)})
		}
	}
	return columns
}

// Entries of a form, as ColumnsOf would list them.
func Entries(f Form) []Entry { return EntriesIn(nil, f) }

// EntriesIn is Entries in the room of a list.
func EntriesIn(list []Entry, f Form) []Entry {
	list = slices.Grow(list[:0], len(f.Terms))
	for _, t := range f.Terms {
		list = append(list, Entry{t.Of.Dim, t.Factor})
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
