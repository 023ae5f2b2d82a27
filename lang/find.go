package lang

import (
	"rasp/lang/diag"
	"rasp/lang/elab"
	"rasp/lang/element"
	"rasp/lang/graph"
	"rasp/lang/rules"
	"rasp/lang/spell"
	"rasp/lang/syntax"
)

// Find is the s-op or selector of a name: a binding of the program, or a name
// of the language or the library. The fault has the span of the #rasp:output
// directive if there is one.
func (p *Program) Find(name string) (Binding, *diag.Diagnostic) {
	var names []string
	for _, b := range p.Bindings {
		if b.Name == name {
			return b, nil
		}
		names = append(names, b.Name)
	}
	where := p.File.Directives.Where["output"]
	v, ok := p.session.Lookup(name)
	if !ok {
		d := diag.Errorf(where, diag.Undefined, "the program has no s-op or selector %s", name)
		if near := spell.Nearest(name, names); near != "" {
			d.WithHint("did you mean %s?", near)
		}
		return Binding{}, d
	}
	if n := nodeOf(v); n != nil {
		return Binding{name, n, n.Span}, nil
	}
	return Binding{}, diag.Errorf(where, diag.Type, "%s is a %s, not an s-op or a selector", name, elab.KindOf(v))
}

// Main are the outputs of the program: what #rasp:output names, else the last
// s-op or selector that was assigned. If a faulty statement may have assigned a
// later one, its fault is returned.
func (p *Program) Main() ([]Binding, *diag.Diagnostic) {
	names := p.File.Directives.Outputs
	if len(names) == 0 {
		if len(p.Bindings) == 0 {
			return nil, diag.Errorf(diag.Span{}, diag.Domain, "the program assigns no s-op or selector").
				WithHint("give the result a name: answer = ...;")
		}
		last := p.Bindings[len(p.Bindings)-1]
		for _, d := range p.faults {
			if d.Severity != diag.Warning && (d.Span.Source != last.Span.Source || d.Span.Start > last.Span.Start) {
				return nil, d
			}
		}
		return []Binding{last}, nil
	}
	outputs := make([]Binding, len(names))
	for i, name := range names {
		var fault *diag.Diagnostic
		if outputs[i], fault = p.Find(name); fault != nil {
			return nil, fault
		}
	}
	return outputs, nil
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
