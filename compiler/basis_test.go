package compiler

import (
	"fmt"
	"math/rand/v2"
	"rasp/lang/domain"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// planText writes a plan with all of its forms.
func planText(p *plan) string {
	var b strings.Builder
	for _, c := range p.columns {
		fmt.Fprintf(&b, "d%d at %d: %s\n", c.dim, c.when, c.label.What)
	}
	heads, neurons := p.byLayer()
	for l := range heads {
		for _, h := range heads[l] {
			fmt.Fprintf(&b, "%s\n", h.label.What)
			for _, d := range h.dims {
				fmt.Fprintf(&b, "  (%s) (%s)\n", formText(d.query), formText(d.key))
			}
			for _, v := range h.values {
				fmt.Fprintf(&b, "  %s -> d%d\n", formText(v.value), v.out.dim)
			}
		}
		for _, n := range neurons[l] {
			fmt.Fprintf(&b, "relu(%s) -> %s\n", formText(n.in), formText(form{Terms: n.outs}))
		}
	}
	for _, o := range p.outputs {
		for _, f := range o.logits {
			fmt.Fprintf(&b, "%s: %s\n", o.name, formText(f))
		}
	}
	return b.String()
}

// firstPlan is the first plan of a program that it is tried with, before its basis.
func firstPlan(t *testing.T, text string) (*compilation, *plan) {
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
  1.073741824e+09 -> d5
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
  1.073741824e+09 -> d4
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
		assert.Equal(t, strings.TrimPrefix(test.after, "\n"), planText(onBasis(p)))
	}
}

// TestNoBasis: nothing is left out where all columns are independent, or where a
// prediction is read off them.
func TestNoBasis(t *testing.T) {
	_, p := firstPlan(t, "#rasp:vocab \"abc\"\n#rasp:length 4\nx = selector_width(select(tokens, tokens, ==));")
	assert.Equal(t, planText(p), planText(onBasis(p)))
	c := through(t, "choose", "#rasp:vocab \"abc\"\n#rasp:length 4\n#rasp:causal\nx = {\"a\": indicator(tokens == \"a\"), \"b\": indicator(tokens == \"b\"), \"c\": indicator(tokens == \"c\")};")
	assert.Len(t, c.best.plan.columns, 4, "is BOS, and one for each token")
	assert.Len(t, onBasis(c.best.plan).columns, 4)
}

// TestBasisChangesNoForm: what is read off the embedding has the value that it had,
// for each token at each position.
func TestBasisChangesNoForm(t *testing.T) {
	changed := 0
	for name, text := range emittable(t) {
		c, p := firstPlan(t, text)
		b := onBasis(p)
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
					require.Equal(t, embeddedValue(f, token, position), embeddedValue(g, token, position), "%s, %s at %d, %d", name, i, token, position)
				}
			}
			require.Equal(t, atBOS(f), atBOS(g), name)
		}
	}
	assert.Greater(t, changed, 100)
}

// formsOf are the forms of a plan, by what reads them: heads and neurons are in one
// order in the plans before and after.
func formsOf(p *plan) map[string]form {
	forms := map[string]form{}
	heads, neurons := p.byLayer()
	for l := range heads {
		for i, h := range heads[l] {
			for _, v := range h.values {
				forms[fmt.Sprintf("value %d %d %p", l, i, v.out)] = v.value
			}
		}
		for i, n := range neurons[l] {
			forms[fmt.Sprint("neuron ", l, i)] = n.in
		}
	}
	for i, o := range p.outputs {
		for j, f := range o.logits {
			forms[fmt.Sprint("logit ", i, j)] = f
		}
	}
	return forms
}

// embeddedValue is what a form reads off the embedding, for a token at a position.
func embeddedValue(f form, token, position int) float64 {
	x := f.Constant
	for _, t := range f.Terms {
		if len(t.Of.tokens) > 0 {
			x += t.Factor * t.Of.tokens[token]
		}
		if len(t.Of.positions) > 0 {
			x += t.Factor * t.Of.positions[position]
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
		before, _ := p.byLayer()
		after, _ := onBasis(p).byLayer()
		for l := range before {
			for i, h := range before[l] {
				dimensions += len(h.dims) - len(after[l][i].dims)
				for query := range len(c.domain.Vocab) * c.domain.Length {
					for key := range len(c.domain.Vocab) * c.domain.Length {
						require.Equal(t, scoreOf(h, c.domain, query, key), scoreOf(after[l][i], c.domain, query, key), "%s: %s of %d, %d", name, h.label.What, query, key)
					}
				}
			}
		}
	}
	assert.Greater(t, dimensions, 10)
}

// scoreOf a head for a query and a key, each a token and a position.
func scoreOf(h *head, d domain.Domain, query, key int) (x float64) {
	for _, dim := range h.dims {
		x += embeddedValue(dim.query, query/d.Length, query%d.Length) * embeddedValue(dim.key, key/d.Length, key%d.Length)
	}
	return x
}

// TestBasisChangesNoNumber: the models before and after have the same in each column
// that both have, and the same logits.
func TestBasisChangesNoNumber(t *testing.T) {
	for name, text := range emittable(t) {
		c, p := firstPlan(t, text)
		model, dims := emit(p, c.domain), map[*column]int{}
		for _, col := range p.columns {
			dims[col] = col.dim
		}
		b := onBasis(p)
		smaller := emit(b, c.domain)
		c.worlds(rand.New(rand.NewPCG(1, 12)), 4, func(w *world) {
			x, before := forward(model, c.ids(w.input), pairwise[float64])
			y, after := forward(smaller, c.ids(w.input), pairwise[float64])
			for p := range x {
				for _, col := range b.columns {
					require.InDelta(t, x[p][dims[col]], y[p][col.dim], 1e-9, "%s: %s at %d", name, col.label.What, p)
				}
				require.InDeltaSlice(t, before[p], after[p], 1e-9, "%s at %d", name, p)
			}
		})
	}
}
