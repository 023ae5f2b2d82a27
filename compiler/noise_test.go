package compiler

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/compiler/certify"
	"rasp/compiler/certify/noise"
	"rasp/compiler/construct"
	"rasp/compiler/demand"
	"rasp/compiler/emit"
	"rasp/compiler/facts/factstest"
	"rasp/compiler/verify"
	"rasp/lang/domain"
	"rasp/runtime/inspect"
	"rasp/runtime/model"
)

// sharing plans a ready program with heads that count by shares, and no offsets, beside which
// noise of any size would be large.
func sharing(t *testing.T, name string) (*compilation, noise.Analysis) {
	c := throughAt(t, 0, "failing", factstest.Programs(t)[name])
	p, err := c.lowerBy(demand.Policy{Packed: true, Share: float64(c.domain.Length), FewOneHot: true, Centred: true})
	require.NoError(t, err)
	for _, col := range p.Columns {
		col.Offset, col.Grid = 0, 0
	}
	p.Order()
	m := emit.Model(p, c.domain)
	checked := certify.Model(p, m, construct.Float32, c.domain.Length)
	require.True(t, checked.Exact(), name)
	m.Certificate = checked.Certificate(false)
	return c, noise.Analysis{Plan: p, Model: m, Certified: checked, Length: c.domain.Length}
}

// noisy is a model with noise: every weight is w (1 + relative z) + absolute rms z'.
func noisy(m *model.Model, r *rand.Rand, relative, absolute float64, draw func() float64) *model.Model {
	n := *m
	n.Blocks = slices.Clone(m.Blocks)
	for _, t := range n.Tensors() {
		w, squares := t.Floats(), 0.0
		for _, x := range w {
			squares += float64(x) * float64(x)
		}
		rms := math.Sqrt(squares / float64(max(1, len(w))))
		for i, x := range w {
			w[i] = float32(float64(float64(x)*(1+float64(relative*draw()))) + float64(absolute*rms*draw()))
		}
		t.Set(w)
	}
	return &n
}

// hardInputs are long ones: of one token, of two in some proportion, and random ones.
func hardInputs(d domain.Domain, r *rand.Rand) [][]int {
	var batch [][]int
	for a := range d.Vocab {
		for b := range d.Vocab {
			x, from := make([]int, d.Length), r.IntN(d.Length+1)
			for i := range x {
				if x[i] = a; i >= from {
					x[i] = b
				}
			}
			batch = append(batch, x)
		}
	}
	tried := domain.Inputs{Domain: d, Random: 40, Seed: 3}
	for k := range tried.Len() {
		batch = append(batch, tried.IDs(k, nil))
	}
	return batch
}

// wrongDraws counts the draws of noise with which a model is wrong on some input.
func (c *compilation) wrongDraws(t *testing.T, m *model.Model, relative, absolute float64, draws int) int {
	t.Helper()
	r := rand.New(rand.NewPCG(5, 6))
	batch, wrong := hardInputs(c.domain, r), 0
	for range draws {
		n := noisy(m, r, relative, absolute, r.NormFloat64)
		comparer, err := verify.NewComparer(n, c.outputs, onCPU(n))
		require.NoError(t, err)
		bad := false
		require.NoError(t, comparer.Compare(batch, func(_ int, pairs []verify.Pair, fault error) error {
			bad = bad || fault == nil && verify.Wrong(pairs) >= 0
			return nil
		}))
		if bad {
			wrong++
		}
	}
	return wrong
}

// quiet are programs of which the models stand noise, all kinds of heads and neurons among
// them.
var quiet = []string{"histogram", "majority", "dyck1", "sort", "reverse"}

// TestNoiseBounds: no column is farther from where it was than the bound says, with noise as
// large as the model stands: normal, or of the largest size and any sign.
func TestNoiseBounds(t *testing.T) {
	for _, name := range quiet {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, a := sharing(t, name)
			stands := a.Certificate()
			r := rand.New(rand.NewPCG(5, 6))
			sign := func() float64 { return float64(8*r.IntN(2) - 4) }
			checkNoise(t, c, a, r, stands.Relative.Likely, 0, true, r.NormFloat64)
			checkNoise(t, c, a, r, 0, stands.Absolute.Likely, true, r.NormFloat64)
			checkNoise(t, c, a, r, stands.Relative.Worst, 0, false, sign)
			checkNoise(t, c, a, r, 0, stands.Absolute.Worst, false, sign)
		})
	}
}

func checkNoise(t *testing.T, c *compilation, a noise.Analysis, r *rand.Rand, relative, absolute float64, likely bool, draw func() float64) {
	most := a.Errors(relative, absolute, likely)
	for range factstest.Often(4) {
		n := noisy(a.Model, r, relative, absolute, draw)
		for _, ids := range hardInputs(c.domain, r)[:20] {
			ideal, _ := forward(a.Model, ids, forwards[float64])
			x, _ := forward(n, ids, forwards[float64])
			for p := 1; p < len(x); p++ {
				for d, y := range x[p] {
					require.InDelta(t, ideal[p][d], y, most[d], "dim %d (%s) at %d, noise %g, %g", d, a.Plan.Columns[d].Label.What, p, relative, absolute)
				}
			}
		}
	}
}

// TestNoiseStood draws noise: the model is right with as much as it stands, and wrong with a
// hundred times as much.
func TestNoiseStood(t *testing.T) {
	for _, name := range quiet {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, a := sharing(t, name)
			stands := a.Certificate()
			for _, s := range []model.Stands{stands.Relative, stands.Absolute} {
				assert.Positive(t, s.Worst)
				assert.Less(t, s.Worst, s.Likely)
			}
			assert.Zero(t, c.wrongDraws(t, a.Model, stands.Relative.Likely, 0, factstest.Often(100)))
			assert.Zero(t, c.wrongDraws(t, a.Model, 0, stands.Absolute.Likely, factstest.Often(100)))
			assert.Positive(t, c.wrongDraws(t, a.Model, 100*stands.Relative.Likely, 0, 10))
			assert.Positive(t, c.wrongDraws(t, a.Model, 0, 100*stands.Absolute.Likely, 10))
		})
	}
}

// TestBudgets: a column may be off by what the certificate says, if nothing else is. Some
// column, off by ten times that, is read wrongly.
func TestBudgets(t *testing.T) {
	for _, name := range quiet {
		t.Run(name, func(t *testing.T) {
			c, a := sharing(t, name)
			inputs := hardInputs(c.domain, rand.New(rand.NewPCG(5, 6)))[:40]
			beyond := 0
			for dim, b := range a.Budgets() {
				if b.Reader == "" || b.Budget > 1e6 {
					continue
				}
				col := a.Plan.Columns[dim]
				for _, factor := range []float64{0.9, -0.9} {
					require.Zero(t, c.readWrongly(a.Model, inputs, col.When, dim, factor*b.Budget), "dim %d (%s) off by %g: %s", dim, col.Label.What, factor*b.Budget, b.Reader)
				}
				beyond += c.readWrongly(a.Model, inputs, col.When, dim, 10*b.Budget)
			}
			require.Positive(t, beyond)
		})
	}
}

// readWrongly counts the inputs on which a model answers otherwise where a column is off, from
// when it is written.
func (c *compilation) readWrongly(m *model.Model, inputs [][]int, when, dim int, off float64) int {
	shift := inspect.Hooks{Residual: func(stage int, x [][]float32) {
		if stage == when {
			for p := 1; p < len(x); p++ {
				x[p][dim] += float32(off)
			}
		}
	}}
	wrong := 0
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
