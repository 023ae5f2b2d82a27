package compiler_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"rasp/compiler"
	"rasp/compiler/verify"
)

// TestLongInputs: what needs no position is compiled for 65,536 tokens, in time that
// grows with the length, and is right where its sums are largest, or next to 0.
func TestLongInputs(t *testing.T) {
	if testing.Short() {
		t.Skip("heads go through all pairs of positions")
	}
	const n = 1 << 16
	for _, text := range []string{
		`#rasp:causal
		x = selector_width(select(tokens, "a", ==));`,
		`#rasp:causal
		x = round(aggregate(select(indices, indices, <=), {"a": 1, "b": -1, "c": 2}[tokens]) * (indices + 1));`,
		`#rasp:causal
		x = aggregate(select(indices, indices, <=), {"a": 1, "b": -1, "c": 0}[tokens]) < 0;`,
	} {
		outputs, domain := parse(t, "long", fmt.Sprintf("#rasp:vocab \"abc\"\n#rasp:length %d\n%s", n, text))
		m, _, err := compiler.Compile(outputs, domain, at(0))
		require.NoError(t, err, text)
		require.Greater(t, m.Certificate.Slack, 1.0)
		comparer, err := verify.NewComparer(m, outputs, onCPU(m))
		require.NoError(t, err)
		batch := [][]int{make([]int, n), make([]int, n)}
		for p := range n {
			batch[0][p] = p % 2             // in turns, so that sums stay at 0 and 1
			batch[1][p] = max(0, p+2-n) * 2 // another one at the end
		}
		require.NoError(t, comparer.Compare(batch, func(k int, pairs []verify.Pair, fault error) error {
			require.NoError(t, fault)
			require.Negative(t, verify.Wrong(pairs), "%s, input %d", text, k)
			return nil
		}))
	}
}
