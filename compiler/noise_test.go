package compiler

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/compiler/certify/noise"
	"rasp/compiler/construct"
	"rasp/compiler/facts/factstest"
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
func atMost(relative, absolute float64) disturbance {
	return func(m *model.Model, r *rand.Rand) {
		sign := func() float64 { return float64(8*r.IntN(2) - 4) }
		everyWeight(m, func(w, rms float64) float64 {
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
			check := func(k noise.Kind, sigma float64, likely bool, d disturbance) {
				most := a.Errors(k, sigma, likely)
				r := rand.New(rand.NewPCG(5, 6))
				for range factstest.Often(8) {
					checkNoise(t, a, disturbed(a.Model, r, d), most)
				}
			}
			check(noise.Relative, stands.Relative.Likely, true, relative(stands.Relative.Likely))
			check(noise.Absolute, stands.Absolute.Likely, true, absolute(stands.Absolute.Likely))
			check(noise.Relative, stands.Relative.Worst, false, atMost(stands.Relative.Worst, 0))
			check(noise.Absolute, stands.Absolute.Worst, false, atMost(0, stands.Absolute.Worst))
		})
	}
}

// checkNoise holds the residual stream of a model with noise against bounds. What a hinge is
// beyond 1 is all the same.
func checkNoise(t *testing.T, a noise.Analysis, noisy *model.Model, most []float64) {
	t.Helper()
	for _, ids := range hardInputs(len(a.Model.Vocab), a.Model.NCtx-1, 16, rand.New(rand.NewPCG(5, 6))) {
		ideal, _ := forward(a.Model, ids, forwards[float64])
		x, _ := forward(noisy, ids, forwards[float64])
		for p := 1; p < len(x); p++ {
			for d, y := range x[p] {
				col, want := a.Plan.Columns[d], ideal[p][d]
				if col.Hinge {
					y, want = min(y, 1), min(want, 1)
				}
				require.InDelta(t, want, y, most[d], "dim %d (%s) at %d", d, col.Label.What, p)
			}
		}
	}
}

// TestNoiseStood draws noise: a model is right with as much as it stands; with ten times as much
// most are wrong in some of a few draws, and with a hundred times as much all, but of absolute
// noise: scores of counts are bounded as if all their dimensions were as large as they can be.
func TestNoiseStood(t *testing.T) {
	atTen, atHundred := 0, 0
	for _, name := range quiet {
		t.Run(name, func(t *testing.T) {
			x := robustTrial(t, factstest.Program(t, name), 8, 60, Options{Robust: true})
			n := x.model.Certificate.Noise
			for _, s := range []model.Stands{n.Relative, n.Absolute} {
				assert.Positive(t, s.Worst)
				assert.LessOrEqual(t, s.Worst, s.Likely)
			}
			assert.Zero(t, x.wrongDraws(t, factstest.Often(100), relative(n.Relative.Likely)))
			assert.Zero(t, x.wrongDraws(t, factstest.Often(100), absolute(n.Absolute.Likely)))
			assert.Positive(t, x.wrongDraws(t, 20, relative(100*n.Relative.Likely)))
			if x.wrongDraws(t, 20, absolute(100*n.Absolute.Likely)) > 0 {
				atHundred++
			}
			if x.wrongDraws(t, 20, relative(10*n.Relative.Likely)) > 0 {
				atTen++
			}
		})
	}
	assert.GreaterOrEqual(t, atTen, len(quiet)/2)
	assert.GreaterOrEqual(t, atHundred, len(quiet)-1)
}

// TestPrecisions runs models in the arithmetics that their certificates name.
func TestPrecisions(t *testing.T) {
	named := map[string]int{}
	for _, name := range quiet {
		for _, length := range []int{4, 8, 12} {
			t.Run(fmt.Sprintf("%s %d", name, length), func(t *testing.T) {
				x := robustTrial(t, factstest.Program(t, name), length, 60, Options{Robust: true})
				for _, in := range x.model.Certificate.Precisions {
					a, ok := map[string]arithmetic{construct.TF32.Name: inTF32, construct.BFloat16.Name: inBfloat16, construct.Float16.Name: inFloat16, construct.Float64.Name: inDouble}[in]
					if !ok {
						continue // float32, as always
					}
					named[in]++
					e := emulate(x.model, a)
					for k, ids := range x.inputs {
						require.Equal(t, x.want[k], e.answers(ids), "%s, %v", in, ids)
					}
				}
			})
		}
	}
	for _, in := range []construct.Precision{construct.TF32, construct.BFloat16, construct.Float16} {
		assert.GreaterOrEqual(t, named[in.Name], 3, in.Name)
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
				arithmetic
			}{{construct.TF32, inTF32}, {construct.BFloat16, inBfloat16}, {construct.Float16, inFloat16}} {
				if !a.Holds(in.Precision) {
					continue // what a column is off beyond a margin is not bounded
				}
				e, exact, most := emulate(a.Model, in.arithmetic), emulate(a.Model, inDouble), a.ErrorsIn(in.Precision)
				for _, ids := range hardInputs(len(a.Model.Vocab), a.Model.NCtx-1, 24, rand.New(rand.NewPCG(5, 6))) {
					x, ideal := e.residual(ids), exact.residual(ids)
					for p := 1; p < len(x); p++ {
						for d, y := range x[p] {
							col, want := a.Plan.Columns[d], ideal[p][d]
							if col.Hinge {
								y, want = min(y, 1), min(want, 1)
							}
							require.InDelta(t, want, y, most[d], "%s: dim %d (%s) at %d", in.Name, d, col.Label.What, p)
						}
					}
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
			inputs := hardInputs(len(a.Model.Vocab), a.Model.NCtx-1, 16, rand.New(rand.NewPCG(5, 6)))
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
