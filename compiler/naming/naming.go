// Package naming names the parts of a model: each residual dimension, head and neuron by
// the s-op that it is about and the function of it, uniquely, and the same in each
// compilation.
//
// In come a plan and the graph that it was made of; out come names (model.Names), which a
// model file carries.
//
//	naming.go    s-ops, heads, neurons
//	dims.go      what a dimension holds; function.go, that in words
//	held.go      which s-ops the model reads off their own dimensions alone
//	print.go     for people
package naming

import (
	"fmt"
	"slices"

	"rasp/compiler/analysis"
	"rasp/compiler/facts"
	"rasp/compiler/plan"
	"rasp/lang/graph"
	"rasp/runtime/model"
)

// Of are the names of the model that is emitted of a plan.
func Of(p *plan.Plan, shape model.Config, a *analysis.Analysis, roots []*graph.Node) *model.Names {
	w := &writer{
		Analysis: a, plan: p, names: &model.Names{SOps: []model.SOp{}, Dims: []model.DimName{}, Heads: [][]model.HeadName{}, Neurons: [][]model.PartName{}}, taken: map[string]bool{},
		values: map[int]map[model.Token]int{}, numbers: map[int]numbered{},
		nodes: map[int]*graph.Node{}, at: map[subject]int{}, sops: map[string]bool{},
	}
	for _, n := range slices.Concat(a.Nodes, a.Made) {
		w.nodes[n.ID] = n
	}
	w.programs()
	w.dims()
	heads, neurons := p.ByLayer()
	for l := range shape.Layers {
		w.heads(l, heads[l], shape.Heads)
		w.neurons(l, neurons[l], shape.DMLP)
	}
	w.hold(roots)
	return w.names
}

// writer collects names.
type writer struct {
	*analysis.Analysis
	plan   *plan.Plan
	names  *model.Names
	taken  map[string]bool     // names of parts
	nodes  map[int]*graph.Node // by number in the graph
	at     map[subject]int     // place among names.SOps
	sops   map[string]bool     // their names
	values map[int]map[model.Token]int

	numbers map[int]numbered // see numbersOf
}

// subject is what a part is about: an s-op of the graph, or what the program is given.
type subject struct {
	of   plan.Subject
	node *graph.Node // nil but for OfSOp
}

// programs lists what the program gives a name, and what it is given.
func (w *writer) programs() {
	for _, n := range w.Nodes {
		if n.Name != "" && !n.IsSelector() && n.Op != graph.Const || n.Op == graph.Tokens || n.Op == graph.Indices {
			w.sop(subjectOf(n))
		}
	}
}

// subjectOf is a node of the graph as a subject.
func subjectOf(n *graph.Node) subject {
	switch n.Op {
	case graph.Tokens:
		return subject{of: plan.OfToken}
	case graph.Indices:
		return subject{of: plan.OfPosition}
	}
	return subject{node: n}
}

var given = [...]string{plan.OfSOp: "sop", plan.OfToken: "token", plan.OfPosition: "position", plan.OfLength: "length"}

// sop is the place of a subject in the list, which it joins.
func (w *writer) sop(s subject) int {
	if at, ok := w.at[s]; ok {
		return at
	}
	x := model.SOp{Of: given[s.of], Node: -1}
	base := map[plan.Subject]string{plan.OfToken: "tokens", plan.OfPosition: "indices", plan.OfLength: "length"}[s.of]
	if s.node != nil {
		base, x.Line, x.Col = graph.Describe(s.node), s.node.Span.Line(), s.node.Span.Col()
		if at, ok := w.Origins[s.node]; ok {
			x.Node = at
		}
		v := w.Own[s.node]
		x.Single, x.Unique = v != nil && v.Source == facts.Fetched, v != nil && v.Source == facts.Width && v.Unique
	}
	x.Name = unique(w.sops, base)
	w.at[s] = len(w.names.SOps)
	w.names.SOps = append(w.names.SOps, x)
	if s.node != nil {
		w.listed(w.at[s], s.node)
	}
	return w.at[s]
}

func (w *writer) sopName(s subject) string { return w.names.SOps[w.sop(s)].Name }

// unique is the name, with a number if it is taken.
func unique(taken map[string]bool, name string) string {
	try := name
	for k := 2; taken[try]; k++ {
		try = fmt.Sprintf("%s #%d", name, k)
	}
	taken[try] = true
	return try
}

// bringer is the s-op for which a head brings a value first; false for the length.
func (w *writer) bringer(v plan.Value) (subject, bool) {
	n := w.nodes[v.For]
	return subject{node: n}, n != nil
}

func (w *writer) heads(l int, heads []*plan.Head, count int) {
	list := make([]model.HeadName, count)
	for i := range list {
		if i >= len(heads) || len(heads[i].Values) == 0 {
			list[i] = model.HeadName{Name: unique(w.taken, fmt.Sprintf("padding head %d.%d", l, i)), Kind: "padding"}
			continue
		}
		h := heads[i]
		x := model.HeadName{Kind: h.Values[0].Kind.String(), Selector: graph.DescribeSelector(w.nodes[h.Selector]), Line: h.Label.Line}
		if h.Parts > 1 {
			x.Part, x.Parts = h.Part+1, h.Parts
		}
		for _, v := range h.Values {
			if s, ok := w.bringer(v); ok && x.SOp == "" {
				x.SOp = w.sopName(s)
			}
			if !slices.Contains(x.Brings, v.Out.Dim) {
				x.Brings = append(x.Brings, v.Out.Dim)
			}
		}
		x.Name = unique(w.taken, h.Label.What)
		list[i] = x
	}
	w.names.Heads = append(w.names.Heads, list)
}

func (w *writer) neurons(l int, neurons []*plan.Neuron, count int) {
	list := make([]model.PartName, count)
	for i := range list {
		if i >= len(neurons) {
			list[i] = model.PartName{Name: unique(w.taken, fmt.Sprintf("padding neuron %d.%d", l, i)), Kind: "padding"}
			continue
		}
		n := neurons[i]
		x := model.PartName{Kind: "relu", Line: n.Label.Line}
		switch {
		case !slices.ContainsFunc(n.Outs, func(o plan.Term) bool { return o.Factor != 0 }):
			x.Kind = "padding" // what it wrote is read off other dimensions
		case n.Table > 0:
			x.Kind = "row"
		}
		x.Name = unique(w.taken, plan.LabelText(n.Label.Name, n.Label.What))
		list[i] = x
	}
	w.names.Neurons = append(w.names.Neurons, list)
}
