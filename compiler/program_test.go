package compiler

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"rasp/compiler/demand"
	"rasp/compiler/facts/factstest"
	"rasp/compiler/lower"
	"rasp/compiler/plan"
	"rasp/compiler/verify"
	"rasp/lang/domain"
	"rasp/lang/langtest"
	"rasp/runtime"
	"rasp/runtime/model"
)

// through runs the passes up to the named one on a program, which says its
// domain by directives.
func through(t testing.TB, last, text string) *compilation {
	t.Helper()
	return throughAt(t, 1, last, text)
}

// throughAt does so at a level.
func throughAt(t testing.TB, level int, last, text string) *compilation {
	t.Helper()
	c := compilationOf(t, text)
	c.options.Level = level
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
	outputs, d := langtest.Outputs(t, text)
	return &compilation{outputs: outputs, domain: d, options: Options{Level: 1, Source: text, Engine: onCPU}, report: &Report{}}
}

func onCPU(m *model.Model) verify.Engine { return runtime.NewSession(m) }

// worlds calls f for random inputs on which the program does not fail.
func (c *compilation) worlds(r *rand.Rand, n int, f func(*factstest.World)) {
	factstest.Worlds(c.analysis.Facts, c.roots, r, n, f)
}

// isWrong looks for one among so many random inputs on which a model is wrong.
func (c *compilation) isWrong(t testing.TB, m *model.Model, inputs int) bool {
	t.Helper()
	comparer, err := verify.NewComparer(m, c.outputs, onCPU(m))
	require.NoError(t, err)
	found := false
	err = comparer.Compare(c.someInputs(inputs), func(_ int, pairs []verify.Pair, _ error) error {
		found = found || verify.Wrong(pairs) >= 0
		return nil
	})
	require.NoError(t, err)
	return found
}

// someInputs are so many random ones.
func (c *compilation) someInputs(n int) [][]int {
	tried := domain.Inputs{Domain: c.domain, Random: n, Seed: 9}
	batch := make([][]int, tried.Len())
	for k := range batch {
		batch[k] = tried.IDs(k, nil)
	}
	return batch
}
