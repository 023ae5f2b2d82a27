package compiler

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/lang/diag"
)

// TestCheckCatchesMistakes: mistakes of the compiler about numbers that a
// certificate takes for granted, the ideal ones, do not leave it as models.
func TestCheckCatchesMistakes(t *testing.T) {
	for name, damage := range map[string]func(*plan){
		"thresholds elsewhere": func(p *plan) {
			for _, n := range p.neurons {
				n.in = n.in.Plus(constantForm(1.5))
			}
		},
		"scores too close": func(p *plan) {
			for _, h := range p.heads {
				for i := range h.dims {
					h.dims[i].query = h.dims[i].query.Times(1.0 / 1024)
				}
			}
		},
		"logits in another order": func(p *plan) {
			f := p.outputs[0].logits
			f[0], f[1], f[2] = f[2], f[0], f[1]
		},
		"steps that do nothing": func(p *plan) {
			for _, n := range p.neurons {
				n.outs = nil
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := through(t, "choose", "#rasp:vocab \"abc\"\n#rasp:length 20\n\nx = selector_width(select(tokens, tokens, ==));")
			require.NoError(t, c.verify())
			damage(c.best.plan)
			c.best.model = emit(c.best.plan, c.domain)
			var d *diag.Diagnostic
			require.ErrorAs(t, c.verify(), &d)
			assert.Contains(t, d.Message, "the model of x came out wrong on the input [")
			assert.Contains(t, d.Message, "a fault of the compiler")
			assert.Equal(t, 4, d.Span.Line())
		})
	}
}

// TestCheckOfSmallModels tries many inputs: no model that lacks a neuron and is
// wrong, if on few inputs, comes through.
func TestCheckOfSmallModels(t *testing.T) {
	c := through(t, "choose", "#rasp:vocab \"ab\"\n#rasp:length 8\nx = [5, 0, 1, 4, 2, 0, 3, 1, 2][selector_width(select(tokens, tokens, ==))];")
	require.Equal(t, mostInputs, c.inputsToCheck())
	caught := 0
	for _, n := range c.best.plan.neurons {
		before := n.outs
		n.outs = nil
		c.best.model = emit(c.best.plan, c.domain)
		if c.verify() == nil {
			assert.False(t, c.isWrong(t, c.best.model, 1000), n.label.What)
		} else {
			caught++
		}
		n.outs = before
	}
	assert.Greater(t, caught, 5)

	c = through(t, "choose", "#rasp:vocab \"ab\"\n#rasp:length 200\nx = sort(tokens, tokens);")
	assert.Equal(t, checkedInputs, c.inputsToCheck(), "a large one takes long for each")
}

// TestCheckLeavesOutWhatFails: a model owes nothing where the program fails.
func TestCheckLeavesOutWhatFails(t *testing.T) {
	c := compilationOf(t, "#rasp:vocab 0..2\n#rasp:length 5\nx = 6 / tokens_int;")
	c.options.Partial = true
	_, err := c.run()
	require.NoError(t, err)
	require.NoError(t, c.verify())
}
