package compiler

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rasp/compiler/analysis"
	"rasp/compiler/demand"
	"rasp/compiler/facts"
	"rasp/compiler/lower"
	"rasp/compiler/plan"
	"rasp/compiler/verify"
	"rasp/lang"
	"rasp/lang/domain"
	"rasp/lang/graph"
	"rasp/lang/interp"
	"rasp/lang/value"
	"rasp/runtime"
	"rasp/runtime/model"
)

// often is n, or fewer times with -short.
func often(n int) int {
	if testing.Short() {
		return max(1, n/8)
	}
	return n
}

// through runs the passes up to the named one on a program, which says its
// domain by directives.
func through(t testing.TB, last, text string) *compilation {
	t.Helper()
	c := compilationOf(t, text)
	require.NoError(t, c.checkDomain())
	require.NoError(t, c.runPasses("share", last), text)
	return c
}

// search looks for a model once more.
func (c *compilation) search() error {
	c.policies, c.best, c.work = nil, candidate{}, 0
	return c.runPasses("lower", "choose")
}

// lowerBy plans under a policy.
func (c *compilation) lowerBy(p demand.Policy) (*plan.Plan, error) {
	l, err := lower.Outputs(c.analysis.Facts, c.outputs, c.roots, c.scores, c.logits, p)
	return l.Plan, err
}

func compilationOf(t testing.TB, text string) *compilation {
	t.Helper()
	p, faults := lang.Parse("test.rasp", text)
	require.NoError(t, faults.Err(), text)
	d := p.File.Directives
	outputs, fault := p.Outputs(nil, d.Vocab)
	require.Nil(t, fault, text)
	return &compilation{
		outputs: outputs, options: Options{Level: 1, Source: text, Engine: onCPU}, report: &Report{},
		domain: domain.Domain{Vocab: d.Vocab, Length: d.Length, Causal: d.Causal},
	}
}

func onCPU(m *model.Model) verify.Engine { return runtime.NewSession(m) }

// printed writes a graph, its nodes numbered from 0.
func printed(roots []*graph.Node) string {
	nodes := graph.Reachable(roots...)
	copies := map[*graph.Node]*graph.Node{}
	var b strings.Builder
	for i, n := range nodes {
		c := *n
		c.ID, c.Args = i, nil
		for _, a := range n.Args {
			c.Args = append(c.Args, copies[a])
		}
		copies[n] = &c
		b.WriteString(c.String() + "\n")
	}
	return b.String()
}

// world is an input with all that the interpreter finds there: it knows the
// state of each variable at each position.
type world struct {
	*analysis.Analysis
	*interp.Evaluator
	input []value.Value
}

// state of a variable at position p; none if the variable has no state for what
// is there.
func (w *world) state(v *facts.Variable, p int) int {
	if v == nil {
		return 0 // constant
	}
	switch v.Source {
	case facts.Token:
		return slices.Index(w.Domain.Vocab, w.input[p])
	case facts.Position:
		return p
	case facts.Length:
		return len(w.input) - 1
	case facts.Mean:
		return w.mean(v, p)
	case facts.Width:
		n, _ := w.Sequence(v.Node)[p].Int64()
		return int(n)
	case facts.Any:
		if w.Sequence(v.Node)[p].Truthy() {
			return 1
		}
		return 0
	}
	return slices.Index(w.Table(v.Node).Values, w.Sequence(v.Node)[p])
}

// mean finds the state of the row at p: its width, and the value that the sum
// gives.
func (w *world) mean(v *facts.Variable, p int) int {
	width, total := 0, 0.0
	for j, selected := range w.Matrix(v.Node.Args[0])[p] {
		if selected {
			width++
			total += w.Sequence(v.Node.Args[1])[j].Float64()
		}
	}
	r := w.Table(v.Node)
	for state, x := range v.Sums {
		if x.Width == width && (v.Per == 0 || math.Abs(float64(x.Total)-total*v.Per) < 1e-6) && r.Values[r.Cells[state]] == w.Sequence(v.Node)[p] &&
			(v.Determines == nil || int(v.Determines[0].State[state]) == w.state(v.Determines[0].Variable, p)) {
			return state
		}
	}
	return facts.None
}

// worlds calls f for random inputs on which the program does not fail.
func (c *compilation) worlds(r *rand.Rand, n int, f func(*world)) {
	e := interp.New(c.domain.Causal, c.roots...)
	for input := range (domain.Inputs{Domain: c.domain, Random: n, Seed: r.Uint64()}).All() {
		if e.Run(input) == nil {
			f(&world{c.analysis, e, input})
		}
	}
}

// isWrong looks for one among so many random inputs on which a model is wrong.
func (c *compilation) isWrong(t testing.TB, m *model.Model, inputs int) bool {
	t.Helper()
	comparer, err := verify.NewComparer(m, c.outputs, onCPU(m))
	require.NoError(t, err)
	tried, found := domain.Inputs{Domain: c.domain, Random: inputs, Seed: 9}, false
	batch := make([][]int, tried.Len())
	for k := range batch {
		batch[k] = tried.IDs(k, nil)
	}
	err = comparer.Compare(batch, func(_ int, pairs []verify.Pair, _ error) error {
		found = found || verify.Wrong(pairs) >= 0
		return nil
	})
	require.NoError(t, err)
	return found
}
