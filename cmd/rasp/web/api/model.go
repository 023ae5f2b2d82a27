package api

import (
	"context"

	"rasp/cmd/rasp/open"
	"rasp/cmd/rasp/web/rpc"
	"rasp/compiler/inside/picture"
	"rasp/runtime/model"
)

// modelMethods are those about the compiled model.
//
//	model.go           what it is: sizes, names, who writes and reads what
//	model_change.go    weights, heads, s-ops, sharpness: what a page can change of it
//	model_trace.go     a layer at work on an input, and what becomes of changes
//	model_weights.go   a tensor with the names of its rows and columns
//	model_circuit.go   what heads compare and bring; the circuit of the whole
//	model_verify.go    model against interpreter, a part of the inputs at a time
//	model_next.go      what comes next, and texts
//	model_download.go  files
func (h *Host) modelMethods() rpc.Methods {
	return rpc.Methods{
		"compile":   rpc.Typed(h.compile),
		"trace":     rpc.Typed(h.trace),
		"intervene": rpc.Typed(h.intervene),
		"weights":   rpc.Typed(h.weights),
		"circuits":  rpc.Typed(h.circuits),
		"circuit":   rpc.Typed(h.circuit),
		"verify":    rpc.Typed(h.verify),
		"next":      rpc.Typed(h.next),
		"generate":  rpc.Typed(h.generate),
		"download":  rpc.Typed(h.download),
	}
}

// Made is what is known of a model before it runs.
type Made struct {
	open.Sizes
	Warnings []rpc.Fault    `json:"warnings"`
	Predicts bool           `json:"predicts"` // what comes next
	Longest  int            `json:"longest"`  // tokens of an input that is looked into
	Tokens   []string       `json:"tokens"`   // of the vocabulary, for people; the first
	SOps     []SOp          `json:"sops"`
	Parts    [][]Head       `json:"parts"` // heads by layer, without padding
	Neurons  []int          `json:"neurons"`
	Tensors  []Tensor       `json:"tensors"`
	Stream   picture.Stream `json:"stream"`
}

// SOp of the program, and whether it can be set.
type SOp struct {
	Name   string   `json:"name"`
	Line   int      `json:"line,omitempty"`
	Held   bool     `json:"held"`
	Why    string   `json:"why_not,omitempty"`
	Values []string `json:"values"` // that it can be set to, the first; none for any number
}

// Head of a layer.
type Head struct {
	Head int    `json:"head"`
	Name string `json:"name"`
	Line int    `json:"line,omitempty"`
}

// Tensor of a model.
type Tensor struct {
	Name  string `json:"name"`
	Shape []int  `json:"shape"`
}

// Bounds of what is told of a model.
const (
	mostNamed   = 64  // tokens, values of an s-op, heads of a layer
	mostSOps    = 200 // and tensors
	longestSeen = 256 // tokens
)

func (h *Host) compile(ctx context.Context, p Program) (*Made, error) {
	c, err := h.model(ctx, p)
	if err != nil {
		return nil, err
	}
	x := c.Inside
	made := &Made{
		Sizes: open.SizesOf(c.Model), Warnings: rpc.Faults(c.Faults), Longest: min(longestSeen, c.NCtx-1),
		Tokens: texts(c.Vocab), SOps: []SOp{}, Parts: [][]Head{}, Neurons: []int{}, Tensors: []Tensor{}, Stream: picture.StreamOf(x),
	}
	for _, o := range c.Model.Outputs {
		made.Predicts = made.Predicts || o.Next
	}
	for i, s := range x.Names.SOps[:min(mostSOps, len(x.Names.SOps))] {
		made.SOps = append(made.SOps, SOp{s.Name, s.Line, s.Held, s.Why, literals(x.Values(i))})
	}
	for l := range x.Names.Heads {
		heads, neurons := []Head{}, 0
		for n, head := range x.Names.Heads[l] {
			if head.Kind != "padding" && len(heads) < mostNamed {
				heads = append(heads, Head{n, head.Name, head.Line})
			}
		}
		for _, n := range x.Names.Neurons[l] {
			if n.Kind != "padding" {
				neurons++
			}
		}
		made.Parts, made.Neurons = append(made.Parts, heads), append(made.Neurons, neurons)
	}
	for _, t := range c.Tensors() {
		if t.Elements() > 0 && len(made.Tensors) < mostSOps {
			made.Tensors = append(made.Tensors, Tensor{t.Name, t.Shape})
		}
	}
	return made, nil
}

// literals are the first of some values, as they are written.
func literals(values []model.Token) []string {
	list := []string{}
	for _, t := range values[:min(mostNamed, len(values))] {
		list = append(list, string(t))
	}
	return list
}
