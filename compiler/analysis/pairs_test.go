package analysis

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/compiler/facts"
	"rasp/compiler/facts/factstest"
	"rasp/lang/domain"
	"rasp/lang/graph"
	"rasp/lang/interp"
	"rasp/lang/value"
)

// pairWriter writes random selectors over random functions of one variable each: keys
// and queries are seen by different functions, which merge different states.
type pairWriter struct{ factstest.SelectorWriter }

// function is a random function of what has the values 0, 1 and 2.
func (w *pairWriter) function(of string) string {
	f := make([]string, 3)
	for i := range f {
		f[i] = w.Word("0", "1", "2", "2", fmt.Sprint(i), fmt.Sprint(i), fmt.Sprint(i))
	}
	return "[" + strings.Join(f, ", ") + "][" + of + "]"
}

// pair is a comparison of two functions of one variable.
func (w *pairWriter) pair(of, with string) string {
	return fmt.Sprintf("select(%s, %s, %s)", w.function(of), w.function(of), with)
}

// order is often an order of the positions, and often almost one.
func (w *pairWriter) order() string {
	less, tie := w.Word("<", ">"), w.Word("<", ">", "<", ">", "<=", "!=")
	switch w.IntN(6) {
	case 0:
		return w.pair("indices", less)
	case 1:
		f := w.function("tokens_int")
		g := w.Word(f, w.function("tokens_int"))
		return fmt.Sprintf("select(%s, %s, %s) or (select(%s, %s, ==) and select(indices, indices, %s))", f, g, less, f, g, tie)
	case 2:
		return fmt.Sprintf("select(tokens_int, tokens_int, %s) or (select(tokens_int, tokens_int, ==) and %s)", less, w.pair("indices", tie))
	case 3:
		return fmt.Sprintf("%s or (%s and %s)", w.pair("tokens_int", less), w.pair("tokens_int", "=="), w.pair("indices", tie))
	}
	return w.Formula(2)
}

// program has a selector s, an order of which the widths are ranks, what a row brings,
// and numbers made of these.
func (w *pairWriter) program() string {
	text := "#rasp:vocab 0..2\n#rasp:length 3\n"
	if w.IntN(3) == 0 {
		text += "#rasp:causal\n"
	}
	w.Keys = []string{w.function("tokens_int"), w.function("indices"), "tokens_int", "indices"}
	w.Queries = []string{w.function("tokens_int"), w.function("indices"), "tokens_int", "indices", "1"}
	text += "order = " + w.order() + ";\nrank = selector_width(order);\n"
	text += "rows = " + w.Word("select(tokens_int, tokens_int, ==) and ", "") + w.Formula(1) + ";\n"
	text += "brought = " + w.Word("selector_width(rows)", "indicator(has_focus(rows))", "aggregate(rows and select(indices, indices, ==), tokens_int, 9)",
		"aggregate(select(rank, indices, ==), tokens_int, 9)", "round(aggregate(rows, tokens_int, 0))") + ";\n"
	text += "same = aggregate(select(" + w.function("tokens_int") + ", " + w.Word("1", "length", "indices % 1", "indices") + ", ==), " + w.function("indices") + ");\n"
	numbers := []string{"rank", "brought", "indices", "tokens_int", "length", "round(same)"}
	text += "number = " + w.Word(numbers...) + w.Word(" + ", " - ", " * ") + w.Word(numbers...) + ";\n"
	w.Keys = append(w.Keys, "rank", "rank", "brought", "brought", "number", w.function("(rank % 3)"))
	w.Queries = append(w.Queries, "rank", "brought", "indices", "number", "length - 1", "indices - 1")
	s := w.Formula(1)
	if w.IntN(3) == 0 {
		s = "select(" + w.Word(w.Keys...) + ", " + w.Word(w.Queries...) + ", ==) and " + s
	}
	return text + "s = " + s + ";\nx = aggregate(s, indices) + number + same;"
}

// claims counts how often each fact about pairs of positions was claimed.
type claims map[string]int

// hold holds what is claimed of a program against the interpreter, on all inputs.
func (c claims) hold(t *testing.T, text string) {
	p := factsOf(t, text)
	a := p.analysis
	about := c.of(a)
	if len(about) == 0 {
		return
	}
	e, all := interp.New(a.Domain.Causal, p.roots...), domain.Inputs{Domain: a.Domain, First: 1000}
	for input := range all.All() {
		if e.Run(input) != nil {
			continue
		}
		w := &factstest.World{Facts: a.Facts, Evaluator: e, Input: input}
		for _, x := range about {
			require.True(t, x.holds(w), "%s of %s is not true of %v:\n%s", x.name, graph.Describe(x.node), input, text)
		}
	}
}

// claim is a fact that can be seen to be false on an input.
type claim struct {
	name  string
	node  *graph.Node
	holds func(*factstest.World) bool
}

// of lists what is claimed of the selectors and the s-ops of a program.
func (c claims) of(a *Analysis) (list []claim) {
	claimed := func(is bool, name string, n *graph.Node, holds func(*factstest.World) bool) {
		if is {
			c[name]++
			list = append(list, claim{name, n, holds})
		}
	}
	for _, n := range a.Nodes {
		rows := func(ok func(width int, row []bool) bool) func(w *factstest.World) bool {
			return func(w *factstest.World) bool {
				return !slices.ContainsFunc(w.Matrix(n), func(row []bool) bool { return !ok(count(row), row) })
			}
		}
		pairs := func(ok func(x, y value.Value) bool) func(w *factstest.World) bool {
			return func(w *factstest.World) bool {
				values := w.Sequence(n)
				for i, x := range values {
					if slices.ContainsFunc(values[:i], func(y value.Value) bool { return !ok(x, y) }) {
						return false
					}
				}
				return true
			}
		}
		if n.IsSelector() {
			claimed(a.atMostOne(n), "one at most", n, rows(func(width int, _ []bool) bool { return width <= 1 }))
			claimed(a.isNonempty(n), "never empty", n, rows(func(width int, _ []bool) bool { return width >= 1 }))
			claimed(a.selectsFirst(n), "the first position", n, rows(func(_ int, row []bool) bool { return row[0] }))
			claimed(!a.Domain.Causal && a.ignoresQuery(n), "equal rows", n, func(w *factstest.World) bool {
				m := w.Matrix(n)
				return !slices.ContainsFunc(m, func(row []bool) bool { return !slices.Equal(row, m[0]) })
			})
			claimed(!a.Domain.Causal && a.strictOrder(n), "strict order", n, func(w *factstest.World) bool {
				seen := make([]bool, len(w.Input))
				for _, row := range w.Matrix(n) {
					if r := count(row); r >= len(seen) || seen[r] {
						return false
					} else {
						seen[r] = true
					}
				}
				return true
			})
			continue
		}
		differ, equal := pairs(func(x, y value.Value) bool { return !value.Equal(x, y) }), pairs(func(x, y value.Value) bool { return x == y })
		claimed(a.isUniform(n), "uniform", n, equal)
		claimed(a.differs(n), "no value twice", n, differ)
		v := a.Own[n]
		claimed(v != nil && v.Unique, "no state twice", n, differ)
		claimed(v != nil, "width of the row", n, func(w *factstest.World) bool {
			for p := range w.Input {
				if s := w.State(v, p); s == facts.None {
					return false
				} else if width, ok := a.RowWidth(v, int32(s)); ok && width != count(w.Matrix(n.Args[0])[p]) {
					return false
				}
			}
			return true
		})
	}
	return list
}

// TestPairsOfPositions: what is claimed of pairs of positions, by random functions of one
// variable on either side, holds on all inputs, causal or not.
func TestPairsOfPositions(t *testing.T) {
	c := claims{}
	for seed := range uint64(factstest.Often(1200)) {
		w := &pairWriter{factstest.SelectorWriter{Rand: rand.New(rand.NewPCG(seed, 12))}}
		c.hold(t, w.program())
	}
	t.Log(c)
	for _, name := range []string{"one at most", "never empty", "the first position", "equal rows", "strict order", "uniform", "no value twice", "no state twice", "width of the row"} {
		assert.Greater(t, c[name], factstest.Often(20), name)
	}
}
