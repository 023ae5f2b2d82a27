package compiler

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/compiler/emit"
	"rasp/compiler/plan"
	"rasp/lang/diag"
)

// TestCheckCatchesMistakes: mistakes of the compiler about numbers that a
// certificate takes for granted, the ideal ones, do not leave it as models.
func TestCheckCatchesMistakes(t *testing.T) {
	for name, damage := range map[string]func(*plan.Plan){
		"thresholds elsewhere": func(p *plan.Plan) {
			for _, n := range p.Neurons {
				n.In = n.In.Plus(plan.Constant(1.5))
			}
		},
		"scores too close": func(p *plan.Plan) {
			for _, h := range p.Heads {
				for i := range h.Dims {
					h.Dims[i].Query = h.Dims[i].Query.Times(1.0 / 1024)
				}
			}
		},
		"logits in another order": func(p *plan.Plan) {
			f := p.Outputs[0].Logits
			f[0], f[1], f[2] = f[2], f[0], f[1]
		},
		"steps that do nothing": func(p *plan.Plan) {
			for _, n := range p.Neurons {
				n.Outs = nil
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := through(t, "choose", "#rasp:vocab \"abc\"\n#rasp:length 12\n\nx = selector_width(select(tokens, tokens, ==));")
			require.NoError(t, c.verify())
			damage(c.best.plan)
			c.best.model = emit.Model(c.best.plan, c.domain)
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
	require.Equal(t, MostTried, c.inputsToCheck())
	caught := 0
	for _, n := range c.best.plan.Neurons {
		before := n.Outs
		n.Outs = nil
		c.best.model = emit.Model(c.best.plan, c.domain)
		if c.verify() == nil {
			assert.False(t, c.isWrong(t, c.best.model, 1000), n.Label.What)
		} else {
			caught++
		}
		n.Outs = before
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
