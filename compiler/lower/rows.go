package lower

import (
	"math"
	"math/bits"
	"strings"

	"rasp/compiler/demand"
	"rasp/compiler/facts"
	"rasp/compiler/linear"
	"rasp/compiler/plan"
	"rasp/lang/diag"
	"rasp/lang/graph"
	"rasp/lang/value"
	"rasp/runtime/model"
)

// A row of a table that the program looks up (graph.Row) is a neuron. The s-ops
// looked up are there in bits, as numbers +1 and -1; row r wants the bits c of its
// keys, B of them in all:
//
//	relu(sum over the bits b of c_b x_b - (B - 1))  =  1 if all agree, 0 if not
//
// since a single bit that differs takes 2 from the sum. At most one row of a table
// is there at a time. All of it is whole numbers, so it is exact while B < 2^24. A
// table costs a neuron for each row and a weight for each cell, however many
// sequences of keys it lacks.

// byRow reads a function of the row of a table: its neurons write it to a column.
func (l *lowering) byRow(v *facts.Variable, g []float64) *demand.Offer {
	c := l.neuronsOf(v.Node)
	return &demand.Offer{When: c.when, Cost: demand.Cost{Neurons: len(v.Node.Trie.Rows), Columns: 1}, Make: func() plan.Form {
		col, none := l.NewColumn(c.when, l.Label(v, g)), g[0]
		if col.Sum = true; math.IsNaN(none) {
			none = 0
		}
		l.readBits(c)
		for row, x := range g[1:] {
			if x != none && !math.IsNaN(x) {
				c.write(int32(row), col, x-none)
			}
		}
		return linear.Of(col).Plus(plan.Constant(none))
	}}
}

// rowNeurons is a table on its way to neurons.
type rowNeurons struct {
	row  *graph.Node
	when int // of the neurons
	args []lookedUp
	outs [][]plan.Term // by row: what its neuron writes
	bits [][]plan.Form // by s-op looked up: its bits, as -1 and +1; nil until they are needed
}

// lookedUp is an s-op that is looked up.
type lookedUp struct {
	source *facts.Variable
	bits   [][]float64 // by bit: its value by state, 0 or 1
	code   []int       // by key of the level: the bits; -1 for a key that the s-op never is
}

// neuronsOf finds the codes of what a table looks up.
func (l *lowering) neuronsOf(row *graph.Node) *rowNeurons {
	if c := l.rows[row]; c != nil {
		return c
	}
	c := &rowNeurons{row: row, outs: make([][]plan.Term, len(row.Trie.Rows))}
	l.rows[row] = c
	l.inOrder = append(l.inOrder, c)
	when := 0
	for level, arg := range row.Args {
		if l.Table(arg).Unbounded {
			l.Fail(diag.Errorf(row.Span, diag.Limit, "%s is looked up, but it can take too many values", graph.Describe(arg)))
			return c
		}
		a := l.lookUp(arg, row.Trie.Keys[level])
		for _, f := range a.bits {
			when = max(when, l.When(a.source, f))
		}
		c.args = append(c.args, a)
	}
	c.when = plan.NextMLP(when)
	return c
}

// readBits asks for the bits of what a table looks up.
func (l *lowering) readBits(c *rowNeurons) {
	if c.bits != nil {
		return
	}
	c.bits = make([][]plan.Form, len(c.args))
	for i, a := range c.args {
		for _, f := range a.bits {
			c.bits[i] = append(c.bits[i], l.Read(a.source, f).Times(2).Plus(plan.Constant(-1)))
		}
	}
}

// lookUp numbers the values of an s-op, equal ones alike, in the order in
// which the analysis lists them; so all tables that look it up share its bits.
func (l *lowering) lookUp(n *graph.Node, keys []value.Value) lookedUp {
	r := l.Table(n)
	number, of := map[value.Value]int{}, make([]int, len(r.Values))
	for i, v := range r.Values {
		k := value.Key(v)
		if _, ok := number[k]; !ok {
			number[k] = len(number)
		}
		of[i] = number[k]
	}
	a := lookedUp{source: l.Source(n)}
	for _, key := range keys {
		code, ok := number[value.Key(key)]
		if !ok || !value.Equal(key, key) {
			code = -1
		}
		a.code = append(a.code, code)
	}
	if a.source == nil {
		return a
	}
	ids := l.IdsBySource(n)
	for b := range bits.Len(uint(len(number) - 1)) {
		a.bits = append(a.bits, facts.ByState(ids, func(id int32) float64 { return float64(of[id] >> b & 1) }))
	}
	return a
}

// write has the neuron of a row add x to a column. Of columns that it writes to
// already only the last few are looked at: those of one logit come together.
func (c *rowNeurons) write(row int32, to *plan.Column, x float64) {
	outs := c.outs[row]
	for i := len(outs) - 1; i >= max(0, len(outs)-4); i-- {
		if outs[i].Of == to {
			outs[i].Factor += x
			return
		}
	}
	c.outs[row] = append(outs, plan.Term{Of: to, Factor: x})
}

// emitRows makes the neurons of all tables.
func (l *lowering) emitRows() {
	for number, c := range l.inOrder {
		for r, outs := range c.outs {
			if len(outs) == 0 {
				continue
			}
			if in, ok := c.input(r); ok {
				l.Neurons = append(l.Neurons, &plan.Neuron{Layer: c.when / 2, In: in, Outs: outs, Label: c.label(r), Table: number + 1})
			}
		}
	}
}

// input of the neuron of a row; false for a row that is never there.
func (c *rowNeurons) input(r int) (plan.Form, bool) {
	in, count, terms := plan.Form{Constant: 1}, 0, 0
	for _, list := range c.bits {
		terms += len(list)
	}
	in.Terms = make([]plan.Term, 0, terms)
	for i, a := range c.args {
		code := a.code[c.row.Trie.Rows[r][i]]
		if code < 0 {
			return plan.Form{}, false
		}
		for b, f := range c.bits[i] {
			sign := float64(2*(code>>b&1) - 1)
			in.Constant += float64(sign * f.Constant)
			for _, t := range f.Terms {
				in.Add(t.Of, float64(sign*t.Factor))
			}
			count++
		}
	}
	in.Constant -= float64(count)
	return in, true
}

// label of a row: its keys.
func (c *rowNeurons) label(r int) model.Label {
	texts := make([]string, len(c.args))
	for i, key := range c.row.Trie.Rows[r] {
		texts[i] = c.row.Trie.Keys[i][key].JSON()
	}
	return model.Label{What: "after " + strings.Join(texts, " "), Line: c.row.Span.Line(), Col: c.row.Span.Col()}
}
