package verify_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/compiler/verify"
)

// TestRangesAreTheWhole: however the inputs are cut, sums over the ranges up to the first
// counterexample, and that counterexample, are what one run has.
func TestRangesAreTheWhole(t *testing.T) {
	right := compiled(t, "#rasp:vocab 0..3\n#rasp:length 5\nx = 6 / tokens_int;")
	wrong := target{compiled(t, "#rasp:vocab \"abcd\"\n#rasp:length 6\nx = selector_width(select(tokens, \"c\", ==)) > 3;").model,
		compiled(t, "#rasp:vocab \"abcd\"\n#rasp:length 6\nx = selector_width(select(tokens, \"c\", ==)) > 4;").outputs}
	for _, target := range []target{right, wrong} {
		for _, o := range []verify.Options{{}, {Samples: 100}} {
			o.Engine = target.session
			whole := verified(t, target, o)
			trial, err := verify.NewTrial(target.model, target.outputs, o)
			require.NoError(t, err)
			for _, size := range []int{1, 7, 1000, trial.Len()} {
				inputs, faulted := 0, 0
				var found *verify.Counterexample
				for from := 0; from < trial.Len() && found == nil; from += size {
					to := min(from+size, trial.Len())
					report, err := trial.Range(context.Background(), from, to)
					require.NoError(t, err)
					if to-from < trial.Len() {
						assert.Equal(t, []int{from, trial.Len()}, []int{report.From, report.Of})
					}
					inputs, faulted, found = inputs+report.Inputs, faulted+report.Faulted, report.Counterexample
				}
				sum := trial.Whole(inputs, faulted)
				sum.Counterexample = found
				assert.Equal(t, whole, sum, size)
			}
		}
	}
	whole := verified(t, wrong, verify.Options{})
	require.NotNil(t, whole.Counterexample)
	assert.Less(t, whole.Inputs, 5460)
}

func TestRangeOfNothing(t *testing.T) {
	target := compiled(t, reverse)
	trial, err := verify.NewTrial(target.model, target.outputs, verify.Options{Engine: target.session})
	require.NoError(t, err)
	report, err := trial.Range(context.Background(), 3, 3)
	require.NoError(t, err)
	assert.Equal(t, verify.Report{From: 3, Of: 5460, AllUpTo: 6}, report)
}
