package observe

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/compiler/analysis"
	"rasp/compiler/facts"
	"rasp/compiler/facts/factstest"
	"rasp/compiler/linear"
	"rasp/compiler/rewrite"
	"rasp/lang/graph"
	"rasp/lang/langtest"
	"rasp/lang/value"
)

// known is a program and its facts.
type known struct {
	*facts.Facts
	roots []*graph.Node
}

func factsOf(t testing.TB, text string) known {
	t.Helper()
	outputs, d := langtest.Outputs(t, text)
	p := rewrite.Widths(rewrite.Share(&rewrite.Program{Roots: graph.Roots(outputs)}))
	a, err := analysis.Of(p, d)
	require.NoError(t, err, text)
	return known{a.Facts, p.Roots}
}

// named is a node of the program.
func (k known) named(name string) *graph.Node {
	i := slices.IndexFunc(k.Nodes, func(n *graph.Node) bool { return n.Name == name })
	return k.Nodes[i]
}

func (k known) selector(name string) *facts.Selector { return k.Selectors[k.named(name)] }

func (k known) claim(says facts.Property, name string) {
	k.Claims[facts.Claim{Says: says, Node: k.named(name)}] = "a wrong rule"
}

// counting is a program with a selector, a width, a mean and a fetched value.
const counting = `
	#rasp:vocab 0..3
	#rasp:length 4
	s = select(tokens_int, tokens_int, ==);
	w = selector_width(s);
	m = aggregate(select(tokens_int, tokens_int, <=), tokens_int);
	first = aggregate(select(indices, 0, ==), tokens_int, 9);
	prev = select(indices, indices - 1, ==);
	back = aggregate(prev, tokens_int, 9);
	some = has_focus(select(tokens_int, 2, ==));
	y = w + back;
	more = y > w + first;
	x = (m + first if some else indicator(more)) + round(m);`

// before ranks by keys and queries that are not the same function of the token.
const before = `
	#rasp:vocab 0..60
	#rasp:length 3
	f = 8 if tokens_int == 7 else tokens_int;
	g = 6 if tokens_int == 7 else tokens_int;
	before = select(f, g, <) or (select(f, g, ==) and select(indices, indices, <));
	x = selector_width(before);`

// rounded asks how float64 rounds a mean: 0.3, 0.7, 0.3, 0.7 and 0.7 have the mean 0.54 or
// a bit less by their order.
const rounded = `
	#rasp:vocab [0.3, 4, 8, 0.7, 16]
	#rasp:length 6
	val = 0.3 if indices == 0 else tokens_float;
	s = select(indices, indices, <=) and select(indices + 5, indices, >);
	m = aggregate(s, val);
	thr = 0.5399999999999999 if indices == 4 else 5.5;
	x = m > thr;`

// picking has a selector of the latest key of another.
const picking = `
	#rasp:vocab 0..3
	#rasp:length 4
	m = select(tokens_int, 2, ==);
	s = m and select(selector_width(select(tokens_int, tokens_int, ==) and select(indices, indices, <=)), selector_width(m), ==);
	x = aggregate(s, indices, -1) + selector_width(m);`

// TestWrongFactsAreFound damages facts, one of each kind, and sees each reported with the
// node and an input that contradicts it.
func TestWrongFactsAreFound(t *testing.T) {
	for _, c := range []struct {
		name, program string
		damage        func(k known)
		want          []string
	}{
		{"a cell with another value", counting, func(k known) { swapCells(k.Table(k.named("y"))) }, []string{"# y", "its table over"}},
		{"a cell that no input reaches", counting, func(k known) { k.Table(k.named("y")).Cells[5] = facts.None }, []string{"# y", "does not occur"}},
		{"a value of another type", "#rasp:vocab 0..9\n#rasp:length 3\nx = tokens_int * 2;", func(k known) {
			r := k.Table(k.named("x"))
			toFloat(r, 3)
		}, []string{"it is 6 (int)", "has 6.0 (float)"}},
		{"a fetched value forgotten", counting, func(k known) { toFloat(k.Own[k.named("back")].Table, 4) },
			[]string{"it is 9, which is none of the values listed"}},
		{"a mean forgotten", counting, func(k known) { k.Own[k.named("m")].Sums[3].Width = 4 }, []string{"# m"}},
		{"a sum in another unit", counting, func(k known) { k.Own[k.named("m")].Per = 2 }, []string{"# m", "in units of 1/2"}},
		{"a sum that a few orders give", rounded, mergeVariants, []string{"# x", "its table over"}},
		{"an int taken for its neighbour", `
			#rasp:vocab 0..60
			#rasp:length 3
			k = 100000000000000 + indicator(tokens_int == 7);
			x = aggregate(select(tokens_int, tokens_int, <=), k);`, func(k known) {
			r := k.Table(k.named("k"))
			r.Values[1] = r.Values[0]
		}, []string{"# k", "it is 100000000000001"}},
		{"a mean off by one rounding", counting, func(k known) {
			v := k.Own[k.named("m")]
			i := slices.IndexFunc(v.Sums, func(x facts.Sum) bool { return x == facts.Sum{Total: 4, Width: 3} })
			v.Values[i] = value.OfFloat(math.Nextafter(v.Values[i].Float64(), 9))
		}, []string{"# m", "none of the values listed"}},
		{"an order that is none", before, func(k known) {
			k.Own[k.named("x")].Unique = false
			k.claim(facts.Order, "before")
		}, []string{"# before", "[7, 7", "a strict order", "a wrong rule"}},
		{"ranks that are none", before, func(k known) { k.Own[k.named("x")].Unique = true }, []string{"# x", "[7, 7", "no value twice"}},
		{"one key at most", counting, func(k known) { k.claim(facts.AtMostOne, "s") }, []string{"# s", "one key at most"}},
		{"a key at least", counting, func(k known) { k.claim(facts.Nonempty, "prev") }, []string{"a key at least"}},
		{"the first position always", counting, func(k known) { k.claim(facts.First, "s") }, []string{"# s", "the first position always"}},
		{"rows alike", counting, func(k known) { k.claim(facts.Alike, "s") }, []string{"# s", "all rows alike"}},
		{"the same everywhere", counting, func(k known) { k.claim(facts.Uniform, "w") }, []string{"# w", "the same everywhere"}},
		{"keys of one value", counting, func(k known) { k.claim(facts.OneValue, "m") }, []string{"# m", "keys of one value"}},
		{"no value twice", counting, func(k known) { k.claim(facts.Different, "w") }, []string{"# w", "no value twice"}},
		{"an atom", counting, func(k known) { k.selector("s").Groups[0].Holds[1][2] ^= 1 }, []string{"# s", "for all of their classes"}},
		{"a pair that never meets", counting, func(k known) { k.selector("s").Groups[0].Holds[1][2] = facts.Never }, []string{"# s", "never to meet"}},
		{"a condition", counting, func(k known) { k.selector("s").Conjuncts[0].Conditions[0].Allowed[1][2] = 1 }, []string{"# s", "1 of its conjuncts"}},
		{"a pair without a condition", counting, func(k known) { k.selector("s").Conjuncts[0].Conditions[0].Allowed[1][2] = facts.None }, []string{"# s", "never meet"}},
		{"conjuncts that overlap", counting, func(k known) {
			s := k.selector("s")
			s.Conjuncts = append(s.Conjuncts, s.Conjuncts[0])
		}, []string{"# s", "2 of its conjuncts"}},
		{"the latest taken for the earliest", picking, func(k known) { k.pick("s", facts.Earliest) }, []string{"# s", "of its conjuncts allow"}},
		{"all taken for the latest", picking, func(k known) { k.pick("m", facts.Latest) }, []string{"# m", "0 of its conjuncts allow"}},
		{"one key at most, of more", picking, func(k known) { k.claim(facts.AtMostOne, "m") }, []string{"# m", "one key at most"}},
		{"a row by position", "#rasp:vocab 0..3\n#rasp:length 4\ns = select(indices, indices, <);\nx = aggregate(s, tokens_int);", func(k known) { k.Rows[k.named("s")].Selected[3][2] = 7 },
			[]string{"# s", "none of those listed"}},
		{"the width of a row by position", "#rasp:vocab 0..3\n#rasp:length 4\ns = select(indices, indices, <);\nx = aggregate(s, tokens_int);", func(k known) { k.Rows[k.named("s")].Most = 2 },
			[]string{"# s", "selects 3 keys"}},
		{"what a mean determines", "#rasp:vocab 0..3\n#rasp:length 4\ns = select(indices, indices, <=);\nx = aggregate(s, tokens_int);", func(k known) { k.Own[k.named("x")].Determines[0].State[6] = 3 },
			[]string{"# x", "none of the values listed"}},
		{"a linear form", counting, func(k known) { k.Linears[k.named("y")].Terms[0].Factor = 2 }, []string{"# y", "as a linear form"}},
		{"a difference", counting, func(k known) { swapCells(k.Table(k.Differences[facts.OperandsOf(k.named("more"))])) }, []string{"its table over"}},
		{"an inclusion of rows", `
			#rasp:vocab 0..3
			#rasp:length 4
			w = selector_width(select(tokens_int, tokens_int, >=) and select(indices, indices, <=));
			x = aggregate(select(tokens_int, tokens_int, ==) and select(w, 1, ==), indices, -1);`, differInWidth,
			[]string{"the inclusion of rows"}},
		{"rounding that a model does not share", "#rasp:vocab [0.37, 7]\n#rasp:length 12\nu = aggregate(full_s, tokens_float / 7);\nbig = 1000000000000000 if tokens_float == 7 else 0;\nup = u + big;\nx = up - big;",
			func(k known) {
				k.Tables[k.named("x")] = &facts.Table{Unbounded: true}
				k.Tables[k.named("up")] = &facts.Table{Unbounded: true}
				up := linear.Sum(0, []*graph.Node{k.named("u"), k.named("big")}, 1, 1)
				x := linear.Sum(0, []*graph.Node{k.named("up"), k.named("big")}, 1, -1)
				k.Linears[k.named("up")], k.Linears[k.named("x")] = &up, &x
			},
			[]string{"# x", "by the rounding of its steps"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			k := factsOf(t, c.program)
			c.damage(k)
			_, err := Facts(k.Facts, k.roots)
			for _, want := range c.want {
				require.ErrorContains(t, err, want)
			}
		})
	}
}

// swapCells gives two cells of a table the value of each other, where these differ.
func swapCells(r *facts.Table) {
	last := len(r.Cells) - 1
	for r.Cells[last] == facts.None {
		last--
	}
	first := slices.IndexFunc(r.Cells, func(id int32) bool { return id != facts.None && id != r.Cells[last] })
	r.Cells[first], r.Cells[last] = r.Cells[last], r.Cells[first]
}

// toFloat makes a value of a table a float.
func toFloat(r *facts.Table, id int) { r.Values[id] = value.OfFloat(r.Values[id].Float64()) }

// mergeVariants makes a comparison answer for 0.54 what it does for a bit less.
func mergeVariants(k known) {
	r, v := k.Table(k.named("x")), k.Own[k.named("m")]
	no := slices.Index(r.Values, value.OfBool(false))
	for state, x := range v.Values {
		if x == value.OfFloat(0.54) {
			r.Cells[state] = int32(no)
		}
	}
}

// differInWidth says of positions of the tokens 0 and 1 that their rows are not of one
// width.
// pick says of a selector which of its keys it selects.
func (k known) pick(name string, which facts.Pick) {
	s := k.selector(name)
	s.Pick = which
}

func differInWidth(k known) {
	for _, c := range k.Inclusions {
		key := c.Key(func(_ *facts.Variable, later bool) int32 { return int32(facts.Indicate(later)) })
		c.Known[key] = facts.RowPair{Differ: true}
	}
}

// TestFactsHold: facts of many programs hold, and something was looked at.
func TestFactsHold(t *testing.T) {
	for name, text := range factstest.Programs(t) {
		if strings.Contains(text, "next") {
			continue
		}
		k := factsOf(t, text)
		out, err := Facts(k.Facts, k.roots)
		assert.NoError(t, err, name)
		assert.Greater(t, out.Inputs-out.Failed, 10, name)
	}
	for seed := range uint64(factstest.Often(200)) {
		text := factstest.RandomSelector(seed)
		k := factsOf(t, text)
		_, err := Facts(k.Facts, k.roots)
		assert.NoError(t, err, text)
	}
}

// TestInputsAreTheSame: the same program is looked at on the same inputs.
func TestInputsAreTheSame(t *testing.T) {
	list := func() (text string) {
		k := factsOf(t, counting)
		for input := range newObserver(k.Facts, k.roots).inputs() {
			text += fmt.Sprintln(input)
		}
		return text
	}
	assert.Equal(t, list(), list())
}

// TestInputsOfForm: what is tried is of the form, and there is much of it.
func TestInputsOfForm(t *testing.T) {
	for _, causal := range []string{"", "#rasp:causal\n"} {
		k := factsOf(t, causal+"#rasp:vocab \"ab=\"\n#rasp:length 9\n#rasp:inputs [ab]{2,} = [ab]*\nx = aggregate(select(tokens, \"=\", ==), indices);")
		o, tried := newObserver(k.Facts, k.roots), 0
		for input := range o.inputs() {
			tried++
			assert.True(t, k.Domain.Has(input), "%v", input)
		}
		assert.Greater(t, tried, 50)
	}
}
