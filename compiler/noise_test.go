package compiler

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/compiler/certify/noise"
	"rasp/compiler/certify/noise/noisetest"
	"rasp/compiler/construct"
	"rasp/compiler/facts/factstest"
	"rasp/compiler/plain"
	"rasp/lang/diag"
	"rasp/runtime/inspect"
	"rasp/runtime/model"
)

// quiet are programs of which the models stand noise, all kinds of heads and neurons among
// them.
var quiet = []string{"histogram", "majority", "dyck1", "sort", "reverse", "most_frequent", "induction", "shift", "parity"}

// quietly compiles one of them up to the choice of a model.
func quietly(t *testing.T, name string) (*compilation, noise.Analysis) {
	c := compilationOf(t, factstest.Program(t, name))
	c.options.Robust = true
	require.NoError(t, c.checkDomain())
	require.NoError(t, c.runPasses("share", "choose"))
	return c, noise.Of(c.best.plan, c.best.model, c.best.checked)
}

// atMost is noise of four standard deviations, of any sign.
func atMost(relative, absolute float64) noisetest.Disturbance {
	return func(m *model.Model, r *rand.Rand) {
		sign := func() float64 { return float64(8*r.IntN(2) - 4) }
		noisetest.EveryWeight(m, func(w, rms float64) float64 {
			return float64(w*(1+float64(relative*sign()))) + float64(absolute*rms*sign())
		})
	}
}

// TestNoiseBounds: no column is farther from where it was than the bound says, with noise as
// large as the model stands: normal, or of the largest size and any sign.
func TestNoiseBounds(t *testing.T) {
	for _, name := range quiet {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, a := quietly(t, name)
			stands := a.Certificate()
			inputs := noisetest.HardInputs(len(a.Model.Vocab), a.Model.NCtx-1, 16, rand.New(rand.NewPCG(5, 6)))
			var ideal [][][]float64
			for _, ids := range inputs {
				x, _ := plain.Forward(a.Model, ids, plain.Forwards[float64])
				ideal = append(ideal, x)
			}
			check := func(k noise.Kind, sigma float64, likely bool, d noisetest.Disturbance) {
				most := a.Errors(k, sigma, likely)
				r := rand.New(rand.NewPCG(5, 6))
				for range factstest.Often(8) {
					noisy := noisetest.Disturbed(a.Model, r, d)
					for i, ids := range inputs {
						x, _ := plain.Forward(noisy, ids, plain.Forwards[float64])
						checkNoise(t, a, x, ideal[i], most)
					}
				}
			}
			check(noise.Relative, stands.Relative.Likely, true, noisetest.Relative(stands.Relative.Likely))
			check(noise.Absolute, stands.Absolute.Likely, true, noisetest.Absolute(stands.Absolute.Likely))
			check(noise.Relative, stands.Relative.Worst, false, atMost(stands.Relative.Worst, 0))
			check(noise.Absolute, stands.Absolute.Worst, false, atMost(0, stands.Absolute.Worst))
		})
	}
}

// checkNoise holds a residual stream against bounds of how far it may be from another. What a
// hinge is beyond 1 is all the same.
func checkNoise(t *testing.T, a noise.Analysis, x, ideal [][]float64, most []float64) {
	t.Helper()
	for p := 1; p < len(x); p++ {
		for d, y := range x[p] {
			col, want := a.Plan.Columns[d], ideal[p][d]
			if col.Hinge {
				y, want = min(y, 1), min(want, 1)
			}
			if !(math.Abs(want-y) <= most[d]) {
				t.Fatalf("dim %d (%s) at %d: %g, not %g, and it may be off by %g", d, col.Label.What, p, y, want, most[d])
			}
		}
	}
}

// TestPrecisionsBound: in an arithmetic with fewer digits no column is farther off than is said,
// whether the model is right in it or not.
func TestPrecisionsBound(t *testing.T) {
	for _, name := range quiet {
		t.Run(name, func(t *testing.T) {
			_, a := quietly(t, name)
			for _, in := range []struct {
				construct.Precision
				noisetest.Arithmetic
			}{{construct.TF32, noisetest.InTF32}, {construct.BFloat16, noisetest.InBfloat16}, {construct.Float16, noisetest.InFloat16}} {
				if !a.Holds(in.Precision) {
					continue // what a column is off beyond a margin is not bounded
				}
				e, exact, most := noisetest.Emulate(a.Model, in.Arithmetic), noisetest.Emulate(a.Model, noisetest.InDouble), a.ErrorsIn(in.Precision)
				for _, ids := range noisetest.HardInputs(len(a.Model.Vocab), a.Model.NCtx-1, 24, rand.New(rand.NewPCG(5, 6))) {
					checkNoise(t, a, e.Residual(ids), exact.Residual(ids), most)
				}
			}
		})
	}
}

// TestBudgets: a column may be off by what the certificate says, if nothing else is. Some
// column, off by ten times that, is read wrongly.
func TestBudgets(t *testing.T) {
	for _, name := range quiet {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, a := quietly(t, name)
			inputs := noisetest.HardInputs(len(a.Model.Vocab), a.Model.NCtx-1, 16, rand.New(rand.NewPCG(5, 6)))
			beyond := 0
			for dim, b := range a.Budgets() {
				if b.Reader == "" || b.Budget > 1e6 {
					continue
				}
				col := a.Plan.Columns[dim]
				for _, factor := range []float64{0.9, -0.9} {
					require.Zero(t, readWrongly(a.Model, inputs, col.When, dim, factor*b.Budget), "dim %d (%s) off by %g: %s", dim, col.Label.What, factor*b.Budget, b.Reader)
				}
				beyond += readWrongly(a.Model, inputs, col.When, dim, 10*b.Budget)
			}
			require.Positive(t, beyond)
		})
	}
}

// readWrongly counts the positions at which a model answers otherwise where a column is off,
// from when it is written.
func readWrongly(m *model.Model, inputs [][]int, when, dim int, off float64) (wrong int) {
	shift := inspect.Hooks{Residual: func(stage int, x [][]float32) {
		if stage == when {
			for p := 1; p < len(x); p++ {
				x[p][dim] += float32(off)
			}
		}
	}}
	for _, ids := range inputs {
		right, shifted := inspect.Of(m, ids, inspect.Hooks{}).Logits, inspect.Of(m, ids, shift).Logits
		for _, o := range m.Outputs {
			for p := 1; p < len(right); p++ {
				if o.Decode(right[p]) != o.Decode(shifted[p]) {
					wrong++
				}
			}
		}
	}
	return wrong
}

// TestTooNoisy: a model that stands less than was asked for is refused, at the s-op where it is
// tightest, and what is said to do does.
func TestTooNoisy(t *testing.T) {
	c := compilationOf(t, factstest.Program(t, "histogram"))
	c.options.Robust, c.options.Sigma = true, 0.1
	_, err := c.run()
	var d *diag.Diagnostic
	require.ErrorAs(t, err, &d)
	assert.Equal(t, diag.Limit, d.Kind)
	assert.Contains(t, d.Message, "not 0.1: it is tightest at")
	assert.Equal(t, 11, d.Span.Line())
	assert.Contains(t, d.Hint, "--robust=")

	c = compilationOf(t, factstest.Program(t, "histogram"))
	c.options.Robust, c.options.Sigma = true, c.noisySigma(t)
	m, err := c.run()
	require.NoError(t, err)
	assert.Equal(t, c.options.Sigma, m.Certificate.Noise.Relative.Likely)
}

// noisySigma is what the model of a program stands.
func (c *compilation) noisySigma(t *testing.T) float64 {
	_, a := quietly(t, "histogram")
	sigma, _ := a.Sigma(noise.Relative, true)
	return sigma
}
