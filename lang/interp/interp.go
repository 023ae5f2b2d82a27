// Package interp runs a graph of s-ops and selectors on one input sequence. It
// is the meaning of a program: the compiled model must give what Run gives.
//
// In come an input of n atoms and the nodes of interest, out go n atoms for
// each s-op and n x n bits for each selector (rows are queries, columns are
// keys). Every node that the roots depend on is evaluated once, operands before
// users, in a loop and not by recursion, since chains of s-ops may be long:
//
//   - elementwise nodes one position at a time (elementwise.go, shared with the
//     compiler through Apply),
//   - Select by comparing machine words where atoms can be mapped to words in
//     the same order (select.go, words.go),
//   - SelAnd, SelOr, SelNot and SelOnly 64 columns at a time (matrix.go); selectors of long
//     inputs as runs of sorted positions where they are such (runs.go),
//   - Aggregate, Width and Any row by row (aggregate.go, sums.go).
//
// Of many short inputs with few atoms among them, a Coded looks up what it has computed before
// (coded.go, coded_steps.go).
//
// Every s-op, intermediate ones too, must have a sequence type; the first node
// and position that has no value ends the run with a Fault.
//
// In causal mode row i of every selector, negated ones too, holds only columns
// up to i, as in a causal transformer.
package interp

import (
	"math/bits"
	"slices"

	"rasp/lang/diag"
	"rasp/lang/graph"
	"rasp/lang/value"
)

// MaxBytes is the most memory that the matrices of the selectors of one Run may take.
const MaxBytes = 4 << 30

// Evaluator evaluates a fixed set of nodes, over and over, in buffers that it
// keeps. It is not safe for concurrent use; several evaluators of one graph
// are.
type Evaluator struct {
	// Interrupted is asked before each node, if it is not nil; true ends the
	// run with a fault.
	Interrupted func() bool

	// Fixed are values that an s-op is given at positions, whatever it is computed from:
	// all that depends on it is computed from these.
	Fixed map[*graph.Node]map[int]value.Value

	causal   bool
	steps    []step // operands before users
	slot     map[*graph.Node]int
	n        int     // length of the input of the last Run
	runsFrom int     // see there
	bytes    float64 // of the matrices of the last Run

	floats                    []float64 // scratch of Aggregate
	running                   running
	keyWords, queries, sorted []int64 // scratch of Select
}

// step is a node with the place of its operands and its result.
type step struct {
	node *graph.Node
	args []int // indices of the operands in Evaluator.steps

	sequence []value.Value // s-ops: n atoms
	typ      string        // s-ops: the type of sequence
	sorted   bool          // s-ops: order is known
	order    []int32       // positions in the order of sequence; none: their own
	places   []int32       // of the positions in order

	dense  bool // selectors: they have a matrix; else runs
	matrix matrix
	runs   runs

	powers map[[2]value.Value]value.Value // of a power: those of this and earlier runs

	steady bool // whatever the tokens are, inputs of one length give the same
	length int  // steady: of the input for which the result stands; 0: of none
}

// New prepares the evaluation of the roots and all that they depend on.
func New(causal bool, roots ...*graph.Node) *Evaluator {
	e := &Evaluator{causal: causal, slot: map[*graph.Node]int{}, runsFrom: runsFrom}
	e.plan(graph.Reachable(roots...))
	return e
}

// plan appends a step for each node; operands come before users.
func (e *Evaluator) plan(order []*graph.Node) {
	e.steps = slices.Grow(e.steps, len(order))
	for _, n := range order {
		e.slot[n] = len(e.steps)
		args, steady := make([]int, len(n.Args)), n.Op != graph.Tokens && n.Op != graph.SelOnly // which has the matrix of another
		for j, a := range n.Args {
			args[j] = e.slot[a]
			steady = steady && e.steps[args[j]].steady
		}
		e.steps = append(e.steps, step{node: n, args: args, steady: steady})
	}
}

// Run evaluates every node on an input of at least one atom. The error is a
// *Fault. Results stay valid until the next Run.
func (e *Evaluator) Run(input []value.Value) error {
	e.n = len(input)
	if e.n == 0 {
		return &Fault{Kind: diag.Value, Message: "the input is empty", Position: -1}
	}
	e.bytes = 0
	return e.run(0, input)
}

// run evaluates the steps from the given one on.
func (e *Evaluator) run(from int, input []value.Value) error {
	for i := from; i < len(e.steps); i++ {
		s := &e.steps[i]
		if e.Interrupted != nil && e.Interrupted() {
			return &Fault{Kind: diag.Limit, Class: diag.Failed, Message: "interrupted", Position: -1}
		}
		if e.stands(s) {
			continue
		}
		if s.sorted, s.dense, s.length = false, false, 0; !s.node.IsSelector() {
			s.sequence = resize(s.sequence, e.n)
		}
		if position, err := e.evaluate(s, input); err != nil {
			f := fault(s.node, position, err)
			if err == errTooLarge {
				f.Node, f.Position = nil, -1
			}
			f.Span = e.where(i)
			return f
		}
		if len(e.Fixed) > 0 {
			e.fix(s)
		}
		if !s.node.IsSelector() {
			typ, err := value.TypeOf(s.sequence)
			if err != nil {
				f := misfit(s.node, s.sequence, err)
				f.Span = e.where(i)
				return f
			}
			s.typ = typ
		}
		if s.steady && len(e.Fixed) == 0 {
			s.length = e.n
		}
	}
	return nil
}

// fix gives an s-op the values that are fixed.
func (e *Evaluator) fix(s *step) {
	for at, v := range e.Fixed[s.node] {
		if at < e.n {
			s.sequence[at] = v
		}
	}
}

// stands reports that the result of a step is that of an earlier run. Selectors of long
// inputs are made again: which of them are runs depends on who has asked before.
func (e *Evaluator) stands(s *step) bool {
	if s.length != e.n || e.n >= e.runsFrom || len(e.Fixed) > 0 {
		return false
	}
	if s.dense {
		e.bytes += bytesOf(e.n)
	}
	return true
}

// where is the span of a step, or that of the first that uses it and has one.
func (e *Evaluator) where(failed int) diag.Span {
	without := map[int]bool{failed: true}
	for i := failed; i < len(e.steps); i++ {
		s := &e.steps[i]
		if i > failed && !slices.ContainsFunc(s.args, func(arg int) bool { return without[arg] }) {
			continue
		}
		if s.node.Span.Source != nil {
			return s.node.Span
		}
		without[i] = true
	}
	return diag.Span{}
}

// evaluate fills the result of s, or returns the position that has none.
func (e *Evaluator) evaluate(s *step, input []value.Value) (position int, err error) {
	switch s.node.Op {
	case graph.Tokens:
		return tokens(s, input)
	case graph.Indices:
		for i := range s.sequence {
			s.sequence[i] = value.OfInt(int64(i))
		}
	case graph.Const:
		for i := range s.sequence {
			s.sequence[i] = s.node.Value
		}
	case graph.Aggregate:
		return e.aggregate(s)
	case graph.Width, graph.Any:
		e.widths(s)
	case graph.Select:
		return e.compare(s)
	case graph.SelAnd, graph.SelOr, graph.SelNot:
		return 0, e.combine(s)
	case graph.SelOnly:
		return e.only(s)
	default:
		return e.elementwise(s)
	}
	return 0, nil
}

// visible is the number of columns that row i may select.
func (e *Evaluator) visible(i int) int {
	if e.causal {
		return i + 1
	}
	return e.n
}

// errTooLarge is the fault of matrices that take more than MaxBytes.
var errTooLarge error = &value.Fault{Kind: diag.Limit, Message: "an input of this length needs too much memory"}

// makeMatrix gives a selector a matrix, of any content.
func (e *Evaluator) makeMatrix(s *step) error {
	bytes := bytesOf(e.n)
	if e.bytes+bytes > MaxBytes {
		return errTooLarge
	}
	e.bytes += bytes
	s.dense = true
	s.matrix.resize(e.n)
	return nil
}

// bytesOf a matrix.
func bytesOf(n int) float64 { return float64(8 * float64(n) * float64(wordsFor(n))) }

// matrix is the selector of a step as a matrix.
func (e *Evaluator) matrix(i int) (matrix, error) {
	s := &e.steps[i]
	if !s.dense {
		if err := e.makeMatrix(s); err != nil {
			return matrix{}, err
		}
		s.runs.fill(s.matrix)
	}
	return s.matrix, nil
}

// combine computes a SelAnd, SelOr or SelNot.
func (e *Evaluator) combine(s *step) error {
	if e.combineRuns(s) {
		return nil
	}
	a, err := e.matrix(s.args[0])
	if err != nil {
		return err
	}
	b, err := e.matrix(s.args[len(s.args)-1])
	if err != nil {
		return err
	}
	if err := e.makeMatrix(s); err != nil {
		return err
	}
	switch s.node.Op {
	case graph.SelAnd:
		s.matrix.and(a, b)
	case graph.SelOr:
		s.matrix.or(a, b)
	case graph.SelNot:
		s.matrix.not(a)
		e.hide(s.matrix)
	}
	return nil
}

// only has the rows of its operand, of which each selects one position at most; or it
// says which selects more.
func (e *Evaluator) only(s *step) (row int, err error) {
	a := &e.steps[s.args[0]]
	s.dense, s.matrix, s.runs = a.dense, a.matrix, a.runs
	for i := range e.n {
		if k := a.width(i); k > 1 {
			return i, faultf(diag.Value, "the row selects %d positions, and only(..) says that it selects one at most", k)
		}
	}
	return 0, nil
}

// hide clears the columns that are not visible.
func (e *Evaluator) hide(m matrix) {
	if m.words == 1 {
		for i := range m.bits {
			m.bits[i] &= 1<<e.visible(i) - 1
		}
		return
	}
	for i := range e.n {
		clip(m.row(i), e.visible(i))
	}
}

// Sequence is the result [n] of an s-op in the last Run that succeeded, valid
// until the next; nil for other nodes.
func (e *Evaluator) Sequence(node *graph.Node) []value.Value {
	if i, ok := e.slot[node]; ok {
		return e.steps[i].sequence
	}
	return nil
}

// Matrix is the result of a selector in the last Run that succeeded: rows are
// queries, columns are keys. The caller owns it; nil for other nodes.
func (e *Evaluator) Matrix(node *graph.Node) [][]bool { return e.MatrixIn(nil, node) }

// MatrixIn is Matrix in room, if that is large enough.
func (e *Evaluator) MatrixIn(room [][]bool, node *graph.Node) [][]bool {
	i, ok := e.slot[node]
	if !ok || !node.IsSelector() {
		return nil
	}
	rows := squareIn(room, e.n)
	s := &e.steps[i]
	for r, row := range rows {
		clear(row)
		if s.dense {
			for w, word := range s.matrix.row(r) {
				for ; word != 0; word &= word - 1 {
					row[w*64+bits.TrailingZeros64(word)] = true
				}
			}
		} else {
			s.runs.each(r, func(j int32) { row[j] = true })
		}
	}
	return rows
}

// squareIn is n x n, of any content, in room if that is large enough.
func squareIn(room [][]bool, n int) [][]bool {
	if len(room) == 0 || cap(room) < n || cap(room[0]) < n*n {
		room = make([][]bool, n)
		room[0] = make([]bool, n*n)
	}
	rows, cells := room[:n], room[0][:n*n]
	for r := range rows {
		rows[r] = cells[r*n : (r+1)*n]
	}
	return rows
}

// resize gives a slice of length n, the same one if it is large enough.
func resize[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}
