package compiler

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/compiler/certify"
	"rasp/compiler/construct"
	"rasp/compiler/demand"
	"rasp/compiler/emit"
	"rasp/compiler/facts/factstest"
	"rasp/compiler/plain"
	"rasp/compiler/plan"
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
// by more than its bounds in both.
func TestBoundsBound(t *testing.T) {
	for name, text := range factstest.Programs(t) {
		if name == "addition" || name == "dyck3" || name == "sort_by_frequency" {
			continue // large, and of the same parts as others
		}
		t.Run(name, func(t *testing.T) { checkBounds(t, through(t, "choose", text)) })
	}
	for _, name := range []string{"double_histogram", "dyck2", "run_lengths", "sort"} { // heads that count by shares
		t.Run(name+" at level 0", func(t *testing.T) { checkBounds(t, throughAt(t, 0, "choose", factstest.Program(t, name))) })
	}
}

func checkBounds(t *testing.T, c *compilation) {
	wide := certify.Model(c.best.plan, c.best.model, construct.Float64, c.domain.Length)
	r := rand.New(rand.NewPCG(1, 7))
	c.worlds(r, 8, func(w *factstest.World) {
		ids := c.ids(w.Input)
		ideal, logits := plain.Forward(c.best.model, ids, plain.Pairwise[float64])
		for _, sum := range []func([]float32) float32{plain.Forwards[float32], plain.Backwards[float32], plain.Pairwise[float32]} {
			x, y := plain.Forward(c.best.model, ids, sum)
			checkColumns(t, c, c.best.checked, wide, x, ideal)
			checkLogits(t, c, c.best.checked, wide, y, logits)
		}
	})
}

// rounding is what float64 may be off, by its own bound, which goes through exp and may
// say anything where a score reads a count.
func rounding(err float64) float64 { return min(err, 1e-3) + 1e-12 }

func checkColumns(t *testing.T, c *compilation, checked, wide *certify.Outcome, x [][]float32, ideal [][]float64) {
	t.Helper()
	for _, col := range c.best.plan.Columns {
		for p := 1; p < len(x); p++ { // BOS has a test of its own
			got, want := float64(x[p][col.Dim])-col.Offset, ideal[p][col.Dim]-col.Offset
			b, rounding := checked.Bounds[col.Dim], rounding(wide.Bounds[col.Dim].Err)
			off := b.Err + rounding
			if !(math.Abs(want-got) <= off && got >= b.Lo-off && got <= b.Hi+off) {
				t.Fatalf("dim %d (%s) at %d: %g, not %g, and it may be off by %g, in [%g, %g]", col.Dim, col.Label.What, p, got, want, off, b.Lo, b.Hi)
			}
			if b.Grid > 0 && !math.IsInf(b.Grid, 1) && math.Trunc(got/b.Grid) != got/b.Grid {
				t.Fatalf("dim %d (%s) at %d: %g is no multiple of %g", col.Dim, col.Label.What, p, got, b.Grid)
			}
		}
	}
}

func checkLogits(t *testing.T, c *compilation, checked, wide *certify.Outcome, y [][]float32, ideal [][]float64) {
	t.Helper()
	first := 0
	for _, o := range c.best.plan.Outputs {
		for p := 1; p < len(y); p++ {
			exact, got := ideal[p][first:first+len(o.Logits)], y[p][first:first+len(o.Logits)]
			for k, want := range exact {
				if o.Next && want < slices.Max(exact)-construct.Border { // cannot come next: how far below is all the same
					require.Less(t, got[k], slices.Max(got)-construct.Border, "logit %d of %s at %d", k, o.Name, p)
					continue
				}
				off := checked.Logits[first+k] + rounding(wide.Logits[first+k])
				if !(math.Abs(want-float64(got[k])) <= off) {
					t.Fatalf("logit %d of %s at %d: %g, not %g, and it may be off by %g", k, o.Name, p, got[k], want, off)
				}
			}
		}
		first += len(o.Logits)
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
	shares := func(damage func(*plan.Head)) func(*plan.Plan) {
		return func(p *plan.Plan) {
			for _, h := range p.Heads {
				require.Equal(t, plan.Shares, h.Values[0].Kind)
				damage(h)
			}
		}
	}
	for _, test := range []damaged{
		{"steps too steep", deciding, true, func(p *plan.Plan) {
			for _, n := range p.Neurons {
				n.In = n.In.Times(64)
			}
		}},
		{"a tally of values that are too large", counting, true, func(p *plan.Plan) {
			for _, h := range p.Heads {
				h.Values[0].Value = h.Values[0].Value.Times(1 << 18)
			}
		}},
		{"a tally of fractions", counting, true, func(p *plan.Plan) {
			for _, h := range p.Heads {
				h.Values[0].Value = h.Values[0].Value.Times(0.4)
			}
		}},
		{"a tally beside a BOS that weighs too little", counting, true, func(p *plan.Plan) {
			for _, h := range p.Heads {
				h.Weight /= 1 << 30
				h.Values[0].Value = h.Values[0].Value.Times(1.0 / (1 << 30))
				h.Sink = math.Log(h.Weight)
			}
		}},
		{"an offset that rounds too much", deciding, true, func(p *plan.Plan) {
			for _, c := range p.Columns {
				c.Offset *= 1 << 8
			}
		}},
		{"no margin", deciding, false, func(p *plan.Plan) {
			for _, n := range p.Neurons {
				n.Margin *= 1.0 / 1024
			}
		}},
		{"scores beyond the precision of float32", fetching, true, func(p *plan.Plan) {
			for _, h := range p.Heads {
				for i := range h.Dims {
					h.Dims[i].Query = h.Dims[i].Query.Times(1e6 / 3.0)
					h.Dims[i].Key = h.Dims[i].Key.Times(1 / 0.7)
				}
				h.Base *= 1e6 / 2.1
			}
		}},
		{"an indicator without rounding", asking, false, func(p *plan.Plan) {
			for _, c := range p.Columns {
				if c.Grid > 0 {
					c.Grid, c.Offset = 1e-9, 0
				}
			}
		}},
		{"logits of different size", fetching, false, func(p *plan.Plan) {
			for _, o := range p.Outputs {
				for i, f := range o.Logits {
					o.Logits[i] = f.Times(1e8 / 3.0)
				}
			}
		}},
	} {
		t.Run(test.name, func(t *testing.T) { test.check(t, 1) })
	}
	for _, test := range []damaged{
		{"a share of what is not 1", counting, true, shares(func(h *plan.Head) { h.Values[0].Value = h.Values[0].Value.Times(1.5) })},
		{"a share with something at BOS", counting, true, shares(func(h *plan.Head) { h.Values[0].Bos = 0.25 })},
		{"a share beside a BOS that does not weigh what it should", counting, true, shares(func(h *plan.Head) { h.Sink = 0.25 })},
		{"shares of so many keys that they are alike", counting, false, func(p *plan.Plan) {
			for _, c := range p.Columns {
				c.Grid *= 1 << 8
				c.Offset *= 1 << 8
			}
		}},
	} {
		t.Run(test.name, func(t *testing.T) { test.check(t, 0) })
	}
}

// damaged is a plan that float32 cannot carry.
type damaged struct {
	name, program string
	wrong         bool // the model is wrong on an input that is tried
	damage        func(*plan.Plan)
}

func (test damaged) check(t *testing.T, level int) {
	c := throughAt(t, level, "choose", test.program)
	require.True(t, c.certified().Exact())
	require.False(t, c.isWrong(t, emit.Model(c.best.plan, c.domain), 50), "before the damage")
	test.damage(c.best.plan)
	checked := c.certified()
	assert.False(t, checked.Exact(), "slack %g", checked.Slack)
	if test.wrong {
		assert.True(t, c.isWrong(t, emit.Model(c.best.plan, c.domain), 50), "a model that is not right after all")
	}
}

// certified bounds the errors of the plan as it stands.
func (c *compilation) certified() *certify.Outcome {
	return certify.Model(c.best.plan, emit.Model(c.best.plan, c.domain), construct.Float32, c.domain.Length)
}

// TestSharesOfAnyWeight: heads count beside a BOS of any weight, 1 being the one that level 0
// has.
func TestSharesOfAnyWeight(t *testing.T) {
	for _, name := range []string{"histogram", "sort", "reverse", "double_histogram", "dyck2"} {
		for _, weight := range []float64{1, 4, 20} {
			c := through(t, "failing", factstest.Program(t, name))
			p, err := c.lowerBy(demand.Policy{Packed: true, Share: weight})
			require.NoError(t, err)
			require.True(t, slices.ContainsFunc(p.Heads, func(h *plan.Head) bool { return h.Weight == weight }), name)
			m := emit.Model(p, c.domain)
			checked := certify.Model(p, m, construct.Float32, c.domain.Length)
			assert.True(t, checked.Exact(), "%s beside %g: %s", name, weight, checked.Worst.What)
			m.Certificate = checked.Certificate(false)
			assert.False(t, c.isWrong(t, m, 100), "%s beside %g", name, weight)
		}
	}
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
		m := emit.Model(p, c.domain)
		checked := certify.Model(p, m, construct.Float32, length)
		assert.True(t, checked.Exact())
		assert.Less(t, checked.Slack, last)
		last = checked.Slack

		assert.False(t, certify.Model(p, m, construct.Float32, 1<<22).Exact(), "softmax over four million keys")
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
		require.True(t, policies(1)[0].Parabola)
		assert.Equal(t, parabola, certify.Model(p, emit.Model(p, c.domain), construct.Float32, length).Exact(), "length %d", length)
		require.NoError(t, c.search())
		assert.True(t, c.best.checked.Exact())
		assert.Equal(t, parabola, c.best.plan.Shape(c.domain) == p.Shape(c.domain), "length %d", length)
		assert.Equal(t, 2, c.best.plan.Layers())
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
