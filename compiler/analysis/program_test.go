package analysis

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"rasp/compiler/facts/factstest"
	"rasp/compiler/rewrite"
	"rasp/lang/domain"
	"rasp/lang/graph"
	"rasp/lang/langtest"
)

// analysed is a program and its facts.
type analysed struct {
	analysis *Analysis
	roots    []*graph.Node
	domain   domain.Domain
}

// programOf is a program, which says its domain by directives, as the analysis gets it.
func programOf(t testing.TB, text string) (*rewrite.Program, domain.Domain) {
	t.Helper()
	outputs, d := langtest.Outputs(t, text)
	shared := rewrite.Share(rewrite.Of(graph.Roots(outputs)))
	return rewrite.Widths(shared), d
}

// factsOf makes the facts of a program.
func factsOf(t testing.TB, text string) *analysed {
	t.Helper()
	p, d := programOf(t, text)
	a, err := Of(p, d)
	require.NoError(t, err, text)
	return &analysed{a, p.Roots, d}
}

// worlds calls f for random inputs on which the program does not fail.
func (c *analysed) worlds(r *rand.Rand, n int, f func(*factstest.World)) {
	factstest.Worlds(c.analysis.Facts, c.roots, r, n, f)
}
