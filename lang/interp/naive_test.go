package interp

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"rasp/lang/graph"
	"rasp/lang/value"
)

// naive is the specification written down as directly as possible: no words, no
// bit sets, no shortcuts.
type naive struct {
	input     []value.Value
	causal    bool
	sequences map[*graph.Node][]value.Value
	matrices  map[*graph.Node][][]bool
}

func newNaive(input []value.Value, causal bool) *naive {
	return &naive{input, causal, map[*graph.Node][]value.Value{}, map[*graph.Node][][]bool{}}
}

// step evaluates a node whose operands have been evaluated. The position is
// that of the error.
func (e *naive) step(node *graph.Node) (position int, err error) {
	if node.IsSelector() {
		e.matrices[node], position, err = e.selector(node)
		return position, err
	}
	sequence := make([]value.Value, len(e.input))
	for i := range sequence {
		if sequence[i], err = e.sop(node, i); err != nil {
			return i, err
		}
	}
	for i, v := range sequence {
		if v.IsNumber() != sequence[0].IsNumber() {
			return i, fmt.Errorf("mixed sequence")
		}
	}
	e.sequences[node] = sequence
	return 0, nil
}

func (e *naive) selector(node *graph.Node) ([][]bool, int, error) {
	m := make([][]bool, len(e.input))
	for i := range m {
		m[i] = make([]bool, len(e.input))
		for j := range m[i] {
			if e.causal && j > i {
				continue
			}
			switch node.Op {
			case graph.Select:
				v, err := value.Binary(node.Fn, e.sequences[node.Args[0]][j], e.sequences[node.Args[1]][i])
				if err != nil {
					return nil, i, err
				}
				m[i][j] = v == value.OfBool(true)
			case graph.SelAnd:
				m[i][j] = e.matrices[node.Args[0]][i][j] && e.matrices[node.Args[1]][i][j]
			case graph.SelOr:
				m[i][j] = e.matrices[node.Args[0]][i][j] || e.matrices[node.Args[1]][i][j]
			case graph.SelNot:
				m[i][j] = !e.matrices[node.Args[0]][i][j]
			}
		}
	}
	return m, 0, nil
}

func (e *naive) sop(node *graph.Node, i int) (value.Value, error) {
	var args []value.Value
	for _, a := range node.Args {
		if !a.IsSelector() {
			args = append(args, e.sequences[a][i])
		}
	}
	switch node.Op {
	case graph.Tokens:
		return e.input[i], nil
	case graph.Indices:
		return value.OfInt(int64(i)), nil
	case graph.Const:
		return node.Value, nil
	case graph.Unary:
		return value.Unary(node.Fn, args[0])
	case graph.Binary:
		v, err := value.Binary(node.Fn, args[0], args[1])
		if node.Fn == value.And || node.Fn == value.Or {
			v = value.OfBool(v.Truthy())
		}
		return v, err
	case graph.Ternary:
		if args[0].Truthy() {
			return args[1], nil
		}
		return args[2], nil
	case graph.In:
		for _, v := range node.List {
			if value.Equal(v, args[0]) {
				return value.OfBool(true), nil
			}
		}
		return value.OfBool(false), nil
	case graph.LookupKey:
		for i, key := range node.Keys {
			if value.Equal(key, args[0]) {
				return node.List[i], nil
			}
		}
		return value.Value{}, fmt.Errorf("absent key")
	}
	row := e.matrices[node.Args[0]][i]
	var selected []int
	for j, s := range row {
		if s {
			selected = append(selected, j)
		}
	}
	switch node.Op {
	case graph.Width:
		return value.OfInt(int64(len(selected))), nil
	case graph.Any:
		return value.OfBool(len(selected) > 0), nil
	}
	values := e.sequences[node.Args[1]]
	switch len(selected) {
	case 0:
		return node.Value, nil
	case 1:
		return values[selected[0]], nil
	}
	if typ, _ := value.TypeOf(values); typ != "ints" && typ != "floats" {
		return value.Value{}, fmt.Errorf("mean of %s", typ)
	}
	sum := value.OfInt(0)
	for _, j := range selected {
		var err error
		if sum, err = value.Binary(value.Add, sum, values[j]); err != nil {
			return sum, err
		}
	}
	sum, err := value.Binary(value.Mul, sum, value.OfFloat(1))
	if err != nil {
		return sum, err
	}
	return value.Binary(value.Div, sum, value.OfInt(int64(len(selected))))
}

// randomAtom draws from a few atoms of each kind, the awkward ones too.
func randomAtom(r *rand.Rand) value.Value {
	switch r.IntN(8) {
	case 0:
		return value.OfString([]string{"", "a", "b", "ab", "a\x00", "longer than a word", "é"}[r.IntN(7)])
	case 1:
		return value.OfBool(r.IntN(2) == 0)
	case 2:
		return value.OfFloat([]float64{0.5, -1.25, 0, math.Copysign(0, -1), 1, math.NaN(), math.Inf(1), 1e300, 0.1}[r.IntN(9)])
	case 3:
		return value.OfInt([]int64{1 << 53, 1<<53 + 1, -1 << 60, math.MaxInt64}[r.IntN(4)])
	}
	return value.OfInt(r.Int64N(7) - 2)
}

func randomAtoms(r *rand.Rand, n int) []value.Value {
	list := make([]value.Value, n)
	for i := range list {
		list[i] = randomAtom(r)
	}
	return list
}

// grow makes a random graph and evaluates it on the way. A node at fault is
// nearly always dropped; if not, it is the last one, and bad.
func grow(r *rand.Rand, e *naive) (b *builder, bad *graph.Node, position int) {
	b = &builder{}
	sops := []*graph.Node{b.tokens(graph.AsIs), b.indices(), b.constant(randomAtom(r))}
	selectors := []*graph.Node{b.sel(sops[1], sops[1], value.Le)}
	for _, n := range b.Nodes {
		if position, err := e.step(n); err != nil {
			return b, n, position
		}
	}
	sop := func() *graph.Node { return sops[r.IntN(len(sops))] }
	selector := func() *graph.Node { return selectors[r.IntN(len(selectors))] }
	for len(b.Nodes) < 30 {
		var n *graph.Node
		switch r.IntN(13) {
		case 0:
			n = b.constant(randomAtom(r))
		case 1:
			n = b.unary(value.Neg+value.Fn(r.IntN(5)), sop())
		case 2, 3:
			n = b.binary(sop(), value.Add+value.Fn(r.IntN(14)), sop())
		case 4:
			n = b.ternary(sop(), sop(), sop())
		case 5:
			n = b.choose(graph.In, sop(), randomAtoms(r, r.IntN(15)), nil)
		case 12:
			keys := randomAtoms(r, 1+r.IntN(15))
			n = b.choose(graph.LookupKey, sop(), randomAtoms(r, len(keys)), keys)
		case 6, 7:
			n = b.aggregate(selector(), sop(), randomAtom(r))
		case 8:
			n = b.combine([]graph.Op{graph.Width, graph.Any}[r.IntN(2)], selector())
		case 9:
			n = b.combine(graph.SelNot, selector())
		case 10:
			n = b.combine([]graph.Op{graph.SelAnd, graph.SelOr}[r.IntN(2)], selector(), selector())
		case 11:
			n = b.sel(sop(), sop(), value.Eq+value.Fn(r.IntN(6)))
		}
		position, err := e.step(n)
		switch {
		case err != nil && r.IntN(20) == 0:
			return b, n, position
		case err != nil:
			b.Nodes = b.Nodes[:len(b.Nodes)-1]
		case n.IsSelector():
			selectors = append(selectors, n)
		default:
			sops = append(sops, n)
		}
	}
	return b, nil, 0
}

// randomInput has atoms of one type of sequence.
func randomInput(r *rand.Rand, n int) []value.Value {
	input := []value.Value{randomAtom(r)}
	for len(input) < n {
		if v := randomAtom(r); v.IsNumber() == input[0].IsNumber() {
			input = append(input, v)
		}
	}
	return input
}

// identical tells 1, 1.0 and True apart, and takes nan for nan.
func identical(a, b value.Value) bool {
	return a == b || a.Kind() == b.Kind() && a.String() == "nan" && b.String() == "nan"
}

// agree grows a graph and compares Run with the naive interpreter, with selectors as
// matrices and as runs. It reports whether the graph has a fault.
func agree(t *testing.T, r *rand.Rand, want *naive) (faulty bool) {
	t.Helper()
	b, bad, position := grow(r, want)
	for _, from := range []int{math.MaxInt, 1} {
		e := New(want.causal, b.Nodes...) // all are roots, so they run in this order
		e.runsFrom = from
		for range 2 { // the second time in the buffers of the first
			err := e.Run(want.input)
			if bad != nil {
				if f, ok := err.(*Fault); !ok || f.Node != bad || f.Position != position {
					t.Fatalf("runs from %d: got %v, want a fault at node %d, position %d", from, err, bad.ID, position)
				}
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			for _, n := range b.Nodes {
				same := slices.EqualFunc(e.Sequence(n), want.sequences[n], identical) &&
					slices.EqualFunc(e.Matrix(n), want.matrices[n], slices.Equal)
				if !same {
					t.Fatalf("runs from %d: node %d: %v %v, want %v %v", from, n.ID, e.Sequence(n), e.Matrix(n), want.sequences[n], want.matrices[n])
				}
			}
		}
	}
	return bad != nil
}

// TestLongInputsAgree: selectors that are runs have the same meaning as their matrices,
// to the last bit of a mean.
func TestLongInputsAgree(t *testing.T) {
	for seed := range uint64(25) {
		r := rand.New(rand.NewPCG(seed, 7))
		agree(t, r, newNaive(longInput(r), r.IntN(2) == 0))
	}
}

// longInput has floats whose sums are rounded, ints that are too large for that, or
// long texts.
func longInput(r *rand.Rand) []value.Value {
	kind, input := r.IntN(4), make([]value.Value, 150+r.IntN(150))
	for i := range input {
		switch kind {
		case 0:
			input[i] = value.OfFloat(float64(r.IntN(40)) / 10)
		case 1:
			input[i] = value.OfInt(r.Int64N(30) << 55)
		case 2:
			input[i] = value.OfString(fmt.Sprint("a long text ", r.IntN(20)))
		default:
			input[i] = value.OfInt(r.Int64N(300))
		}
	}
	return input
}

func TestRunAgreesWithTheNaiveInterpreter(t *testing.T) {
	const graphs = 2000
	faults := 0
	for seed := range uint64(graphs) {
		r := rand.New(rand.NewPCG(seed, 1))
		n := 1 + r.IntN(9)
		if seed%20 == 0 {
			n = 60 + r.IntN(80) // around one and two words of columns
		}
		if agree(t, r, newNaive(randomInput(r, n), r.IntN(2) == 0)) {
			faults++
		}
	}
	if faults < graphs/20 || faults > graphs*9/10 {
		t.Errorf("%d of %d graphs have a fault: the test does not see both sides", faults, graphs)
	}
}
