package compiler

import (
	"rasp/lang/graph"
	"rasp/lang/value"
)

// newVariable is what an aggregate, a width or an any brings, or the value of a node taken
// as given.
func (a *analysis) newVariable(n *graph.Node, kind variableKind, size int) *variable {
	id := 3 + 2*n.ID
	if kind == computedVariable { // beside the variable that the node may have of its own
		id++
	}
	v := &variable{id: id, kind: kind, node: n, size: size}
	if kind == computedVariable {
		return v
	}
	a.own[n] = v
	if n.Op == graph.Aggregate || n.Op == graph.Width || n.Op == graph.Any {
		a.selectorOf(n.Args[0])
	}
	return v
}

// record keeps the table of an s-op, and what follows from that alone.
func (a *analysis) record(n *graph.Node, r *relation) {
	a.tables[n] = r
	if lin := a.linearOf(n); lin != nil {
		a.linears[n] = lin
	}
	if own := a.own[n]; own != nil {
		own.table = r
	}
	if len(r.vars) > 1 {
		a.computedVariable(n)
	}
}

// given is the relation of a node whose value is taken as a variable.
func (a *analysis) given(n *graph.Node) *relation {
	v := a.computedVariable(n)
	a.taken[n] = true
	values := a.table(n).values
	return identity(v, func(s int) value.Value { return values[s] })
}

// computedVariable has the values of n as states.
func (a *analysis) computedVariable(n *graph.Node) *variable {
	v := a.computed[n]
	if v == nil {
		v = a.newVariable(n, computedVariable, len(a.table(n).values))
		v.table, v.linear, v.unique = a.table(n), a.linear(n), a.differs(n)
		a.computed[n] = v
	}
	return v
}
