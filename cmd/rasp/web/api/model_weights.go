package api

import (
	"context"
	"fmt"
	"strings"

	"rasp/cmd/rasp/web/rpc"
	"rasp/compiler/inside"
	"rasp/runtime/model"
)

// Weights are the elements of a tensor, those rows and columns that have some which are not 0.
type Weights struct {
	Tensor  string      `json:"tensor"`
	Shape   []int       `json:"shape"`
	Rows    []Entry     `json:"rows"`
	Columns []Entry     `json:"columns"`
	Cells   [][]float64 `json:"cells"` // [row][column]
	Largest float64     `json:"largest"`
	Left    [2]int      `json:"left"` // rows and columns with other numbers than 0 that are not told of
}

// Entry is a row or column: its number in the tensor as a matrix, what it is, and the line of
// the program that wants it.
type Entry struct {
	Number int    `json:"number"`
	Name   string `json:"name"`
	Line   int    `json:"line,omitempty"`
}

const mostNamedRows, mostColumns = 32, 24

// weights shows a tensor; of one with heads those of one head.
func (h *Host) weights(ctx context.Context, p struct {
	Program Program  `json:"program"`
	Changes []Change `json:"changes,omitempty"`
	Tensor  string   `json:"tensor"`
	Head    int      `json:"head"`
}) (*Weights, error) {
	c, _, err := h.changed(ctx, p.Program, p.Changes)
	if err != nil {
		return nil, err
	}
	t, err := tensorOf(c.Model, p.Tensor)
	if err != nil {
		return nil, err
	}
	m := t.Weights()
	rows, columns := m.Size()
	from := 0
	if strings.Contains(t.Name, ".attn.") && !strings.HasSuffix(t.Name, "b_O") {
		if p.Head < 0 || p.Head >= c.Heads {
			return nil, rpc.Usage("", fmt.Sprintf("the model has %d heads a layer, counted from 0, and no %d", c.Heads, p.Head))
		}
		if len(t.Shape) == 2 { // a bias, as one row of all heads
			return biasOf(c.Inside, t, p.Head), nil
		}
		rows /= c.Heads
		from = p.Head * rows
	}
	return tableOf(axisNames(c.Inside, t, p.Head), t, m, span{from, from + rows, 0, columns}), nil
}

// span is a part of a matrix.
type span struct{ top, bottom, left, right int }

// biasOf a head is a part of the only row.
func biasOf(x *inside.Model, t model.Tensor, head int) *Weights {
	width := t.Shape[1]
	return tableOf(axisNames(x, t, head), t, t.Weights(), span{0, 1, head * width, (head + 1) * width})
}

// tableOf lists the rows and columns of a part of a matrix that are not empty.
func tableOf(n named, t model.Tensor, m model.Matrix, at span) *Weights {
	w := &Weights{Tensor: t.Name, Shape: t.Shape, Rows: []Entry{}, Columns: []Entry{}, Cells: [][]float64{}}
	used := map[int]bool{}
	for i := at.top; i < at.bottom; i++ {
		some := false
		for j := range m.Row(i) {
			if j >= at.left && j < at.right {
				some, used[j] = true, true
			}
		}
		switch {
		case some && len(w.Rows) < mostNamedRows:
			w.Rows = append(w.Rows, n.row(i, i-at.top))
		case some:
			w.Left[0]++
		}
	}
	for j := at.left; j < at.right; j++ {
		switch {
		case used[j] && len(w.Columns) < mostColumns:
			w.Columns = append(w.Columns, n.column(j, j-at.left))
		case used[j]:
			w.Left[1]++
		}
	}
	for _, row := range w.Rows {
		var cells []float64
		for _, column := range w.Columns {
			v := finite(m.At(row.Number, column.Number))
			cells = append(cells, v)
			w.Largest = max(w.Largest, v, -v)
		}
		w.Cells = append(w.Cells, cells)
	}
	return w
}

// named has the names of rows and columns, by number in the matrix and in its part.
type named struct {
	row, column func(number, inPart int) Entry
}

// axisNames the rows and columns of a tensor.
func axisNames(x *inside.Model, t model.Tensor, head int) named {
	var l int
	_, _ = fmt.Sscanf(t.Name, "blocks.%d.", &l)
	dim := func(number, at int) Entry { return Entry{number, x.Names.Dims[at].Name, x.Names.Dims[at].Line} }
	neuron := func(number, at int) Entry {
		n := x.Names.Neurons[l][at]
		return Entry{number, n.Name, n.Line}
	}
	bias := func(number, _ int) Entry { return Entry{number, "bias", 0} }
	ofHead := func(number, at int) Entry {
		return Entry{number, fmt.Sprintf("%d of head %d.%d", at, l, head), x.Names.Heads[l][head].Line}
	}
	column := func(number, at int) Entry { return Entry{number, columnOf(x, at), 0} }
	switch t.Name[strings.LastIndexByte(t.Name, '.')+1:] {
	case "W_E":
		return named{func(number, at int) Entry {
			if at == len(x.Vocab) {
				return Entry{number, inside.BOS, 0}
			}
			return Entry{number, inside.TokenText(x.Vocab[at]), 0}
		}, dim}
	case "W_pos":
		return named{func(number, at int) Entry {
			if at == 0 {
				return Entry{number, inside.BOS, 0}
			}
			return Entry{number, fmt.Sprintf("position %d", at-1), 0}
		}, dim}
	case "W_U":
		return named{dim, column}
	case "b_U":
		return named{bias, column}
	case "W_Q", "W_K", "W_V":
		return named{dim, ofHead}
	case "b_Q", "b_K", "b_V":
		return named{bias, ofHead}
	case "W_O":
		return named{ofHead, dim}
	case "W_in":
		return named{dim, neuron}
	case "b_in":
		return named{bias, neuron}
	case "W_out":
		return named{neuron, dim}
	}
	return named{bias, dim} // b_O and b_out
}

// columnOf W_U is a class of an output, or its number.
func columnOf(x *inside.Model, at int) string {
	for _, o := range x.Outputs {
		switch {
		case at >= o.Width():
			at -= o.Width()
		case o.Numeric():
			return o.Name
		default:
			return o.Name + " " + inside.TokenText(o.Classes[at])
		}
	}
	return ""
}
