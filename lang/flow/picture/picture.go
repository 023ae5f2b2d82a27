// Package picture shows the flow to s-ops on one input: what each head looks
// at, what it brings, and what is computed in between.
//
// In come a flow and an evaluator that has run the input; out go an SVG,
// a graph for Graphviz, or text. In reading order: model.go decides what is
// shown, and names.go how it is called; text.go and dot.go print that. For the
// pictures layout.go puts it in place with rows.go, head.go and wires.go, as a
// scene of rectangles, lines and text (scene.go), which svg.go writes; package
// raster makes a PNG of that.
//
// Every s-op that is read further down has a line of its own at the left, as in
// a residual stream: it starts where the s-op is computed, and an arrow leads
// from it to each place where it is read.
package picture

import (
	"bytes"
	"strings"

	"rasp/lang/flow"
	"rasp/lang/graph"
	"rasp/lang/interp"
	"rasp/lang/value"
)

// Picture is a flow with its values on one input.
type Picture struct {
	title    string // such as reverse("hello")
	counts   string // the layers and heads
	input    []value.Value
	base     []*row
	stages   []stage
	results  []*row // what the picture is the way to: s-ops, or probabilities of the next token
	predicts bool
}

// New makes the picture of a flow whose roots the evaluator has evaluated on the
// input.
func New(title string, f *flow.Flow, e *interp.Evaluator, input []value.Value) *Picture {
	m := newModel(f, e, false)
	p := m.picture(title, input)
	p.results = m.results()
	return p
}

// Chance is how likely a token comes next, after each position.
type Chance struct {
	Token value.Value
	Score *graph.Node // that it depends on; a root of the flow
	P     []float64   // by position
}

// Predict makes the picture of a prediction: its chances come last, each a row.
func Predict(title string, f *flow.Flow, e *interp.Evaluator, input []value.Value, chances []Chance) *Picture {
	m := newModel(f, e, true)
	p := m.picture(title, input)
	p.predicts = true
	for _, c := range chances {
		p.results = append(p.results, m.chance(c))
	}
	return p
}

// Counts are the layers and heads, such as "layers 2, heads 2 1".
func (p *Picture) Counts() string { return p.counts }

// SVG is the picture as a file of its own.
func (p *Picture) SVG() []byte {
	var b bytes.Buffer
	writeSVG(&b, layout(p))
	return b.Bytes()
}

// Dot is the picture for Graphviz, which then arranges it.
func (p *Picture) Dot() []byte {
	var b bytes.Buffer
	writeDot(&b, p)
	return b.Bytes()
}

// Text is the picture for a terminal.
func (p *Picture) Text() string {
	var b strings.Builder
	writeText(&b, p)
	return b.String()
}
