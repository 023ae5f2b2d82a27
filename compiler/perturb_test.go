package compiler

import (
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/compiler/certify"
	"rasp/compiler/construct"
	"rasp/compiler/facts/factstest"
	"rasp/runtime/model"
)

// TestCertificateOfPerturbedWeights changes one weight after the other, any of
// them, by little or much. A model that is wrong on some input then has no
// certificate; small changes of most weights leave it one.
func TestCertificateOfPerturbedWeights(t *testing.T) {
	for name, text := range map[string]string{
		"counting":  "#rasp:vocab \"abc\"\n#rasp:length 6\nx = selector_width(select(tokens, tokens, ==)) > 2;",
		"fetching":  "#rasp:vocab \"abc\"\n#rasp:length 6\nx = aggregate(select(indices, length - 1 - indices, ==), tokens);",
		"causal":    "#rasp:vocab \"()\"\n#rasp:length 6\n#rasp:causal\nx = aggregate(full_s, (1 if tokens == \"(\" else -1)) >= 0;",
		"averaging": "#rasp:vocab 0..3\n#rasp:length 5\nx = round(aggregate(select(indices, indices, <=), tokens_int)) % 2;",
		"asking":    "#rasp:vocab \"abc\"\n#rasp:length 6\nx = has_focus(select(tokens, tokens, <)) and indices > 1;",
		"picking":   "#rasp:vocab 0..5\n#rasp:length 12\n#rasp:causal\nx = latest(tokens_int % 3, 1, tokens_int, -1);",
		"sorting":   "#rasp:vocab \"abc\"\n#rasp:length 4\nx = selector_width(select(tokens, tokens, <) or (select(tokens, tokens, ==) and select(indices, indices, <)));",
		"adding":    "#rasp:vocab 0..99\n#rasp:length 40\nx = round(average(tokens_int) * length) % 3 == 0;",
		"digits":    "#rasp:vocab [-4000, 1, 0, 3999]\n#rasp:length 40\n#rasp:causal\nx = round(average(tokens_int) * length) > 1;",
		"fractions": "#rasp:vocab 0..99\n#rasp:length 64\nx = tokens_int > average(tokens_int);",
		"rounding":  "#rasp:vocab 0..9\n#rasp:length 200\n#rasp:causal\nx = round(aggregate(full_s, tokens_int)) == 4;",
		"products":  "#rasp:vocab \"ab\"\n#rasp:length 16\nx = selector_width(select(tokens, tokens, ==) and select(indices, indices, <=)) / (indices + 1);",
		"counts":    "#rasp:vocab \"ab\"\n#rasp:length 64\nx = count(tokens, \"a\") > count(tokens, \"b\");",
		"places":    "#rasp:vocab 100..179\n#rasp:length 4\nx = tokens == shift(tokens, 1, \"\");",
		"chains":    "#rasp:vocab \"abcdefghi\"\n#rasp:length 3\nx = 0;\nfor c in [\"a\", \"b\", \"c\", \"d\", \"e\", \"f\", \"g\", \"h\", \"i\"] { x = (2 if c == \"d\" else indices) if contains(tokens, c) else x; }",
		"tables":    "#rasp:vocab \"abc\"\n#rasp:length 4\nx = tokens[0] + tokens if indices > 1 else \"-\";",
	} {
		t.Run(name, func(t *testing.T) { checkPerturbed(t, through(t, "choose", text)) })
	}
	for name, text := range map[string]string{
		"sharing": "#rasp:vocab \"abc\"\n#rasp:length 6\nx = selector_width(select(tokens, tokens, ==)) > 2;",
		"shares":  "#rasp:vocab \"ab\"\n#rasp:length 5\nx = selector_width(select(tokens, tokens, <)) == selector_width(select(indices, indices, <));",
	} {
		t.Run(name, func(t *testing.T) { checkPerturbed(t, throughAt(t, 0, "choose", text)) })
	}
}

// checkPerturbed runs the interpreter only where a changed model gives other tokens than the
// model, which is right.
func checkPerturbed(t *testing.T, c *compilation) {
	const tried = 60
	require.False(t, c.isWrong(t, c.best.model, 100))
	given := func() [][][]model.Token {
		answers, err := onCPU(c.best.model).Run(c.someInputs(tried))
		require.NoError(t, err)
		return answers
	}
	first, within := given(), c.best.model.Certificate.Within
	r := rand.New(rand.NewPCG(3, 4))
	all := c.best.model.Tensors()
	var kept, caught, cautious int
	for range factstest.Often(600) {
		tensor := all[r.IntN(len(all))]
		weights := tensor.Floats()
		if len(weights) == 0 {
			continue
		}
		i := r.IntN(len(weights))
		before := weights[i]
		change := math.Exp2(r.Float64()*28-22) * float64(1-2*r.IntN(2))
		weights[i] += float32(change)
		tensor.Set(weights)
		outcome := certify.Model(c.best.plan, c.best.model, construct.Float32, c.domain.Length)
		exact := outcome.Exact()
		c.best.model.Certificate = outcome.Certificate(false) // which says how far numbers may be off
		same := slices.Equal(c.best.model.Certificate.Within, within) && reflect.DeepEqual(given(), first)
		right := same || !c.isWrong(t, c.best.model, tried)
		switch {
		case exact:
			require.True(t, right, "certified, and wrong: %g changed by %g", before, change)
			kept++
		case right:
			cautious++
		default:
			caught++
		}
		restored := tensor.Floats()
		restored[i] = before
		tensor.Set(restored)
	}
	t.Logf("certified %d, refused and wrong %d, refused though no input showed it %d", kept, caught, cautious)
	assert.Greater(t, kept, factstest.Often(200))
	assert.Greater(t, caught, factstest.Often(20))
}

// TestStepsBeyondTheirMargin moves the threshold of each step: within the margin
// there is a certificate, beyond it there is none.
func TestStepsBeyondTheirMargin(t *testing.T) {
	c := through(t, "choose", "#rasp:vocab 0..2\n#rasp:length 20\nx = aggregate(select(tokens, tokens, <=), tokens_int) > 0.4;")
	steps := 0
	_, neurons := c.best.plan.ByLayer()
	for l, list := range neurons {
		for i, n := range list {
			if n.Margin == 0 {
				continue
			}
			bias := &c.best.model.Blocks[l].BIn[i]
			for _, factor := range []float64{-1.1, -0.005, 0.005, 1.1} {
				before := *bias
				*bias += float32(factor * n.Margin)
				checked := certify.Model(c.best.plan, c.best.model, construct.Float32, c.domain.Length)
				assert.Equal(t, math.Abs(factor) < 1, checked.Exact(), "neuron %d moved by %g margins of %g: %s, slack %g", i, factor, n.Margin, checked.Worst.What, checked.Slack)
				*bias = before
			}
			steps++
		}
	}
	assert.Positive(t, steps)
}
