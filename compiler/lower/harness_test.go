package lower

import (
	"testing"

	"github.com/stretchr/testify/require"

	"rasp/compiler/analysis"
	"rasp/compiler/demand"
	"rasp/compiler/logits"
	"rasp/compiler/rewrite"
	"rasp/lang/domain"
	"rasp/lang/graph"
	"rasp/lang/langtest"
)

// fast is the policy that level 1 tries first.
var fast = demand.Policy{Parabola: true, Bits: true, Packed: true, Asked: true}

// lowerOutputs plans outputs with the facts as they are first: what lowering asks for, to
// know better, is not done.
func lowerOutputs(t *testing.T, outputs []graph.Output, d domain.Domain, p demand.Policy) (*Result, error) {
	t.Helper()
	r := rewrite.Widths(rewrite.Share(rewrite.Of(graph.Roots(outputs))))
	var s *logits.Scores
	if outputs[0].Next != nil {
		s = logits.Split(outputs[0], r.Roots)
		r.Roots = s.SOps(r.Roots)
	}
	a, err := analysis.Of(r, d)
	require.NoError(t, err)
	var list []*logits.Logit
	if s != nil {
		list, _, err = logits.Support(a.Facts, s, r.Roots)
		require.NoError(t, err)
	}
	return Outputs(a.Facts, outputs, r.Roots, s, list, p)
}

// planned is a program's plan under a policy.
func planned(t *testing.T, text string, p demand.Policy) *Result {
	t.Helper()
	outputs, d := langtest.Outputs(t, text)
	r, err := lowerOutputs(t, outputs, d, p)
	require.NoError(t, err)
	return r
}
