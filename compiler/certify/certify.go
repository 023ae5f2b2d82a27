// Package certify bounds, through the weights of a model, how far each number can be in
// float32, or float64, from what the plan means it to be, and compares that with the
// margin at each place where a value is decoded.
//
// It imports the plan, the constructions and the model, and nothing else of the compiler:
// that is what a reader of the certificate has to trust.
//
// In reading order: certify.go, bound.go, states.go, embedding.go, reading.go (what is read off
// the residual stream); of a layer attention.go, weighing.go (what softmax makes of values),
// leak.go (heads whose other keys have some weight), mlp.go, choice.go (neurons of which one is
// open), written.go (columns), norm.go; readout.go, next.go; claim.go.
package certify

import (
	"math"

	"rasp/compiler/construct"
	"rasp/compiler/plan"
	"rasp/runtime/model"
)

// The certificate follows the numbers through the weights of the model and
// bounds how far each can be, in float32, from what the plan means it to be.
// Most are never off at all: a sum of products is exact in float32, in whatever
// order it is added, if all terms are multiples of a power of two (the grid) and
// neither the positive nor the negative ones add up to more than 2^24 grids.
// Errors enter where a weight is not what the plan means, and at the softmax of
// heads that average or count; the offset of the columns that these write rounds
// them to a grid again. What is read off the embedding is bounded by token and by
// position (see states), all else by ranges. What remains is compared with the margin
// at each place where a value is decoded: a step, a pattern, an argmax.
//
// Every weight of the model is looked at, those too that the plan leaves 0. BOS
// attends to itself alone, so what stands there is one number for each column;
// it is followed beside the bounds of all other positions.

// Outcome is what was found at the decoding places of a model.
type Outcome struct {
	plan   *plan.Plan
	model  *model.Model
	in     construct.Precision
	length int
	now    int       // time of the layer that is looked at
	Bounds []bound   // by dim, of what a column holds
	beside []float64 // by dim, what is written to a column beside what the plan says
	bos    []float64 // at BOS, how far each column may be from its offset and bos
	mean   float64   // the most that the last norm has left all dimensions off, see norm.go
	Logits []float64 // how far each logit may be off
	states *states
	terms  []plan.Entry // scratch of reads: a form,
	early  []plan.Entry // and what of it is read off the embedding
	checks int
	Slack  float64
	Worst  model.Label
	// Within is, by output, how far a number may be from the program's, a probability
	// relative to itself; see model.Certificate.
	Within []float64
	coarse string // why an output is too rough to be shown; empty if none is
	// Excess is by what factor the roughest number is rougher than what may be shown.
	Excess float64
}

// Model bounds the errors of all columns in the order of time and checks every
// margin; the result is exact if the least slack is above 1.
func Model(p *plan.Plan, m *model.Model, in construct.Precision, length int) *Outcome {
	c := &Outcome{plan: p, model: m, in: in, length: length, Slack: math.Inf(1), Bounds: make([]bound, len(p.Columns)), beside: make([]float64, len(p.Columns)), bos: make([]float64, len(p.Columns))}
	c.embedding()
	c.states = newStates(p, len(m.Vocab), m.NCtx-1)
	heads, neurons := p.ByLayer()
	for l := range m.Blocks {
		c.norm()
		c.attention(l, heads[l])
		c.norm()
		c.mlp(l, neurons[l])
	}
	c.norm()
	c.outputs()
	return c
}

// require records a decoding place: an error against the margin that it has.
func (c *Outcome) require(err, margin float64, label model.Label) {
	c.checks++
	slack := math.Inf(1)
	if err > 0 {
		slack = margin / err
	}
	if margin <= 0 || math.IsNaN(err) {
		slack = 0
	}
	if slack < c.Slack {
		c.Slack, c.Worst = slack, label
	}
}

// Coarse says which output comes out too roughly to be worth anything, and how roughly;
// empty if there is none.
func (c *Outcome) Coarse() string { return c.coarse }

func (c *Outcome) Exact() bool { return c.Slack > 1 }
