package long_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"rasp/compiler"
	"rasp/compiler/compilertest"
	"rasp/compiler/verify"
)

// TestLongInputs: programs whose weights do not grow with the square of the length are
// compiled for inputs of 65,536 tokens, and are right where sums are largest, or next to 0.
func TestLongInputs(t *testing.T) {
	if testing.Short() {
		t.Skip("heads go through all pairs of positions")
	}
	for _, test := range []struct {
		length  int
		program string
	}{
		{1 << 16, `#rasp:causal
			x = selector_width(select(tokens, "a", ==));`},
		{1 << 16, `#rasp:causal
			x = round(aggregate(select(indices, indices, <=), {"a": 1, "b": -1, "c": 2}[tokens]) * (indices + 1));`},
		{1 << 16, `#rasp:causal
			x = aggregate(select(indices, indices, <=), {"a": 1, "b": -1, "c": 0}[tokens]) < 0;`},
		{20000, `x = aggregate(select(indices, indices - 1, ==), tokens, "-");`},
		{5000, `#rasp:causal
			x = aggregate(select(indices, (indices - indices % 3) / 3, ==), tokens, "-");`},
		{5000, `x = selector_width(select(indices, indices + 3, ==) and select(tokens, tokens, ==));`},
		{5000, `x = indices + length;`},
	} {
		outputs, domain := compilertest.Parse(t, "long", fmt.Sprintf("#rasp:vocab \"abc\"\n#rasp:length %d\n%s", test.length, test.program))
		m, _, err := compiler.Compile(outputs, domain, compilertest.At(0))
		require.NoError(t, err, test.program)
		require.Greater(t, m.Certificate.Slack, 1.0)
		comparer, err := verify.NewComparer(m, outputs, compilertest.OnCPU(m))
		require.NoError(t, err)
		inTurns, lastDiffers := make([]int, test.length), make([]int, test.length)
		for p := range inTurns {
			inTurns[p] = p % 2 // so that sums stay at 0 and 1
		}
		lastDiffers[test.length-1] = 2
		require.NoError(t, comparer.Compare([][]int{inTurns, lastDiffers}, func(k int, pairs []verify.Pair, fault error) error {
			require.NoError(t, fault)
			require.Negative(t, verify.Wrong(pairs), "%s, input %d", test.program, k)
			return nil
		}))
	}
}
