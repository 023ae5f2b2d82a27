// Package picture draws a compiled model at work on an input, in the names of its program:
// the attention of each head, what the residual stream holds and who reads it, and which
// token comes next.
//
// In come a model beside its program and an input; out go an SVG, or a page for a browser
// that needs nothing else. It reads and writes no files.
//
//	picture.go   what is shown, and how much of it
//	residual.go  who writes a dimension, and who reads it
//	attention.go matrices and arcs; stream.go, the map; next.go, bars
//	svg.go       all of that as one SVG; canvas.go, lines, boxes and texts
//	page.go      the page; page.html has its style and its script
package picture

import (
	"encoding/json"
	"fmt"
	"strings"

	"rasp/compiler/inside"
	"rasp/lang/diag"
	"rasp/lang/value"
	"rasp/runtime/model"
)

// Bounds of what is shown. A page of so much stays below 300 KB.
const (
	mostQueries = 32   // positions of a matrix, and values of an s-op
	mostScores  = 9000 // of all heads together
	mostHeads   = 24
	mostDims    = 64
	mostMarks   = 300    // of the residual stream
	mostCircuit = 64_000 // bytes of its drawing
	mostHeld    = 48     // s-ops
	mostNext    = 20     // tokens
	mostTitle   = 100
)

// Picture is a model at work on an input.
type Picture struct {
	title  string
	trace  *inside.Trace
	tokens []string         // BOS, then the input
	shown  int              // positions, BOS included
	given  []inside.Holding // what the embedding holds
	layers []layer
	stream *stream
	next   *next    // nil if the model predicts nothing
	left   []string // what is not shown
}

// layer is what is shown of a layer.
type layer struct {
	number int
	heads  []inside.HeadTrace
	held   []inside.Holding
}

// New runs a model on an input. The title says what that is.
func New(title string, x *inside.Model, input []value.Value) (*Picture, error) {
	t, err := x.Trace(input)
	if err != nil {
		return nil, err
	}
	p := &Picture{title: cut(title, mostTitle), trace: t, tokens: []string{"BOS"}}
	for _, token := range t.Input {
		p.tokens = append(p.tokens, tokenText(token))
	}
	p.shown = min(len(p.tokens), mostQueries, max(2, mostScores/len(p.tokens)))
	p.leave(len(p.tokens)-p.shown, "position", "at the end of the input, which count in the softmax all the same")
	p.show()
	p.stream = streamOf(x)
	p.leave(p.stream.left, "dimension", "of the residual stream")
	p.next, err = nextOf(x, input)
	return p, err
}

// show takes heads and s-ops, as many as there is room for.
func (p *Picture) show() {
	scores := (p.shown - 1) * len(p.tokens)
	room := min(mostHeads, max(1, mostScores/max(1, scores)))
	p.given = p.trace.Given[:min(mostHeld, len(p.trace.Given))]
	space := mostHeld - len(p.given)
	heads, held := 0, len(p.trace.Given)-len(p.given)
	for _, l := range p.trace.Layers {
		some := layer{number: l.Layer, heads: l.Heads[:min(room, len(l.Heads))], held: l.Held[:min(space, len(l.Held))]}
		room, space = room-len(some.heads), space-len(some.held)
		heads, held = heads+len(l.Heads)-len(some.heads), held+len(l.Held)-len(some.held)
		p.layers = append(p.layers, some)
	}
	p.leave(heads, "head", "of the last layers")
	p.leave(held, "s-op", "of what the model holds")
}

func (p *Picture) leave(count int, what, where string) {
	if count > 0 {
		p.left = append(p.left, fmt.Sprintf("%s %s", diag.Count(count, what), where))
	}
}

// Counts are the layers and heads that are at work, and what is not shown.
func (p *Picture) Counts() string {
	heads := 0
	for _, l := range p.trace.Layers {
		heads += len(l.Heads)
	}
	text := fmt.Sprintf("%s, %s", diag.Count(len(p.trace.Layers), "layer"), diag.Count(heads, "head"))
	if note := p.notShown(); note != "" {
		text += "\n" + note
	}
	return text
}

// notShown says what is left out; "" for nothing.
func (p *Picture) notShown() string {
	if len(p.left) == 0 {
		return ""
	}
	return "Not shown: " + strings.Join(p.left, "; ") + ". rasp trace --json has all."
}

// tokenText is a token as it is read: a string without its quotes, unless it would not be
// seen then.
func tokenText(t model.Token) string {
	var text string
	if json.Unmarshal([]byte(t), &text) == nil && strings.TrimSpace(text) != "" {
		return diag.Visible(text)
	}
	return diag.Visible(string(t))
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

// readings are what a model holds of an s-op; those that the program has otherwise are marked.
func (p *Picture) readings(h inside.Holding) (texts []string, differ map[int]bool) {
	differ = map[int]bool{}
	for _, i := range h.Differ {
		differ[i] = true
	}
	for i, r := range h.Model[:min(len(h.Model), p.shown-1)] {
		text := tokenText(model.Token(r.String()))
		if len(r.Values) > 1 && h.Program != nil {
			text = tokenText(h.Program[i]) + "~"
		}
		if differ[i] {
			text += fmt.Sprintf(" (program %s)", tokenText(h.Program[i]))
		}
		texts = append(texts, text)
	}
	return texts, differ
}
