package analysis

import (
	"rasp/compiler/facts"
	"rasp/lang/graph"
	"rasp/lang/value"
)

// An s-op is uniform if it is the same at all positions of an input: the length,
// what a selector brings that looks at no query, and what is computed from such.
// In causal mode only constants are, since a row sees no keys after its own.
//
// A number that moves with the position by itself and is moved, beyond that, by
// uniform amounts only (indices + length - aggregate(select(tokens, "+", ==),
// indices)) differs between all positions, so that a selector that compares it
// with a query selects one key at most.

// isUniform reports whether n is known to be the same at all positions.
func (a *Analysis) isUniform(n *graph.Node) bool {
	known, ok := a.uniform[n]
	if !ok {
		if known = a.findUniform(n); known {
			a.claim(facts.Uniform, n, "of the length, of selectors that look at no query, and of such")
		}
		a.uniform[n] = known
	}
	return known
}

func (a *Analysis) findUniform(n *graph.Node) bool {
	switch n.Op {
	case graph.Const:
		return true
	case graph.Tokens, graph.Indices:
		return false
	}
	if r := a.Table(n); r != nil && len(r.Vars) == 1 && r.Vars[0] == a.Length {
		return true
	}
	switch n.Op {
	case graph.Aggregate, graph.Width, graph.Any:
		return !a.Domain.Causal && a.ignoresQuery(n.Args[0])
	}
	for _, arg := range n.Args {
		if !a.isUniform(arg) {
			return false
		}
	}
	return true
}

// ignoresQuery reports whether all rows of a selector are the same.
func (a *Analysis) ignoresQuery(sel *graph.Node) bool {
	if sel.Op == graph.Select {
		return a.isUniform(sel.Args[1]) && a.claim(facts.Alike, sel, "its query is the same everywhere")
	}
	for _, arg := range sel.Args {
		if !a.ignoresQuery(arg) {
			return false
		}
	}
	return a.claim(facts.Alike, sel, "of such")
}

// isUniformVariable reports whether a variable has the same state at all
// positions of an input.
func (a *Analysis) isUniformVariable(v *facts.Variable) bool {
	return v.Node != nil && a.isUniform(v.Node) || v == a.Length
}

// differs reports whether the value of n is another one at each position of an
// input: it depends on one variable that is, and for each state of the rest,
// which are uniform, each state of that gives another value.
func (a *Analysis) differs(n *graph.Node) bool {
	r := a.Table(n)
	moving := -1
	for i, v := range r.Vars {
		switch {
		case a.isUniformVariable(v):
		case v.Unique && moving < 0:
			moving = i
		default:
			return false
		}
	}
	if moving < 0 {
		return false
	}
	inner := 1
	for _, v := range r.Vars[moving+1:] {
		inner *= v.Size
	}
	size := r.Vars[moving].Size
	rank := make([]int, len(r.Values)) // equal for 1 and 1.0
	for id := 1; id < len(rank); id++ {
		rank[id] = rank[id-1]
		if !value.Equal(r.Values[id-1], r.Values[id]) {
			rank[id]++
		}
	}
	seen := make([]int, len(rank)) // the last combination of uniform states with the value
	for c := range len(r.Cells) / size {
		base := c/inner*inner*size + c%inner
		for s := range size {
			id := r.Cells[base+s*inner]
			if id == facts.None {
				continue
			}
			if seen[rank[id]] == c+1 {
				return false
			}
			seen[rank[id]] = c + 1
		}
	}
	return a.claim(facts.Different, n, "one variable that differs, moved by what is the same everywhere")
}

// Uniform reports whether it was asked, and found, that n is the same at all positions.
func (a *Analysis) Uniform(n *graph.Node) bool { return a.uniform[n] }
