package prove_test

import (
	"context"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/compiler/facts/factstest"
	"rasp/compiler/prove"
	"rasp/compiler/prove/provetest"
	"rasp/compiler/sample"
	"rasp/compiler/verify"
)

// TestForms: what is proved is proved of inputs of the form, and of no others.
func TestForms(t *testing.T) {
	const separator = `#rasp:vocab "01="
#rasp:length 12
#rasp:inputs %
eq = aggregate(select(tokens, "=", ==), indices);
after = tokens if indices == eq + 1 else "_";`
	for _, form := range []string{`one "="`, `at most one "="`, `[01]+ = [01]*`} {
		for _, causal := range []string{"", "#rasp:causal\n"} {
			s, err := provetest.Compile(causal + strings.Replace(separator, "%", form, 1))
			require.NoError(t, err)
			r, err := prove.Prove(s.Model, prove.Options{})
			require.NoError(t, err)
			assert.Equal(t, prove.Proved, r.Verdict, "%s: %v", form, r.Reason)
			assert.Equal(t, form, r.Inputs)
			assert.Contains(t, r.Claim(), form)
			s.Model.Inputs = "" // the same weights, said to be right on all inputs
			r, err = prove.Prove(s.Model, prove.Options{})
			require.NoError(t, err)
			assert.Equal(t, prove.Open, r.Verdict, form)
			s.Model.Inputs = `.* = .* = .*`
			r, err = prove.Prove(s.Model, prove.Options{})
			require.NoError(t, err)
			assert.Equal(t, prove.Open, r.Verdict, form)
		}
	}
}

// TestOnly: where the program says that a row selects one key, the theorem is about inputs
// on which that is so, and says it; where the form shows it, about all.
func TestOnly(t *testing.T) {
	const text = `#rasp:vocab "01="
#rasp:length 12
#rasp:inputs %
eq = aggregate(only(select(tokens, "=", ==)), indices);
after = tokens if indices == eq + 1 else "_";`
	for form, doubts := range map[string]int{`.*`: 1, `one "="`: 0} {
		s, err := provetest.Compile(strings.Replace(text, "%", form, 1))
		require.NoError(t, err)
		r, err := prove.Prove(s.Model, prove.Options{})
		require.NoError(t, err)
		assert.Equal(t, prove.Proved, r.Verdict, "%s: %v", form, r.Reason)
		assert.Len(t, r.Failing, doubts, form)
	}
}

// TestProvedIsEqual: weights that were made for one form are held against the program on
// inputs of others; what is proved there is so on all that are run.
func TestProvedIsEqual(t *testing.T) {
	proved, open := 0, 0
	for seed := range uint64(max(8, factstest.Often(20))) {
		text := sample.Program(rand.New(rand.NewPCG(seed, 9)), sample.Forms)
		s, err := provetest.Compile(text)
		if err != nil {
			continue
		}
		for _, form := range []string{s.Model.Inputs, "", `one "="`, `a* .*`, `~(.* "," .*)`} {
			s.Model.Inputs = form
			r, err := prove.Prove(s.Model, prove.Options{States: 1 << 16, Pairs: 1 << 22})
			require.NoError(t, err, text)
			if r.Verdict != prove.Proved {
				open++
				continue
			}
			proved++
			report, err := verify.Run(context.Background(), s.Model, s.Outputs, verify.Options{Samples: 500, Seed: seed, Engine: func() verify.Engine { return provetest.OnCPU(s.Model) }})
			require.NoError(t, err, text)
			require.Nil(t, report.Counterexample, "%s\nproved for inputs %q", text, form)
		}
	}
	assert.Positive(t, proved)
	assert.Positive(t, open)
}
