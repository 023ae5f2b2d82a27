package api

import (
	"cmp"
	"slices"
	"strings"

	"rasp/cmd/rasp/open"
	"rasp/cmd/rasp/service"
	"rasp/lang"
	"rasp/lang/diag"
	"rasp/lang/elab"
	"rasp/lang/graph"
	"rasp/lang/interp"
	"rasp/lang/syntax"
	"rasp/lang/value"
)

// Row is an s-op or a selector of the program's text on the input. What a function computes
// inside, be it the library's or the program's own, is part of the call.
type Row struct {
	Name     string        `json:"name,omitempty"` // "" of an expression
	Text     string        `json:"text,omitempty"` // of an expression
	Kind     string        `json:"kind"`           // s-op or selector
	Type     string        `json:"type,omitempty"` // of an s-op
	Values   []string      `json:"values,omitempty"`
	Selected []string      `json:"selected,omitempty"` // of a selector: a row of 0 and 1 for each query
	Range    service.Range `json:"range"`
	Output   bool          `json:"output,omitempty"`
	Head     bool          `json:"head,omitempty"` // a selector that something is gathered or counted by
	Fault    string        `json:"fault,omitempty"`

	node  *graph.Node
	order int
}

const sop, selector = "s-op", "selector"

// writer makes rows.
type writer struct {
	OnInput
	program   *lang.Program
	text      *service.Text
	evaluator *interp.Evaluator
	input     []value.Value
	cells     int // of matrices that may still be written
}

func (w *writer) rangeOf(at diag.Span) service.Range {
	if at.Source == nil || at.Source.Name != name {
		return service.Range{}
	}
	return w.text.Range(at)
}

// rows are those of names and, between them, of expressions, in the order of evaluation;
// left is how many of them are too many.
func (w *writer) rows(all map[diag.Span]seen, outputs []graph.Output) (list []Row, left int) {
	named := map[*graph.Node]bool{}
	list = []Row{}
	for _, b := range w.program.Bindings {
		named[b.Node] = true
		list = append(list, Row{Name: b.Name, Range: w.rangeOf(b.Span), node: b.Node, order: all[b.Span].order})
	}
	list = append(list, w.expressions(all, named)...)
	slices.SortStableFunc(list, func(a, b Row) int { return cmp.Compare(a.order, b.order) })
	if len(list) > mostRows {
		list, left = list[:mostRows], len(list)-mostRows
	}
	heads := gatheredBy(w.program.Graph)
	for i := range list {
		r := &list[i]
		r.Head = heads[r.node]
		r.Output = slices.ContainsFunc(outputs, func(o graph.Output) bool { return o.Node == r.node && (r.Name == o.Name || r.Name == "") })
		w.fill(r)
	}
	return list, left
}

// expressions are rows without a name of their own: those outside of functions that were
// evaluated once.
func (w *writer) expressions(all map[diag.Span]seen, named map[*graph.Node]bool) (list []Row) {
	bodies := functionsOf(w.program.File)
	inside := func(at diag.Span) bool {
		return slices.ContainsFunc(bodies, func(def diag.Span) bool { return def.Start <= at.Start && at.End <= def.End })
	}
	for at, s := range all {
		n := nodeOf(s.value)
		if n == nil || n.Op <= graph.Const || named[n] || s.times > 1 || !computes(s.x) || inside(at) {
			continue
		}
		list = append(list, Row{Text: strings.Join(strings.Fields(at.Text()), " "), Range: w.rangeOf(at), node: n, order: s.order})
	}
	slices.SortFunc(list, func(a, b Row) int { return cmp.Compare(a.order, b.order) })
	found := map[*graph.Node]bool{}
	return slices.DeleteFunc(list, func(r Row) bool { // a function may give what it was given
		again := found[r.node]
		found[r.node] = true
		return again
	})
}

// computes reports whether an expression is more than a name or another one in parentheses.
func computes(x syntax.Expr) bool {
	switch x.(type) {
	case *syntax.Ident, *syntax.Paren, *syntax.Literal:
		return false
	}
	return true
}

func functionsOf(file *syntax.File) (list []diag.Span) {
	file.WalkAll(func(n syntax.Node) {
		if def, ok := n.(*syntax.FuncDef); ok {
			list = append(list, def.Span())
		}
	})
	return list
}

func nodeOf(v elab.Value) *graph.Node {
	switch v := v.(type) {
	case elab.SOp:
		return v.Node
	case elab.Selector:
		return v.Node
	}
	return nil
}

// gatheredBy are the selectors by which something is gathered or counted.
func gatheredBy(g *graph.Graph) map[*graph.Node]bool {
	found := map[*graph.Node]bool{}
	for _, n := range g.Nodes {
		if n.Op == graph.Aggregate || n.Op == graph.Width || n.Op == graph.Any {
			found[n.Args[0]] = true
		}
	}
	return found
}

// fill evaluates a row.
func (w *writer) fill(r *Row) {
	r.Kind = sop
	if r.node.IsSelector() {
		r.Kind = selector
	}
	if err := w.evaluator.Extend(w.input, r.node); err != nil {
		r.Fault = open.Diagnose(err).Message
		return
	}
	if r.Kind == sop {
		sequence := w.evaluator.Sequence(r.node)
		r.Values = shownAll(sequence)
		r.Type, _ = value.TypeOf(sequence)
		return
	}
	if w.cells -= len(w.input) * len(w.input); w.cells < 0 {
		r.Fault = "too much to show beside the others"
		return
	}
	for _, row := range w.evaluator.Matrix(r.node) {
		line := make([]byte, len(row))
		for j, on := range row {
			line[j] = '0'
			if on {
				line[j] = '1'
			}
		}
		r.Selected = append(r.Selected, string(line))
	}
}
