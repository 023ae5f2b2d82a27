package analysis

import (
	"rasp/compiler/facts"
	"rasp/lang/graph"
	"rasp/lang/value"
)

// newVariable is what an aggregate, a width or an any brings, or the value of a node taken
// as given.
func (a *Analysis) newVariable(n *graph.Node, kind facts.Source, size int) *facts.Variable {
	id := 3 + 2*n.ID
	if kind == facts.Computed { // beside the variable that the node may have of its own
		id++
	}
	v := &facts.Variable{Id: id, Source: kind, Node: n, Size: size}
	if kind == facts.Computed {
		return v
	}
	a.Own[n] = v
	if n.Op == graph.Aggregate || n.Op == graph.Width || n.Op == graph.Any {
		a.selectorOf(n.Args[0])
	}
	return v
}

// record keeps the table of an s-op, and what follows from that alone.
func (a *Analysis) record(n *graph.Node, r *facts.Table) {
	a.Tables[n] = r
	delete(a.Means, n)
	delete(a.readings, n)
	delete(a.leaves, n)
	if lin := a.linearOf(n); lin != nil && a.Quotients[n] == nil {
		a.Linears[n] = lin
		if (r.Unbounded || a.IsMean(n)) && a.tooRounded(lin) {
			delete(a.Linears, n)
		}
	}
	a.Means[n] = a.ReadingOf(n)
	if own := a.Own[n]; own != nil {
		own.Table = r
	}
	if len(r.Vars) > 1 {
		a.computedVariable(n)
	}
}

// given is the table of a node whose value is taken as a variable.
func (a *Analysis) given(n *graph.Node) *facts.Table {
	v := a.computedVariable(n)
	a.taken[n] = true
	values := a.Table(n).Values
	return facts.Identity(v, func(s int) value.Value { return values[s] })
}

// computedVariable has the values of n as states.
func (a *Analysis) computedVariable(n *graph.Node) *facts.Variable {
	v := a.Computed[n]
	if v == nil {
		v = a.newVariable(n, facts.Computed, len(a.Table(n).Values))
		v.Table, v.Unique = a.Table(n), a.differs(n)
		if lin := a.Linear(n); lin != nil && (a.IsMean(n) || a.tellsApart(lin, v.Table.Values)) {
			v.Linear = lin
		}
		a.Computed[n] = v
	}
	return v
}
