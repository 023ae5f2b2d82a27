package compiler

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/compiler/construct"
	"rasp/lang/diag"
	"rasp/lang/value"
)

// ids are the token numbers of an input.
func (c *compilation) ids(input []value.Value) []int {
	ids := make([]int, len(input))
	for i, v := range input {
		for id, token := range c.domain.Vocab {
			if v == token {
				ids[i] = id
			}
		}
	}
	return ids
}

// TestBoundsBound runs models in float32, adding in several orders, beside the
// same model in float64. No column of the residual stream and no logit differs
// by more than its bound.
func TestBoundsBound(t *testing.T) {
	for name, text := range programs(t) {
		if name == "addition" || name == "dyck3" || name == "sort_by_frequency" {
			continue // large, and of the same parts as others
		}
		t.Run(name, func(t *testing.T) {
			c := through(t, "choose", text)
			r := rand.New(rand.NewPCG(1, 7))
			c.worlds(r, 8, func(w *world) {
				ids := c.ids(w.input)
				ideal, logits := forward(c.best.model, ids, pairwise[float64])
				for _, sum := range []func([]float32) float32{forwards[float32], backwards[float32], pairwise[float32]} {
					x, y := forward(c.best.model, ids, sum)
					checkColumns(t, c, x, ideal)
					checkLogits(t, c, y, logits)
				}
			})
		})
	}
}

// rounding is what float64 may be off.
const rounding = 1e-9

func checkColumns(t *testing.T, c *compilation, x [][]float32, ideal [][]float64) {
	t.Helper()
	for _, col := range c.best.plan.columns {
		for p := 1; p < len(x); p++ { // BOS has a test of its own
			got, want := float64(x[p][col.dim])-col.offset, ideal[p][col.dim]-col.offset
			b := c.best.checked.bounds[col.dim]
			require.InDelta(t, want, got, b.err+rounding, "dim %d (%s) at %d", col.dim, col.label.What, p)
			require.GreaterOrEqual(t, got, b.lo-b.err-rounding, "dim %d (%s) at %d", col.dim, col.label.What, p)
			require.LessOrEqual(t, got, b.hi+b.err+rounding, "dim %d (%s) at %d", col.dim, col.label.What, p)
			if b.grid > 0 && !math.IsInf(b.grid, 1) {
				require.Equal(t, math.Trunc(got/b.grid), got/b.grid, "dim %d (%s) at %d: %g is no multiple of %g", col.dim, col.label.What, p, got, b.grid)
			}
		}
	}
}

func checkLogits(t *testing.T, c *compilation, y [][]float32, ideal [][]float64) {
	t.Helper()
	first := 0
	for _, o := range c.best.plan.outputs {
		for p := 1; p < len(y); p++ {
			exact, got := ideal[p][first:first+len(o.logits)], y[p][first:first+len(o.logits)]
			for k, want := range exact {
				if o.next && want < slices.Max(exact)-construct.Border { // cannot come next: how far below is all the same
					require.Less(t, got[k], slices.Max(got)-construct.Border, "logit %d of %s at %d", k, o.name, p)
					continue
				}
				require.InDelta(t, want, float64(got[k]), c.best.checked.logits[first+k]+rounding, "logit %d of %s at %d", k, o.name, p)
			}
		}
		first += len(o.logits)
	}
}

// TestCertificateIsNotVacuous damages plans so that float32 cannot carry them.
// No damaged plan gets a certificate, and where the test says so the model is
// really wrong on some input.
func TestCertificateIsNotVacuous(t *testing.T) {
	const counting = "#rasp:vocab \"abc\"\n#rasp:length 20\nx = selector_width(select(tokens, tokens, ==));"
	const deciding = "#rasp:vocab 0..2\n#rasp:length 20\nm = aggregate(select(tokens, tokens, <=), tokens_int);\nx = m + indicator(m > 0.4);"
	const fetching = "#rasp:vocab \"abc\"\n#rasp:length 20\nx = aggregate(select(indices, indices - 1, ==), tokens, \"-\");"
	const asking = "#rasp:vocab \"abc\"\n#rasp:length 20\nx = indicator(has_focus(select(tokens, tokens, <))) + indices;"
	for _, test := range []struct {
		name, program string
		wrong         bool // the model is wrong on an input that is tried
		damage        func(*plan)
	}{
		{"steps too steep", deciding, true, func(p *plan) {
			for _, n := range p.neurons {
				n.in = n.in.Times(64)
			}
		}},
		{"a tally of values that are too large", counting, true, func(p *plan) {
			for _, h := range p.heads {
				h.values[0].value = h.values[0].value.Times(1 << 18)
			}
		}},
		{"a tally of fractions", counting, true, func(p *plan) {
			for _, h := range p.heads {
				h.values[0].value = h.values[0].value.Times(0.4)
			}
		}},
		{"a tally beside a BOS that weighs too little", counting, true, func(p *plan) {
			for _, h := range p.heads {
				h.weight /= 1 << 12
				h.values[0].value = h.values[0].value.Times(1.0 / (1 << 12))
				h.sink = math.Log(h.weight)
			}
		}},
		{"an offset that rounds too much", deciding, true, func(p *plan) {
			for _, c := range p.columns {
				c.offset *= 1 << 8
			}
		}},
		{"no margin", deciding, false, func(p *plan) {
			for _, n := range p.neurons {
				n.margin *= 1.0 / 1024
			}
		}},
		{"scores beyond the precision of float32", fetching, true, func(p *plan) {
			for _, h := range p.heads {
				for i := range h.dims {
					h.dims[i].query = h.dims[i].query.Times(1e6 / 3.0)
					h.dims[i].key = h.dims[i].key.Times(1 / 0.7)
				}
				h.base *= 1e6 / 2.1
			}
		}},
		{"an indicator without rounding", asking, false, func(p *plan) {
			for _, c := range p.columns {
				if c.grid > 0 {
					c.grid, c.offset = 1e-9, 0
				}
			}
		}},
		{"logits of different size", fetching, false, func(p *plan) {
			for _, o := range p.outputs {
				for i, f := range o.logits {
					o.logits[i] = f.Times(1e8 / 3.0)
				}
			}
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := through(t, "choose", test.program)
			require.True(t, c.certified().exact())
			require.False(t, c.isWrong(t, emit(c.best.plan, c.domain), 50), "before the damage")
			test.damage(c.best.plan)
			checked := c.certified()
			assert.False(t, checked.exact(), "slack %g", checked.slack)
			if test.wrong {
				assert.True(t, c.isWrong(t, emit(c.best.plan, c.domain), 50), "a model that is not right after all")
			}
		})
	}
}

// certified bounds the errors of the plan as it stands.
func (c *compilation) certified() *certifier {
	return certify(c.best.plan, emit(c.best.plan, c.domain), c.domain.Length)
}

// TestLongerInputsNeedMore: the slack falls with the length until float32
// cannot tell neighbouring widths apart.
func TestLongerInputsNeedMore(t *testing.T) {
	last := math.Inf(1)
	for _, length := range []int{5, 20, 100} {
		c := through(t, "choose", "#rasp:vocab \"ab\"\n#rasp:length 5\nx = selector_width(select(tokens, tokens, ==));")
		c.domain.Length = length
		require.NoError(t, c.runPasses("facts", "failing"))
		p, err := c.lowerBy(policies(1)[0])
		require.NoError(t, err)
		m := emit(p, c.domain)
		checked := certify(p, m, length)
		assert.True(t, checked.exact())
		assert.Less(t, checked.slack, last)
		last = checked.slack

		assert.False(t, certify(p, m, 1<<22).exact(), "softmax over four million keys")
	}
}

// TestLongerInputsChangeTheConstruction: beyond a length the steps of a parabola's
// codes are too large for float32, and keys and queries are compared bit by bit.
func TestLongerInputsChangeTheConstruction(t *testing.T) {
	for length, parabola := range map[int]bool{12: true, 24: false} {
		c := through(t, "failing", fmt.Sprintf(`#rasp:vocab "ab+"
#rasp:length %d
plus = aggregate(select(tokens, "+", ==), indices);
x = aggregate(select(indices + length - plus, indices, ==), tokens, "-");`, length))
		p, err := c.lowerBy(policies(1)[0])
		require.NoError(t, err)
		require.True(t, policies(1)[0].parabola)
		assert.Equal(t, parabola, certify(p, emit(p, c.domain), length).exact(), "length %d", length)
		require.NoError(t, c.search())
		assert.True(t, c.best.checked.exact())
		assert.Equal(t, parabola, c.best.plan.shape(c.domain) == p.shape(c.domain), "length %d", length)
		assert.Equal(t, 2, c.best.plan.layers())
		assert.False(t, c.isWrong(t, c.best.model, 50))
	}
}

// TestRefusal: two means of up to 200 numbers can be so close that float32
// cannot tell them apart.
func TestRefusal(t *testing.T) {
	text := "#rasp:vocab \"abc\"\n#rasp:length 200\nm = aggregate(select(tokens, tokens, <=), indicator(tokens == \"a\"));\nx = (m * 1000003) % 2 < 1;"
	c := compilationOf(t, text)
	_, err := c.run()
	var d *diag.Diagnostic
	require.ErrorAs(t, err, &d)
	assert.Equal(t, diag.Limit, d.Kind)
	assert.Contains(t, d.Message, "float32 cannot separate the values at length 200")
	assert.Equal(t, 4, d.Span.Line())
	assert.Contains(t, d.Hint, "shorter")
}

func TestPowerOfTwo(t *testing.T) {
	for x, want := range map[float64]float64{1: 1, -1: 1, 6: 2, 0.75: 0.25, 96: 32, -0.1875: 0.0625, 0x1p-40: 0x1p-40, 1 << 60: 1 << 60} {
		assert.Equal(t, want, powerOfTwo(x), "%g", x)
	}
	assert.True(t, math.IsInf(powerOfTwo(0), 1))
	assert.Less(t, powerOfTwo(0.1), 0x1p-50, "a tenth is a multiple of very little")
}

// TestDotIsExactOnAGrid takes a sum to the edge of 2^24 grids and one past it,
// and compares with float32.
func TestDotIsExactOnAGrid(t *testing.T) {
	const grid = 0x1p-4
	bounds := func(terms int) bound {
		s := newDot(0, 0)
		for range terms {
			s.add(1, 1, bound{0, 1 << 16, grid, 0}, 0) // 2^20 grids each
		}
		return s.bound()
	}
	assert.Equal(t, bound{0, 16 << 16, grid, 0}, bounds(16))
	past := bounds(17)
	assert.Zero(t, past.grid)
	assert.Positive(t, past.err)
	sum := float32(1 << 20)
	assert.NotEqual(t, sum, sum-grid, "the edge can be told from its neighbour")
	assert.Equal(t, sum, sum+grid, "one past it cannot")
	assert.GreaterOrEqual(t, past.err, grid)
}

// TestDotOfWeightsThatFloat32CannotHold: the rounding of the weight counts.
func TestDotOfWeightsThatFloat32CannotHold(t *testing.T) {
	s := newDot(0, 0)
	s.add(float64(float32(1.0/3)), 1.0/3, bound{0, 3000, 1, 0}, 0)
	b := s.bound()
	assert.GreaterOrEqual(t, b.err, math.Abs(float64(float32(1.0/3))*3000-1000))
	assert.Less(t, b.err, 0.01)
	s = newDot(0, 0)
	s.add(0.25, 0.25, bound{0, 3000, 1, 0.5}, 0)
	assert.Equal(t, bound{0, 750, 0.25, 0.125}, s.bound(), "errors pass through, scaled")
}
