package lang

import (
	"rasp/lang/diag"
	"rasp/lang/elab"
	"rasp/lang/element"
	"rasp/lang/graph"
	"rasp/lang/rules"
	"rasp/lang/spell"
	"rasp/lang/syntax"
	"rasp/lang/value"
)

// Outputs are what the program is run or compiled for. Without names that is what
// #rasp:output names, else the last s-op, selector or prediction that was
// assigned; if a faulty statement may have assigned a later one, its fault is
// returned, and so is a fault of syntax wherever it stands: what the statement would
// have bound is not known, so that any name may mean something else. The names may be those of the program, or of the language and the
// library. A prediction is a dict from tokens of the vocabulary to scores, or the
// s-op of #rasp:confidence; it is the only output. The fault has no place in the
// text if it is about a name that was given, or a program without an output.
func (p *Program) Outputs(names []string, vocab []value.Value) ([]graph.Output, *diag.Diagnostic) {
	if fault := p.unread(); fault != nil {
		return nil, fault
	}
	var next *graph.Output
	var fault *diag.Diagnostic
	switch len(names) {
	case 0:
		next, fault = p.prediction(vocab)
	case 1:
		next, fault = p.predictionOf(names[0], vocab)
	}
	switch {
	case fault != nil:
		return nil, fault
	case next != nil:
		return []graph.Output{*next}, nil
	case len(names) > 0:
		return p.find(names, diag.Span{})
	case len(p.File.Directives.Outputs) > 0:
		return p.find(p.File.Directives.Outputs, p.File.Directives.Where["output"])
	case len(p.Bindings) == 0:
		return nil, diag.Errorf(diag.Span{}, diag.Domain, "the program assigns no s-op or selector").
			WithHint("give the result a name: answer = ...;")
	}
	last := p.Bindings[len(p.Bindings)-1]
	if fault := p.faultAfter(last.Span); fault != nil {
		return nil, fault
	}
	return []graph.Output{last}, nil
}

// unread is the first fault of syntax; nil if there is none.
func (p *Program) unread() *diag.Diagnostic {
	for _, d := range p.faults {
		if d.Severity != diag.Warning && d.Kind == diag.Syntax {
			return d
		}
	}
	return nil
}

// faultAfter is the first fault of a statement that may have bound a name after
// the one at the span; nil if there is none.
func (p *Program) faultAfter(last diag.Span) *diag.Diagnostic {
	for _, d := range p.faults {
		if d.Severity != diag.Warning && (d.Span.Source != last.Source || d.Span.Start > last.Start) {
			return d
		}
	}
	return nil
}

// find lists the s-ops and selectors of names: bindings of the program, or names
// of the language or the library. A fault is at where.
func (p *Program) find(names []string, where diag.Span) ([]graph.Output, *diag.Diagnostic) {
	outputs := make([]graph.Output, len(names))
	for i, name := range names {
		var fault *diag.Diagnostic
		if outputs[i], fault = p.named(name, where); fault != nil {
			return nil, fault
		}
	}
	return outputs, nil
}

func (p *Program) named(name string, where diag.Span) (graph.Output, *diag.Diagnostic) {
	var names []string
	for _, b := range p.Bindings {
		if b.Name == name {
			return b, nil
		}
		names = append(names, b.Name)
	}
	v, ok := p.session.Lookup(name)
	if !ok {
		d := diag.Errorf(where, diag.Undefined, "the program has no s-op or selector %s", name)
		if near := spell.Nearest(name, names); near != "" {
			d.WithHint("did you mean %s?", near)
		}
		return graph.Output{}, d
	}
	if n := nodeOf(v); n != nil {
		if n.Span.Source == nil { // a name of the language
			return graph.Output{Name: name, Node: n, Span: where}, nil
		}
		return graph.Output{Name: name, Node: n, Span: n.Span}, nil
	}
	return graph.Output{}, diag.Errorf(where, diag.Type, "%s is %s, not an s-op or a selector", name, p.Known(v))
}

// Lookup is the value of a top-level name of any kind, such as a dict from
// tokens to s-ops.
func (p *Program) Lookup(name string) (elab.Value, bool) { return p.session.Lookup(name) }

// Elements are the kinds that the elements of an s-op of the program can have.
func (p *Program) Elements(n *graph.Node) element.Set { return p.session.Elements(n) }

// Predefined are the names of the language, without those of the library.
func (p *Program) Predefined() []elab.Bound { return p.session.Predefined() }

// Known is what the rules are told of a value of the program.
func (p *Program) Known(v elab.Value) rules.Operand { return p.session.Known(v) }

// Called reports whether the program ever ran the body of a function.
func (p *Program) Called(def *syntax.FuncDef) bool { return p.session.Called(def) }
