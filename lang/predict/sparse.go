package predict

import (
	"math"

	"rasp/lang/elementary"
	"rasp/lang/graph"
	"rasp/lang/interp"
	"rasp/lang/value"
)

// A program of n-grams has a score for each word of its vocabulary, and at a position what
// was counted changes few of them: a score adds cells of tables, which differ from their
// default in the rows that list the word. So what all scores are where no row says anything
// is computed once, with the sums of their exponentials by blocks; a position computes the
// scores that its rows change, and the sums of the blocks in which these are. Numbers are
// those of all scores evaluated, but for the order in which exponentials are added.

const (
	// blockSize is how many tokens a block has; distributions of fewer are not worth it.
	blockSize = 64
	// mostOperands bounds the nodes that one score is made of.
	mostOperands = 16
)

// sparse is a distribution of such scores.
type sparse struct {
	*predictor
	rows    []*graph.Node // that the scores read
	changed [][]change    // [rows][row of its table]
	at      []value.Value // [rows]: row at the position

	usual       []float64 // logits of the vocabulary where no row says anything
	most, least float64   // of those that are finite
	exp, now    []float64 // of usual - most; the same of the logits that the position changed
	sums, tops  []float64 // by block: of exp; the largest of usual
	stamps      []int     // by token of the vocabulary: the position that changed it last
	dirty       []int     // by block: likewise
	stamp       int
}

// change is what a row does to scores.
type change struct {
	scores []int32
	logits []float64 // where no other row changes them; nil until the row is met
	exp    []float64 // of logits - most
}

// newSparse is nil for a distribution that is no such one.
func newSparse(p *predictor) *sparse {
	if len(p.Scores) < blockSize {
		return nil
	}
	s := &sparse{predictor: p}
	places := map[*graph.Node]int{}
	for k, n := range p.Scores {
		if left := mostOperands; !s.note(int32(k), n, places, &left) {
			return nil
		}
	}
	s.at = noRows(len(s.rows))
	s.usual = make([]float64, len(p.vocab))
	for t := range s.usual {
		s.usual[t] = math.Inf(-1)
	}
	taken := make([]bool, len(p.vocab))
	for k, n := range p.Scores {
		x, ok := s.logit(n)
		t := p.columns[k]
		if !ok || t < 0 || taken[t] {
			return nil
		}
		s.usual[t], taken[t] = x, true
	}
	if s.addUp(); math.IsInf(s.most, 0) {
		return nil
	}
	return s
}

// note finds the rows that a score reads; false if it is more than sums, differences and
// products of numbers and cells.
func (s *sparse) note(k int32, n *graph.Node, places map[*graph.Node]int, left *int) bool {
	if *left--; *left < 0 {
		return false
	}
	switch n.Op {
	case graph.Const:
		return n.Value.IsNumber()
	case graph.Binary:
		plain := n.Fn == value.Add || n.Fn == value.Sub || n.Fn == value.Mul
		return plain && s.note(k, n.Args[0], places, left) && s.note(k, n.Args[1], places, left)
	case graph.Cell:
	default:
		return false
	}
	row := n.Args[0]
	at, ok := places[row]
	if !ok {
		at = len(s.rows)
		places[row] = at
		s.rows, s.changed = append(s.rows, row), append(s.changed, make([]change, len(row.Trie.Rows)))
	}
	for i, r := range n.Places {
		if !n.List[i].IsNumber() {
			return false
		}
		s.changed[at][r].scores = append(s.changed[at][r].scores, k)
	}
	return n.Value.IsNumber()
}

// noRows are none, of so many tables.
func noRows(n int) []value.Value {
	at := make([]value.Value, n)
	for j := range at {
		at[j] = value.OfInt(-1)
	}
	return at
}

// logit of a score in the rows of s.at; false where it has none, or a fault.
func (s *sparse) logit(n *graph.Node) (float64, bool) {
	v, err := s.score(n)
	x := v.Float64()
	switch {
	case err != nil, !v.IsNumber(), math.IsNaN(x), math.IsInf(x, 0), !s.Logits && x < 0:
		return 0, false
	case !s.Logits:
		x = elementary.Log(x)
	}
	return x, true
}

// score evaluates a score in the rows of s.at.
func (s *sparse) score(n *graph.Node) (value.Value, error) {
	var operands [2]value.Value
	switch n.Op {
	case graph.Const:
		return n.Value, nil
	case graph.Cell:
		for j, row := range s.rows {
			if row == n.Args[0] {
				operands[0] = s.at[j]
			}
		}
		return interp.Apply(n, operands[:1])
	}
	for i, arg := range n.Args {
		var err error
		if operands[i], err = s.score(arg); err != nil {
			return value.Value{}, err
		}
	}
	return interp.Apply(n, operands[:])
}

// addUp makes the sums of blocks.
func (s *sparse) addUp() {
	s.most, s.least = math.Inf(-1), math.Inf(1)
	for _, x := range s.usual {
		if s.most = max(s.most, x); !math.IsInf(x, -1) {
			s.least = min(s.least, x)
		}
	}
	blocks := (len(s.usual) + blockSize - 1) / blockSize
	s.exp, s.now = make([]float64, len(s.usual)), make([]float64, len(s.usual))
	s.sums, s.tops = make([]float64, blocks), make([]float64, blocks)
	s.stamps, s.dirty = make([]int, len(s.usual)), make([]int, blocks)
	for b := range s.tops {
		s.tops[b] = math.Inf(-1)
	}
	for t, x := range s.usual {
		b := t / blockSize
		s.exp[t] = elementary.Exp(x - s.most)
		s.sums[b] += s.exp[t]
		s.tops[b] = max(s.tops[b], x)
	}
}
