package interp

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"rasp/lang/diag"
	"rasp/lang/graph"
	"rasp/lang/value"
)

// builder makes graphs tersely.
type builder struct{ graph.Graph }

func (b *builder) tokens(base graph.Base) *graph.Node {
	return b.Add(&graph.Node{Op: graph.Tokens, Base: base})
}
func (b *builder) indices() *graph.Node { return b.Add(&graph.Node{Op: graph.Indices}) }
func (b *builder) constant(v value.Value) *graph.Node {
	return b.Add(&graph.Node{Op: graph.Const, Value: v})
}
func (b *builder) int(i int64) *graph.Node { return b.constant(value.OfInt(i)) }
func (b *builder) unary(fn value.Fn, a *graph.Node) *graph.Node {
	return b.Add(&graph.Node{Op: graph.Unary, Fn: fn, Args: []*graph.Node{a}})
}
func (b *builder) binary(l *graph.Node, fn value.Fn, r *graph.Node) *graph.Node {
	return b.Add(&graph.Node{Op: graph.Binary, Fn: fn, Args: []*graph.Node{l, r}})
}
func (b *builder) ternary(cond, then, otherwise *graph.Node) *graph.Node {
	return b.Add(&graph.Node{Op: graph.Ternary, Args: []*graph.Node{cond, then, otherwise}})
}
func (b *builder) choose(op graph.Op, a *graph.Node, list, keys []value.Value) *graph.Node {
	return b.Add(&graph.Node{Op: op, Args: []*graph.Node{a}, List: list, Keys: keys})
}
func (b *builder) sel(key, query *graph.Node, fn value.Fn) *graph.Node {
	return b.Add(&graph.Node{Op: graph.Select, Fn: fn, Args: []*graph.Node{key, query}})
}
func (b *builder) combine(op graph.Op, args ...*graph.Node) *graph.Node {
	return b.Add(&graph.Node{Op: op, Args: args})
}
func (b *builder) aggregate(s, v *graph.Node, otherwise value.Value) *graph.Node {
	return b.Add(&graph.Node{Op: graph.Aggregate, Args: []*graph.Node{s, v}, Value: otherwise})
}

// sequence reads a JSON list; other text is its characters.
func sequence(text string) []value.Value {
	if strings.HasPrefix(text, "[") {
		list, err := value.ParseJSON(text)
		if err != nil {
			panic(err)
		}
		return list
	}
	var list []value.Value
	for _, r := range text {
		list = append(list, value.OfString(string(r)))
	}
	return list
}

// show is a result as a test states it: a formatted sequence, rows of 0 and 1,
// or "! kind position".
func show(e *Evaluator, n *graph.Node, input string) string {
	if err := e.Run(sequence(input)); err != nil {
		f := err.(*Fault)
		return fmt.Sprintf("! %s %d", f.Kind, f.Position)
	}
	if !n.IsSelector() {
		return value.FormatSequence(e.Sequence(n))
	}
	var rows []string
	for _, row := range e.Matrix(n) {
		line := ""
		for _, selected := range row {
			line += map[bool]string{false: "0", true: "1"}[selected]
		}
		rows = append(rows, line)
	}
	return strings.Join(rows, " ")
}

var str, num = value.OfString, value.OfInt

func TestSOps(t *testing.T) {
	b := &builder{}
	asis, text, ints, floats, bools := b.tokens(graph.AsIs), b.tokens(graph.Str), b.tokens(graph.Int), b.tokens(graph.Float), b.tokens(graph.Bool)
	indices := b.indices()
	zero, one, three := b.int(0), b.int(1), b.int(3)
	positive := b.binary(indices, value.Gt, zero)
	isL := b.binary(text, value.Eq, b.constant(str("l")))
	list := []value.Value{str("a"), str("b"), str("c")}
	characters := b.choose(graph.Lookup, indices, list, nil)
	characters.OfString = true
	for _, c := range []struct {
		name        string
		node        *graph.Node
		input, want string
	}{
		{"asis", asis, `[1,2.5,true]`, "[1, 2.5, T] (floats)"},
		{"asis, mixed", asis, `[1,2,"a"]`, "! type 2"},
		{"str", text, `[1.5,true,"a",-0.0]`, "[1.5, True, a, -0.0] (strings)"},
		{"int", ints, `["1"," -2 ",3.9,true]`, "[1, -2, 3, 1] (ints)"},
		{"int, no number", ints, "12x", "! value 2"},
		{"float", floats, `["1e2","inf",3,true]`, "[100.0, inf, 3.0, 1.0] (floats)"},
		{"float, no number", floats, `["a"]`, "! value 0"},
		{"bool", bools, `["0","",0,2]`, "[T, F, F, T] (bools)"},
		{"empty input", indices, "", "! value -1"},
		{"indices", indices, "hello", "[0, 1, 2, 3, 4] (ints)"},
		{"constant", three, "hello", "[3]*5 (ints)"},
		{"and gives a bool", b.binary(one, value.And, indices), "hello", "[F, T, T, T, T] (bools)"},
		{"or gives a bool", b.binary(indices, value.Or, zero), "hello", "[F, T, T, T, T] (bools)"},
		{"not", b.unary(value.Not, indices), "abc", "[T, F, F] (bools)"},
		{"indicator of strings", b.unary(value.Indicator, text), `["","a"]`, "[0, 1] (ints)"},
		{"division", b.binary(indices, value.Div, b.int(2)), "abc", "[0.0, 0.5, 1.0] (floats)"},
		{"division by zero", b.binary(one, value.Div, b.binary(indices, value.Sub, b.int(2))), "abcd", "! value 2"},
		{"string plus int", b.binary(text, value.Add, one), "abcd", "! type 0"},
		{"ternary", b.ternary(positive, b.constant(str("x")), text), "abc", "[a, x, x] (strings)"},
		{"ternary, both branches run", b.ternary(positive, b.binary(one, value.Div, indices), three), "abc", "! value 0"},
		{"ternary, mixed", b.ternary(positive, text, three), "abc", "! type 1"},
		{"ternary of bools and ints", b.ternary(positive, isL, three), "abc", "[3, F, F] (ints)"},
		{"in", b.choose(graph.In, indices, []value.Value{value.OfFloat(1), str("0"), value.OfBool(false)}, nil), "abc", "[T, T, F] (bools)"},
		{"list index", b.choose(graph.Lookup, indices, list, nil), "hel", "[a, b, c] (strings)"},
		{"list index from the end", b.choose(graph.Lookup, b.binary(indices, value.Sub, three), list, nil), "hel", "[a, b, c] (strings)"},
		{"list index by bool", b.choose(graph.Lookup, positive, list, nil), "hel", "[a, b, b] (strings)"},
		{"list index out of range", b.choose(graph.Lookup, indices, list, nil), "hello", "! index 3"},
		{"list index out of range below", b.choose(graph.Lookup, b.binary(zero, value.Sub, indices), list, nil), "hello", "! index 4"},
		{"string index out of range", characters, "hello", "! index 3"},
		{"list index by float", b.choose(graph.Lookup, b.binary(indices, value.Mul, b.constant(value.OfFloat(1))), list, nil), "hel", "! type 0"},
		{"dict", b.choose(graph.LookupKey, indices, list, []value.Value{value.OfFloat(0), value.OfBool(true), num(2)}), "hel", "[a, b, c] (strings)"},
		{"dict, absent key", b.choose(graph.LookupKey, indices, list[:1], []value.Value{num(0)}), "hel", "! value 1"},
		{"dict, mixed elements", b.choose(graph.LookupKey, indices, []value.Value{num(1), str("a")}, []value.Value{num(0), num(1)}), "ab", "! type 1"},
	} {
		if got := show(New(false, c.node), c.node, c.input); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestSelectors(t *testing.T) {
	b := &builder{}
	text, indices := b.tokens(graph.Str), b.indices()
	earlier := b.sel(indices, indices, value.Lt)
	same := b.sel(text, text, value.Eq)
	next := b.sel(indices, b.binary(indices, value.Add, b.int(1)), value.Eq)
	none := b.sel(b.int(0), b.int(1), value.Eq)
	all := b.combine(graph.SelNot, none)
	isL := b.binary(text, value.Eq, b.constant(str("l")))
	mixed := b.ternary(b.int(1), indices, indices)
	for _, c := range []struct {
		name             string
		node             *graph.Node
		input            string
		want, wantCausal string
	}{
		{"==", same, "aba", "101 010 101", "100 010 101"},
		{"!=", b.sel(text, text, value.Ne), "aba", "010 101 010", "000 100 010"},
		{"<", earlier, "abc", "000 100 110", "000 100 110"},
		{"<=", b.sel(indices, indices, value.Le), "abc", "100 110 111", "100 110 111"},
		{">", b.sel(indices, indices, value.Gt), "abc", "011 001 000", "000 000 000"},
		{">=", b.sel(indices, indices, value.Ge), "abc", "111 011 001", "100 010 001"},
		{"keys are columns", b.sel(indices, b.int(1), value.Eq), "abc", "010 010 010", "000 010 010"},
		{"equality of mixed kinds", b.sel(text, mixed, value.Ne), "ab", "11 11", "10 11"},
		{"order of mixed kinds", b.sel(text, mixed, value.Lt), "ab", "! type 0", "! type 0"},
		{"and", b.combine(graph.SelAnd, same, earlier), "aba", "000 000 100", "000 000 100"},
		{"or", b.combine(graph.SelOr, next, earlier), "abc", "010 101 110", "000 100 110"},
		{"not", b.combine(graph.SelNot, same), "aba", "010 101 010", "000 100 010"},
		{"not nothing", all, "abc", "111 111 111", "100 110 111"},
		{"width", b.combine(graph.Width, all), "abc", "[3]*3 (ints)", "[1, 2, 3] (ints)"},
		{"any", b.combine(graph.Any, earlier), "abc", "[F, T, T] (bools)", "[F, T, T] (bools)"},
		{"mean", b.aggregate(earlier, indices, num(0)), "hello", "[0, 0, 0.5, 1.0, 1.5] (floats)", "[0, 0, 0.5, 1.0, 1.5] (floats)"},
		{"mean of one is the element", b.aggregate(next, text, str("_")), "hello", "[e, l, l, o, _] (strings)", "[_]*5 (strings)"},
		{"default of another type", b.aggregate(next, text, num(0)), "hello", "! type 4", "[0]*5 (ints)"},
		{"default among bools", b.aggregate(next, isL, num(0)), "hello", "[F, T, T, F, 0] (ints)", "[0]*5 (ints)"},
		{"mean of strings", b.aggregate(all, text, num(0)), "hello", "! type 0", "! type 1"},
		{"mean of bools", b.aggregate(all, isL, num(0)), "hello", "! type 0", "! type 1"},
		{"mean of ints and bools", b.aggregate(all, b.ternary(indices, isL, b.int(3)), num(0)), "ell", "[1.667]*3 (floats)", "[3, 2.0, 1.667] (floats)"},
		{"mean of big ints", b.aggregate(all, b.binary(indices, value.Add, b.int(1<<62)), num(0)), "ab",
			"[4.611686018427388e+18]*2 (floats)", "[4611686018427387904]*2 (floats)"},
		{"mean of an int beyond floats", b.aggregate(all, b.binary(b.int(10), value.Pow, b.int(400)), num(0)), "ab", "! value 0", "! value 1"},
	} {
		if got := show(New(false, c.node), c.node, c.input); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
		if got := show(New(true, c.node), c.node, c.input); got != c.wantCausal {
			t.Errorf("%s, causal: %s, want %s", c.name, got, c.wantCausal)
		}
	}
}

func TestFaultTellsWhere(t *testing.T) {
	b := &builder{}
	quotient := b.binary(b.int(1), value.Div, b.indices())
	err := New(false, b.unary(value.Neg, quotient)).Run(sequence("abc"))
	var f *Fault
	if !errors.As(err, &f) {
		t.Fatalf("%v is no fault", err)
	}
	if f.Node != quotient || f.Position != 0 || f.Kind != diag.Value || f.Message != "division by zero: int 1 / int 0" {
		t.Errorf("%+v", f)
	}
}

func TestHintNamesTheDefault(t *testing.T) {
	b := &builder{}
	text, indices := b.tokens(graph.Str), b.indices()
	previous := b.aggregate(b.sel(b.binary(indices, value.Add, b.int(1)), indices, value.Eq), text, num(0))
	err := New(false, previous).Run(sequence("abc"))
	if f, ok := err.(*Fault); !ok || f.Position != 1 || !strings.Contains(f.Hint, "default") {
		t.Errorf("%+v", err)
	}
}

func TestEvaluatorIsReusable(t *testing.T) {
	b := &builder{}
	e := New(false, sorted(b))
	root := b.Nodes[len(b.Nodes)-1]
	for _, c := range [][2]string{{"cab", "[a, b, c] (strings)"}, {strings.Repeat("ba", 50) + "c", ""}, {"b", "[b] (strings)"}, {"", "! value -1"}, {"ba", "[a, b] (strings)"}} {
		if got := show(e, root, c[0]); c[1] != "" && got != c[1] {
			t.Errorf("%s: %s, want %s", c[0], got, c[1])
		}
	}
	input := sequence("hello")
	if allocations := testing.AllocsPerRun(10, func() { _ = e.Run(input) }); allocations > 0 {
		t.Errorf("a repeated run allocates %g times", allocations)
	}
}

func TestLongChain(t *testing.T) {
	b := &builder{}
	x, one := b.indices(), b.int(1)
	for range 100_000 {
		x = b.binary(x, value.Add, one)
	}
	if got := show(New(false, x), x, "ab"); got != "[100000, 100001] (ints)" {
		t.Error(got)
	}
}

func TestTooLongForSelectors(t *testing.T) {
	b := &builder{}
	root := b.combine(graph.Width, b.sel(b.int(1), b.int(2), value.Ne))
	err := New(false, root).Run(make([]value.Value, 1<<20))
	if f, ok := err.(*Fault); !ok || f.Kind != diag.Limit {
		t.Error(err)
	}
}

// sorted is the library's sort(tokens, tokens), stable.
func sorted(b *builder) *graph.Node {
	text, indices := b.tokens(graph.Str), b.indices()
	earlier := b.combine(graph.SelOr, b.sel(text, text, value.Lt),
		b.combine(graph.SelAnd, b.sel(text, text, value.Eq), b.sel(indices, indices, value.Lt)))
	return b.aggregate(b.sel(b.combine(graph.Width, earlier), indices, value.Eq), text, num(0))
}

// BenchmarkSort200 sorts 200 letters.
func BenchmarkSort200(b *testing.B) {
	program := &builder{}
	e := New(false, sorted(program))
	input := sequence(strings.Repeat("thequickbrownfoxjumpsoverlazydog", 7)[:200])
	for b.Loop() {
		if err := e.Run(input); err != nil {
			b.Fatal(err)
		}
	}
}
