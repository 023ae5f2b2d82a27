package analysis

import (
	"errors"
	"math"
	"slices"

	"rasp/compiler/facts"
	"rasp/lang/diag"
	"rasp/lang/graph"
	"rasp/lang/interp"
	"rasp/lang/value"
)

// positional finds the values of all s-ops that do not depend on tokens by
// running the interpreter once for each length: they are functions of the
// position and the length. (In causal mode a row sees nothing that depends on
// the length.) The widths of positional selectors are found in the same runs.
func (a *Analysis) positional(nodes []*graph.Node) error {
	a.Rows = map[*graph.Node]*facts.Rows{}
	free := map[*graph.Node]bool{}
	var moving []*graph.Node // s-ops to run: those that are not elementwise
	widths := map[*graph.Node]*graph.Node{}
	for _, n := range nodes {
		free[n] = n.Op != graph.Tokens
		for _, arg := range n.Args {
			free[n] = free[n] && free[arg]
		}
		moves := n.Op == graph.Aggregate || n.Op == graph.Width || n.Op == graph.Any
		switch {
		case n.Op == graph.Const:
			a.record(n, constant(n.Value))
		case n.Op == graph.Indices:
			a.record(n, facts.Identity(a.Position, func(p int) value.Value { return value.OfInt(int64(p)) }))
		case moves && free[n]:
			if r := a.meanOverAll(n); r != nil {
				a.record(n, r)
				break
			}
			moving = append(moving, n)
		case moves && free[n.Args[0]] && widths[n.Args[0]] == nil && (a.Domain.Causal || a.Domain.Length <= maxRuns):
			sel := n.Args[0]
			widths[sel] = &graph.Node{ID: nodes[len(nodes)-1].ID + 1 + len(widths), Op: graph.Width, Args: []*graph.Node{sel}}
			moving = append(moving, widths[sel])
		}
	}
	if len(moving) == 0 {
		return nil
	}
	selected := map[*graph.Node][][]uint64{}
	tables, err := a.runPositional(moving, func(e *interp.Evaluator) {
		for sel := range widths {
			if a.Domain.Length <= maxRows {
				selected[sel] = append(selected[sel], setsOf(e.Matrix(sel)))
			}
		}
	})
	if err != nil {
		return err
	}
	for sel, w := range widths {
		r := &facts.Rows{Width: tables[w], Least: a.Domain.Length, Selected: selected[sel]}
		for _, v := range r.Width.Values {
			r.Least, r.Most = min(r.Least, int(v.Float64())), max(r.Most, int(v.Float64()))
		}
		a.Rows[sel] = r
		delete(tables, w)
	}
	for n, r := range tables {
		a.record(n, r)
	}
	return nil
}

// mixesBools reports booleans among numbers: where they come first, what is shorter may have
// no number, and so no mean.
func mixesBools(sequence []value.Value) bool {
	return slices.ContainsFunc(sequence, func(v value.Value) bool { return v.Kind() == value.Bool }) &&
		slices.ContainsFunc(sequence, func(v value.Value) bool { return v.Kind() != value.Bool })
}

// setsOf writes the rows of a selector as sets of positions.
func setsOf(matrix [][]bool) []uint64 {
	sets := make([]uint64, len(matrix))
	for i, row := range matrix {
		for j, selected := range row {
			if selected {
				sets[i] |= 1 << j
			}
		}
	}
	return sets
}

// maxRows is the length up to which rows themselves are kept.
const maxRows = 32

// maxRuns is the length up to which the widths of positional selectors are
// worth a run for each length.
const maxRuns = 256

// mostLengths is how many lengths are run one by one, which takes the square of that.
const mostLengths = 1 << 12

// meanOverAll is the mean of ints over all positions of an input, where the position alone
// says what they are, as by which the library finds the length:
//
//	m(n) = (v_0 + .. + v_(n-1)) / n,  but v_0 itself if n = 1
//
// in one run, and not one for each length; nil if n is something else. The sums are whole
// numbers below 2^53, which float64 adds up exactly in any order.
func (a *Analysis) meanOverAll(n *graph.Node) *facts.Table {
	if a.Domain.Causal || n.Op != graph.Aggregate || len(n.Args) > 2 || !isFull(n.Args[0]) || !isElementwise(n.Args[1]) {
		return nil
	}
	e := interp.New(false, n.Args[1])
	if e.Run(slices.Repeat(a.Domain.Vocab[:1], a.Domain.Length)) != nil {
		return nil
	}
	b, sum := facts.NewBuilder([]*facts.Variable{a.Length}, a.Domain.Length), 0.0
	for p, v := range e.Sequence(n.Args[1]) {
		if v.Kind() != value.Int || math.Abs(v.Float64()) > float64(int64(1<<53)/int64(a.Domain.Length)) {
			return nil
		}
		if sum += v.Float64(); p > 0 {
			v = value.OfFloat(sum / float64(p+1))
		}
		b.Set(p, v)
	}
	return b.Table().Pruned()
}

// isFull reports a comparison of constants that holds.
func isFull(sel *graph.Node) bool {
	if sel.Op != graph.Select || sel.Args[0].Op != graph.Const || sel.Args[1].Op != graph.Const {
		return false
	}
	ok, err := facts.Compare(sel.Fn, sel.Args[0].Value, sel.Args[1].Value)
	return ok && err == nil
}

// isElementwise reports an s-op of which each value is made of its position alone.
func isElementwise(n *graph.Node) bool {
	return !slices.ContainsFunc(graph.Reachable(n), func(m *graph.Node) bool {
		return m.Op != graph.Const && m.Op != graph.Indices && !m.Elementwise()
	})
}

func constant(v value.Value) *facts.Table {
	return &facts.Table{Cells: []int32{0}, Values: []value.Value{v}}
}

// runPositional evaluates s-ops that depend on no token on inputs of every
// length, and calls each after a run. Where the program fails for a length it fails for each input of that
// length, so there are no cells for it.
func (a *Analysis) runPositional(nodes []*graph.Node, each func(*interp.Evaluator)) (map[*graph.Node]*facts.Table, error) {
	e := interp.New(a.Domain.Causal, nodes...)
	input := make([]value.Value, a.Domain.Length)
	for i := range input {
		input[i] = a.Domain.Vocab[0]
	}
	tables := make([]sequences, len(nodes))
	shortest := 1
	if a.Domain.Causal && e.Run(input) == nil && !slices.ContainsFunc(nodes, func(n *graph.Node) bool { return mixesBools(e.Sequence(n)) }) {
		shortest = a.Domain.Length // shorter inputs give prefixes of this
	}
	if a.Domain.Length-shortest >= mostLengths {
		return nil, diag.Errorf(nodes[0].Span, diag.Limit, "%s depends on position and length, and is found for each length by itself: the limit is %d, and this is %d",
			graph.Describe(nodes[0]), mostLengths, a.Domain.Length).WithHint("use a shorter #rasp:length")
	}
	for n := shortest; n <= a.Domain.Length; n++ {
		if err := e.Run(input[:n]); err != nil {
			var f *interp.Fault
			if !errors.As(err, &f) {
				return nil, err
			}
			a.doubt(f.Node, f.Message)
			continue
		}
		for i, node := range nodes {
			tables[i].add(e.Sequence(node), a.Domain.Causal)
		}
		each(e)
	}
	out := map[*graph.Node]*facts.Table{}
	for i, node := range nodes {
		r, ok := tables[i].relation(a)
		if !ok {
			return nil, diag.Errorf(node.Span, diag.Limit, "%s has too many values: one for each position and length up to %d",
				graph.Describe(node), a.Domain.Length).WithHint("use a shorter #rasp:length")
		}
		out[node] = r
	}
	return out, nil
}

// sequences collect the values of a positional s-op: rows[l] for the inputs of
// length l+1.
type sequences struct {
	rows [][]value.Value
}

func (t *sequences) add(row []value.Value, causal bool) {
	if causal {
		t.rows = t.rows[:0] // longer inputs repeat what shorter ones say
	}
	for len(t.rows) < len(row)-1 {
		t.rows = append(t.rows, nil)
	}
	t.rows = append(t.rows, append([]value.Value(nil), row...))
}

// table is the smallest table: over the length or the position alone where
// that is enough.
func (t *sequences) relation(a *Analysis) (*facts.Table, bool) {
	if r := t.over(a.Length, func(l, p int) int { return l }); r != nil {
		return r.Pruned(), true
	}
	if r := t.over(a.Position, func(l, p int) int { return p }); r != nil {
		return r.Pruned(), true
	}
	n := a.Domain.Length
	if n*n > facts.MaxCells {
		return nil, false
	}
	b := facts.NewBuilder([]*facts.Variable{a.Position, a.Length}, n*n)
	for l, row := range t.rows {
		for p, v := range row {
			b.Set(p*n+l, v)
		}
	}
	return b.Table().Pruned(), true
}

// over tries a table over one variable, whose state is given by length and
// position; nil if that does not determine the value.
func (t *sequences) over(v *facts.Variable, state func(l, p int) int) *facts.Table {
	if v == nil {
		return nil
	}
	b := facts.NewBuilder([]*facts.Variable{v}, v.Size)
	for l, row := range t.rows {
		for p, x := range row {
			cell := state(l, p)
			if id := b.Id(x); b.Cells[cell] == facts.None {
				b.Cells[cell] = id
			} else if b.Cells[cell] != id {
				return nil
			}
		}
	}
	return b.Table()
}
