// Package picture draws a compiled model at work on inputs, in the names of its program:
// the attention of each head and what it compares and brings, what the residual stream
// holds and who reads it, and which token comes next.
//
// In come a model beside its program and inputs; out go an SVG of the first of them, or a
// page for a browser that needs nothing else. It reads and writes no files.
//
//	picture.go   what is shown, and how much of it
//	run.go       the model at work on an input
//	residual.go  who writes a dimension, and who reads it
//	attention.go matrices and arcs; heat.go, what a head compares and brings;
//	             stream.go, the map; next.go, bars
//	svg.go       all of that as one SVG; canvas.go, lines, boxes and texts
//	parts.go     parts of a picture as data, for pages of others
//	page.go      the page, page_html.go its text; page.css has its style and page.js its script
package picture

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"rasp/compiler/inside"
	"rasp/lang/diag"
	"rasp/lang/value"
)

// Bounds of what is shown. A page of so much stays below 300 KB.
const (
	mostQueries = 32   // positions of a matrix, and values of an s-op
	mostScores  = 9000 // of all heads and inputs together
	mostValues  = 4000 // of s-ops, on all inputs together
	mostHeads   = 24
	mostDims    = 64
	mostMarks   = 300  // of the residual stream
	mostCells   = 6000 // of all circuits of heads
	mostTerms   = 24   // rows or columns of such a circuit
	leastTerms  = 8
	mostHeld    = 48 // s-ops
	mostNext    = 20 // tokens
	mostTitle   = 100
)

// Input is one that a model runs on. Its title says what that is.
type Input struct {
	Title  string
	Tokens []value.Value
}

// Picture is a model at work.
type Picture struct {
	runs   []*run // by input, one at least
	given  int    // s-ops of the embedding that are shown
	layers []layer
	stream *stream
	left   []string // what is not shown

	leftRuns int // inputs that are not shown
}

// layer is what is shown of a layer, whatever the input.
type layer struct {
	number int
	heads  []head
	held   int // s-ops
}

type head struct {
	title  string
	brings []string
	addsUp bool
	maps   []*heat
}

// New runs a model on inputs, of which the first is always shown.
func New(x *inside.Model, inputs []Input) (*Picture, error) {
	first, err := runOf(x, inputs[0])
	if err != nil {
		return nil, err
	}
	p := &Picture{runs: []*run{first}}
	p.show(first)
	circuits, err := x.Circuits(inputs[0].Tokens)
	if err != nil {
		return nil, err
	}
	p.mapHeads(circuits)
	p.stream = streamOf(x)
	p.leave(p.stream.left, "dimension", "of the residual stream")
	return p, p.more(x, inputs[1:])
}

// more runs the other inputs, as many as there is room for.
func (p *Picture) more(x *inside.Model, inputs []Input) error {
	scores, values := p.sizes(p.runs[0])
	for i, input := range inputs {
		r, err := runOf(x, input)
		if err != nil {
			return err
		}
		s, v := p.sizes(r)
		if scores, values = scores+s, values+v; scores > mostScores || values > mostValues {
			p.leftRuns = len(inputs) - i
			break
		}
		p.runs = append(p.runs, r)
	}
	return nil
}

// sizes are how many scores and values a run has to show.
func (p *Picture) sizes(r *run) (scores, values int) {
	heads, held := 0, p.given
	for _, l := range p.layers {
		heads, held = heads+len(l.heads), held+l.held
	}
	return heads * (r.shown - 1) * len(r.tokens), held * (r.shown - 1)
}

// show takes heads and s-ops, as many as there is room for.
func (p *Picture) show(r *run) {
	scores := (r.shown - 1) * len(r.tokens)
	room := min(mostHeads, max(1, mostScores/max(1, scores)))
	p.given = min(mostHeld, len(r.trace.Given))
	space := mostHeld - p.given
	heads, held := 0, len(r.trace.Given)-p.given
	for _, l := range r.trace.Layers {
		some := layer{number: l.Layer, held: min(space, len(l.Held))}
		for _, h := range l.Heads[:min(room, len(l.Heads))] {
			some.heads = append(some.heads, head{title: headTitle(l.Layer, h), brings: h.Brings, addsUp: addsUp(h)})
		}
		room, space = room-len(some.heads), space-some.held
		heads, held = heads+len(l.Heads)-len(some.heads), held+len(l.Held)-some.held
		p.layers = append(p.layers, some)
	}
	p.leave(heads, "head", "of the last layers")
	p.leave(held, "s-op", "of what the model holds")
}

// mapHeads makes the maps of the heads that are shown.
func (p *Picture) mapHeads(circuits []inside.Circuits) {
	heads := 0
	for _, l := range p.layers {
		heads += len(l.heads)
	}
	most := min(mostTerms, max(leastTerms, int(math.Sqrt(mostCells/float64(2*max(1, heads))))))
	occur := p.runs[0].occurring()
	for l := range p.layers {
		of := slices.DeleteFunc(slices.Clone(circuits), func(c inside.Circuits) bool { return c.Layer != p.layers[l].number })
		for h := range p.layers[l].heads {
			shown := &p.layers[l].heads[h]
			shown.maps = heats(of[h], most, occur, shown.addsUp)
		}
	}
}

func (p *Picture) leave(count int, what, where string) {
	if count > 0 {
		p.left = append(p.left, fmt.Sprintf("%s %s", diag.Count(count, what), where))
	}
}

// Counts are the layers and heads that are at work, and what is not shown.
func (p *Picture) Counts() string {
	heads := 0
	for _, l := range p.runs[0].trace.Layers {
		heads += len(l.Heads)
	}
	text := fmt.Sprintf("%s, %s", diag.Count(len(p.layers), "layer"), diag.Count(heads, "head"))
	if note := p.notShown(p.runs[0]); note != "" {
		text += "\n" + note
	}
	return text
}

// Results are what the outputs are on the first input.
func (p *Picture) Results() []Result { return p.runs[0].results() }

// notShown says what is left out, of a run too; "" for nothing.
func (p *Picture) notShown(r *run) string {
	left := p.left
	if r.left > 0 {
		left = append([]string{diag.Count(r.left, "position") + " at the end of the input, which count in the softmax all the same"}, left...)
	}
	if p.leftRuns > 0 {
		left = append(slices.Clone(left), diag.Count(p.leftRuns, "input"))
	}
	if len(left) == 0 {
		return ""
	}
	return "Not shown: " + strings.Join(left, "; ") + ". rasp trace --json has all."
}

// leastShare is how little BOS may leave to show whom it goes to; less is nothing.
const leastShare = 1e-20

// addsUp says that a head adds up: nearly all its attention goes to BOS, and what matters
// is how the little is shared that BOS leaves. That is shown then.
func addsUp(h inside.HeadTrace) bool { return h.Kind == "adds up" }

// weights are those of a head, a row for each query, or the shares.
func weights(h inside.HeadTrace) [][]float64 {
	list := make([][]float64, len(h.Weights))
	for i, row := range h.Weights {
		total := 0.0
		for _, w := range row[1:] {
			total += float64(w)
		}
		for j, w := range row {
			x := float64(w)
			if addsUp(h) {
				if x /= total; j == 0 || total <= leastShare {
					x = 0
				}
			}
			list[i] = append(list[i], x)
		}
	}
	return list
}

// headTitle says what a head does.
func headTitle(l int, h inside.HeadTrace) string {
	text := fmt.Sprintf("head %d.%d %s", l, h.Head, h.Kind)
	if h.Selector != "" {
		text += " " + h.Selector
	}
	if h.SOp != "" {
		text += ", for " + h.SOp
	}
	if h.Line > 0 {
		text += fmt.Sprintf(" (line %d)", h.Line)
	}
	return text
}
