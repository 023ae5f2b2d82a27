package compiler

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/compiler/basis"
	"rasp/compiler/emit"
	"rasp/compiler/facts/factstest"
	"rasp/compiler/plain"
	"rasp/compiler/plan"
	"rasp/lang/domain"
)

// planText writes a plan with all of its forms.
func planText(p *plan.Plan) string {
	var b strings.Builder
	for _, c := range p.Columns {
		fmt.Fprintf(&b, "d%d at %d: %s\n", c.Dim, c.When, c.Label.What)
	}
	heads, neurons := p.ByLayer()
	for l := range heads {
		for _, h := range heads[l] {
			fmt.Fprintf(&b, "%s\n", h.Label.What)
			for _, d := range h.Dims {
				fmt.Fprintf(&b, "  (%s) (%s)\n", plan.FormText(d.Query), plan.FormText(d.Key))
			}
			for _, v := range h.Values {
				fmt.Fprintf(&b, "  %s -> d%d\n", plan.FormText(v.Value), v.Out.Dim)
			}
		}
		for _, n := range neurons[l] {
			fmt.Fprintf(&b, "relu(%s) -> %s\n", plan.FormText(n.In), plan.FormText(plan.Form{Terms: n.Outs}))
		}
	}
	for _, o := range p.Outputs {
		for _, f := range o.Logits {
			fmt.Fprintf(&b, "%s: %s\n", o.Name, plan.FormText(f))
		}
	}
	return b.String()
}

// firstPlan is the first plan of a program that it is tried with, before its basis.
func firstPlan(t *testing.T, text string) (*compilation, *plan.Plan) {
	t.Helper()
	c := through(t, "failing", text)
	p, err := c.lowerBy(policies(1)[0])
	require.NoError(t, err)
	return c, p
}

// TestBasis: a step is the sum of the positions behind it, and two codes that a head
// brings from one key are one.
func TestBasis(t *testing.T) {
	for _, test := range []struct{ program, before, after string }{
		{`#rasp:vocab "ab"
#rasp:length 3
x = selector_width(select(indices, indices, <=) and select(tokens, tokens, ==));`, `
d0 at 0: is BOS
d1 at 0: position is not 0
d2 at 0: position = 1
d3 at 0: position = 2
d4 at 0: token in "b"
d5 at 1: width of select(indices, indices, <=) and select(tokens, tokens, ==)
d6 at 2: width of select(indices, indices, <=) and select(tokens, tokens, ==)
d7 at 2: width of select(indices, indices, <=) and select(tokens, tokens, ==)
head of select(indices, indices, <=) and select(tokens, tokens, ==)
  (1*d1 + -1) (1*d2)
  (1*d3 + -1) (1*d3)
  (2*d4 + -1) (2*d4 + -1)
  4.364370444288e+12 -> d5
relu(-1*d5 + 1) -> -2*d6 + 1*d7
relu(-1*d5) -> 1*d6
relu(-1*d5 + 2) -> 1*d6 + -1*d7
relu(1*d5 + -2) -> 1*d6
relu(1*d5 + -3) -> -1*d6
x: -2*d6 + -2*d7
x: 2*d6 + -2*d7 + -2
x: -2*d6 + 2*d7 + 2
x: 2*d6 + 2*d7
`, `
d0 at 0: is BOS
d1 at 0: position = 1
d2 at 0: position = 2
d3 at 0: token in "b"
d4 at 1: width of select(indices, indices, <=) and select(tokens, tokens, ==)
d5 at 2: width of select(indices, indices, <=) and select(tokens, tokens, ==)
d6 at 2: width of select(indices, indices, <=) and select(tokens, tokens, ==)
head of select(indices, indices, <=) and select(tokens, tokens, ==)
  (1*d1 + 1*d2 + -1) (1*d1)
  (1*d2 + -1) (1*d2)
  (2*d3 + -1) (2*d3 + -1)
  4.364370444288e+12 -> d4
relu(-1*d4 + 1) -> -2*d5 + 1*d6
relu(-1*d4) -> 1*d5
relu(-1*d4 + 2) -> 1*d5 + -1*d6
relu(1*d4 + -2) -> 1*d5
relu(1*d4 + -3) -> -1*d5
x: -2*d5 + -2*d6
x: 2*d5 + -2*d6 + -2
x: -2*d5 + 2*d6 + 2
x: 2*d5 + 2*d6
`},
		{`#rasp:vocab "abc"
#rasp:length 4
x = aggregate(select(indices, 0, ==), tokens == "a" or indices == 2);`, `
d0 at 0: is BOS
d1 at 0: position is not 0
d2 at 0: token is not "a"
d3 at 0: position = 2
d4 at 2: tokens == "a" or indices == 2 in true
d5 at 3: x in true
d6 at 3: x in true
relu(1*d2 + -1*d3) -> -1*d4
head of select(indices, 0, ==)
  (-1) (1*d1)
  1*d4 + 1 -> d5
  1*d4 + 1 -> d6
x: -1*d5 + 1
x: 1*d6
`, `
d0 at 0: is BOS
d1 at 0: position is not 0
d2 at 0: token is not "a"
d3 at 0: position = 2
d4 at 2: tokens == "a" or indices == 2 in true
d5 at 3: x in true
relu(1*d2 + -1*d3) -> -1*d4
head of select(indices, 0, ==)
  (-1) (1*d1)
  1*d4 + 1 -> d5
x: -1*d5 + 1
x: 1*d5
`},
	} {
		_, p := firstPlan(t, test.program)
		assert.Equal(t, strings.TrimPrefix(test.before, "\n"), planText(p))
		assert.Equal(t, strings.TrimPrefix(test.after, "\n"), planText(basis.Of(p)))
	}
}

// TestNoBasis: nothing is left out where all columns are independent, or where a
// prediction is read off them.
func TestNoBasis(t *testing.T) {
	_, p := firstPlan(t, "#rasp:vocab \"abc\"\n#rasp:length 4\nx = selector_width(select(tokens, tokens, ==));")
	assert.Equal(t, planText(p), planText(basis.Of(p)))
	c := through(t, "choose", "#rasp:vocab \"abc\"\n#rasp:length 4\n#rasp:causal\nx = {\"a\": indicator(tokens == \"a\"), \"b\": indicator(tokens == \"b\"), \"c\": indicator(tokens == \"c\")};")
	assert.Len(t, c.best.plan.Columns, 4, "is BOS, and one for each token")
	assert.Len(t, basis.Of(c.best.plan).Columns, 4)
}

// TestBasisChangesNoForm: what is read off the embedding has the value that it had,
// for each token at each position.
func TestBasisChangesNoForm(t *testing.T) {
	changed := 0
	for name, text := range emittable(t) {
		c, p := firstPlan(t, text)
		b := basis.Of(p)
		before, after := formsOf(p), formsOf(b)
		require.NotEmpty(t, before, name)
		for i, f := range before {
			g, ok := after[i]
			if !ok { // what a head brings to a column that is left out
				continue
			}
			changed += len(g.Terms) - len(f.Terms)
			for token := range c.domain.Vocab {
				for position := range c.domain.Length {
					want, got := embeddedValue(f, token, position), embeddedValue(g, token, position)
					if want != got {
						t.Fatalf("%s, %s at %d, %d: %g, not %g", name, i, token, position, got, want)
					}
				}
			}
			require.Equal(t, plan.AtBOS(f), plan.AtBOS(g), name)
		}
	}
	assert.Greater(t, changed, factstest.Often(100))
}

// formsOf are the forms of a plan, by what reads them: heads and neurons are in one
// order in the plans before and after.
func formsOf(p *plan.Plan) map[string]plan.Form {
	forms := map[string]plan.Form{}
	heads, neurons := p.ByLayer()
	for l := range heads {
		for i, h := range heads[l] {
			for _, v := range h.Values {
				forms[fmt.Sprintf("value %d %d %p", l, i, v.Out)] = v.Value
			}
		}
		for i, n := range neurons[l] {
			forms[fmt.Sprint("neuron ", l, i)] = n.In
		}
	}
	for i, o := range p.Outputs {
		for j, f := range o.Logits {
			forms[fmt.Sprint("logit ", i, j)] = f
		}
	}
	return forms
}

// embeddedValue is what a form reads off the embedding, for a token at a position.
func embeddedValue(f plan.Form, token, position int) float64 {
	x := f.Constant
	for _, t := range f.Terms {
		for _, e := range t.Of.Tokens {
			if e.Row == token {
				x += t.Factor * e.Weight
			}
		}
		for _, e := range t.Of.Positions {
			if e.Row == position {
				x += t.Factor * e.Weight
			}
		}
	}
	return x
}

// TestBasisChangesNoScore: what of the score of a head is read off the embedding is the
// same for each token and position of the query and each of the key.
func TestBasisChangesNoScore(t *testing.T) {
	dimensions := 0
	for name, text := range emittable(t) {
		c, p := firstPlan(t, text)
		before, _ := p.ByLayer()
		after, _ := basis.Of(p).ByLayer()
		for l := range before {
			for i, h := range before[l] {
				dimensions += len(h.Dims) - len(after[l][i].Dims)
				for query := range len(c.domain.Vocab) * c.domain.Length {
					for key := range len(c.domain.Vocab) * c.domain.Length {
						want, got := scoreOf(h, c.domain, query, key), scoreOf(after[l][i], c.domain, query, key)
						if want != got {
							t.Fatalf("%s: %s of %d, %d: %g, not %g", name, h.Label.What, query, key, got, want)
						}
					}
				}
			}
		}
	}
	assert.Greater(t, dimensions, factstest.Often(10))
}

// scoreOf a head for a query and a key, each a token and a position.
func scoreOf(h *plan.Head, d domain.Domain, query, key int) (x float64) {
	for _, dim := range h.Dims {
		x += embeddedValue(dim.Query, query/d.Length, query%d.Length) * embeddedValue(dim.Key, key/d.Length, key%d.Length)
	}
	return x
}

// TestBasisChangesNoNumber: the models before and after have the same in each column
// that both have, and the same logits.
func TestBasisChangesNoNumber(t *testing.T) {
	for name, text := range emittable(t) {
		c, p := firstPlan(t, text)
		model, dims := emit.Model(p, c.domain), map[*plan.Column]int{}
		for _, col := range p.Columns {
			dims[col] = col.Dim
		}
		b := basis.Of(p)
		smaller := emit.Model(b, c.domain)
		c.worlds(rand.New(rand.NewPCG(1, 12)), 4, func(w *factstest.World) {
			x, before := plain.Forward(model, c.ids(w.Input), plain.Pairwise[float64])
			y, after := plain.Forward(smaller, c.ids(w.Input), plain.Pairwise[float64])
			for p := range x {
				for _, col := range b.Columns {
					require.InDelta(t, x[p][dims[col]], y[p][col.Dim], 1e-6, "%s: %s at %d", name, col.Label.What, p)
				}
				require.InDeltaSlice(t, before[p], after[p], 1e-6, "%s at %d", name, p)
			}
		})
	}
}
