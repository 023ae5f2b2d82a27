// Package inside shows a compiled model at work beside its program: what each dimension
// holds, in values of s-ops, next to what the interpreter says, and what becomes of both
// when something in the model is changed.
//
// In come a model that carries its program and its names, and inputs; out come results
// that are data. It prints nothing and reads no files.
//
//	model.go      a model, its program, and which part of one is which of the other
//	reading.go    what a run holds, as values of s-ops
//	trace.go      a run in layers, heads and neurons; words.go, what names in it mean;
//	              text.go, values as people read them
//	intervene.go  what is changed; effect.go, what becomes of it
package inside

import (
	"fmt"
	"slices"

	"rasp/compiler/rewrite"
	"rasp/compiler/stored"
	"rasp/compiler/verify"
	"rasp/lang/diag"
	"rasp/lang/graph"
	"rasp/lang/interp"
	"rasp/lang/value"
	"rasp/runtime/form"
	"rasp/runtime/inspect"
	"rasp/runtime/model"
)

// Model is a model beside its program. It is for one goroutine at a time.
type Model struct {
	*model.Model
	Names *model.Names

	vocab     []value.Value
	form      *form.Form    // of the inputs; nil: of any
	roots     []*graph.Node // of the outputs; none for a prediction
	nodes     []*graph.Node // by s-op of the names; nil for what is none of the program
	known     []*graph.Node // those of the program that are not nil
	dims      [][]int       // by s-op
	stages    []int         // by dimension: when it is written, see inspect.Hooks
	sops      map[string]int
	evaluator *interp.Evaluator

	assigned map[*diag.Source]map[diag.Span][]string // see assignments
	bySpan   map[diag.Span][]*graph.Node             // see spans
}

// New is a model beside the program that it carries. The error is stored.ErrNoSource,
// model.ErrNoNames, or says what is wrong with either.
func New(m *model.Model) (*Model, error) {
	names, err := m.ReadNames()
	if err != nil {
		return nil, err
	}
	outputs, err := stored.Outputs(m)
	if err != nil {
		return nil, err
	}
	vocab, err := verify.Values(m.Vocab)
	if err != nil {
		return nil, err
	}
	x := &Model{Model: m, Names: names, vocab: vocab, dims: make([][]int, len(names.SOps)), nodes: make([]*graph.Node, len(names.SOps)), sops: map[string]int{}, assigned: map[*diag.Source]map[diag.Span][]string{}}
	if x.form, err = m.Form(); err != nil {
		return nil, err
	}
	program := rewrite.Widths(rewrite.Share(rewrite.Of(graph.Roots(outputs))))
	if outputs[0].Next == nil {
		x.roots = program.Roots
	}
	x.findNodes(program)
	for i, s := range names.SOps {
		x.sops[s.Name] = i
	}
	for i, d := range names.Dims {
		stage, err := stageOf(d.Written, m.Layers)
		if err != nil {
			return nil, err
		}
		x.stages = append(x.stages, stage)
		if s, ok := x.sops[d.SOp]; ok {
			x.dims[s] = append(x.dims[s], i)
		}
	}
	x.known = slices.Clone(program.Roots)
	for _, n := range x.nodes {
		if n != nil {
			x.known = append(x.known, n)
		}
	}
	x.evaluator = interp.New(m.Causal, x.known...)
	return x, nil
}

// findNodes finds the s-ops of the names in the graph.
func (x *Model) findNodes(p *rewrite.Program) {
	byNumber := map[int]*graph.Node{}
	var tokens, indices *graph.Node
	for _, n := range graph.Reachable(p.Roots...) {
		if at, ok := p.Origins[n]; ok {
			byNumber[at] = n
		}
		switch {
		case n.Op == graph.Tokens && (tokens == nil || n.Base == graph.AsIs || n.Base == graph.Str):
			tokens = n
		case n.Op == graph.Indices:
			indices = n
		}
	}
	for i, s := range x.Names.SOps {
		switch s.Of {
		case "token":
			x.nodes[i] = tokens
		case "position":
			x.nodes[i] = indices
		case "sop":
			if n := byNumber[s.Node]; n != nil && !n.IsSelector() {
				x.nodes[i] = n
			}
		}
	}
}

// stageOf is a half layer of the names as a number, see inspect.Hooks.
func stageOf(written string, layers int) (int, error) {
	var l int
	switch {
	case written == "embed":
		return 0, nil
	case scan(written, "blocks.%d.attn", &l) && l < layers:
		return 2*l + 1, nil
	case scan(written, "blocks.%d.mlp", &l) && l < layers:
		return 2*l + 2, nil
	}
	return 0, fmt.Errorf("names: the model has no half layer %q", written)
}

// scan reads the numbers of a text of a format, which is that and no more.
func scan(text, format string, numbers ...*int) bool {
	var places, values []any
	for _, n := range numbers {
		places = append(places, n)
	}
	if _, err := fmt.Sscanf(text, format, places...); err != nil {
		return false
	}
	for _, n := range numbers {
		values = append(values, *n)
	}
	return fmt.Sprintf(format, values...) == text
}

// IDs are an input as token ids, or why the model does not take it.
func (x *Model) IDs(input []value.Value) ([]int, error) {
	ids := make([]int, len(input))
	for i, v := range input {
		if ids[i] = slices.Index(x.Vocab, model.Token(v.JSON())); ids[i] < 0 {
			return nil, diag.Errorf(diag.Span{}, diag.Domain, "%s (position %d) is not in the vocabulary", value.Describe(v), i)
		}
	}
	if err := x.Check(ids); err != nil {
		return nil, diag.Errorf(diag.Span{}, diag.Domain, "%s", err)
	}
	if len(ids) > Longest {
		return nil, x.tooLong(len(ids))
	}
	return ids, nil
}

// tooLong is the fault of an input that would take too much time and memory.
func (x *Model) tooLong(length int) error {
	d := diag.Errorf(diag.Span{}, diag.Limit, "the input has %d tokens, and up to %d are looked into: of each head all scores are computed, the square of that", length, Longest)
	if x.Causal {
		return d.WithHint("take the first %d tokens: attention is causal, so what the model does there is the same", Longest)
	}
	return d.WithHint("rasp run runs longer inputs")
}

// SOp finds an s-op by name; -1 for none.
func (x *Model) SOp(name string) int {
	if at, ok := x.sops[name]; ok {
		return at
	}
	return -1
}

// Logits are those of an input [position][width of W_U], where position 0 is BOS.
func (x *Model) Logits(input []value.Value) ([][]float32, error) {
	ids, err := x.IDs(input)
	if err != nil {
		return nil, err
	}
	return inspect.Of(x.Model, ids, inspect.Hooks{}).Logits, nil
}

// outputs decodes what a run shows: [output][position].
func (x *Model) outputs(run *inspect.Run) [][]model.Token {
	all := make([][]model.Token, len(x.Outputs))
	for o := range x.Outputs {
		for _, logits := range run.Logits[1:] {
			all[o] = append(all[o], x.Outputs[o].Decode(logits))
		}
	}
	return all
}

// Interpret is the value of each s-op of the names on an input, as the interpreter has it:
// [s-op][position]; nil for those that are none of the program. The error is an
// *interp.Fault.
func (x *Model) Interpret(input []value.Value) ([][]value.Value, error) {
	return x.interpret(input, nil)
}

// interpret is the value of each s-op of the names on an input, where some are fixed; nil
// for those that are none of the program.
func (x *Model) interpret(input []value.Value, fixed map[*graph.Node]map[int]value.Value) ([][]value.Value, error) {
	x.evaluator.Fixed = fixed
	defer func() { x.evaluator.Fixed = nil }()
	if err := x.evaluator.Run(input); err != nil {
		return nil, err
	}
	all := make([][]value.Value, len(x.nodes))
	for i, n := range x.nodes {
		if n != nil {
			all[i] = slices.Clone(x.evaluator.Sequence(n))
		}
		if x.Names.SOps[i].Of == "token" { // as the model has it, whatever reads it as what
			all[i] = slices.Clone(input)
		}
	}
	return all, nil
}

// shown are the outputs of the last interpretation; nil for a prediction.
func (x *Model) shown() [][]value.Value {
	var all [][]value.Value
	for _, n := range x.roots {
		all = append(all, slices.Clone(x.evaluator.Sequence(n)))
	}
	return all
}
