package naming

import (
	"slices"

	"rasp/compiler/plan"
	"rasp/lang/graph"
)

// An s-op is held if setting its dimensions, where they are written, does to the model what
// setting it does to the program. Each part of a model computes an s-op U from others, N,
// those that its inputs are functions of. That is right whatever is set, if
//
//   - no way in the graph from what is set to U goes around N: what lies between N and U
//     is computed anew, from what it is made of, and is not held for that;
//   - U depends on each of N by a way that meets no other of N: else the part may rely on
//     some of N following from others, which what is set need not do.
//
// Dimensions that are no function of one s-op count as what they are computed from.

type holder struct {
	*writer
	reads   map[*plan.Column][]read // what it is computed from
	sources map[read]map[subject]bool
	bad     map[subject]string
}

// mostWalks bounds the work: parts times nodes of the graph.
const mostWalks = 1 << 23

func (w *writer) hold(roots []*graph.Node) {
	h := &holder{writer: w, reads: map[*plan.Column][]read{}, sources: map[read]map[subject]bool{}, bad: map[subject]string{}}
	h.findReads()
	if len(w.plan.Columns)*len(w.Nodes) > mostWalks {
		for s := range w.at {
			h.bad[s] = "the model is too large to tell"
		}
	} else {
		for _, c := range w.plan.Columns {
			if s, ok := h.about(c); ok && s.node != nil {
				h.part(true, h.union(h.reads[c]), s.node)
			}
		}
		for i, o := range w.plan.Outputs {
			if o.Next {
				h.part(false, h.union(readsOf(o.Logits...)), roots...)
			} else {
				h.part(false, h.union(readsOf(o.Logits...)), roots[i])
			}
		}
	}
	h.related()
	h.judge()
}

// findReads finds what each column is computed from. Neurons that write to it read mostly what
// those before them read.
func (h *holder) findReads() {
	last := map[*plan.Column][]read{}
	add := func(to *plan.Column, list []read) {
		if slices.Equal(list, last[to]) {
			return
		}
		last[to] = list
		h.reads[to] = append(h.reads[to], list...)
	}
	for _, x := range h.plan.Heads {
		scores := readsOf(x.Forms()...)
		for _, v := range x.Values {
			add(v.Out, scores)
			add(v.Out, readsOf(v.Value))
		}
	}
	for _, n := range h.plan.Neurons {
		in := readsOf(n.In)
		for _, o := range n.Outs {
			add(o.Of, in)
		}
	}
}

// read is a column that a form reads. One of several terms of a number counts as that if the
// form reads the number, and else as what it is computed from.
type read struct {
	of    *plan.Column
	apart bool
}

func readsOf(forms ...plan.Form) []read {
	terms := 0
	for _, f := range forms {
		terms += len(f.Terms)
	}
	list := make([]read, 0, terms)
	for _, f := range forms {
		for _, t := range f.Terms {
			list = append(list, read{t.Of, t.Of.Joint != nil && !readsJoint(f, t)})
		}
	}
	return list
}

// readsJoint reports that a form has all terms of a number times what it has this one.
func readsJoint(f plan.Form, one plan.Term) bool {
	factors := map[*plan.Column]float64{}
	for _, t := range f.Terms {
		factors[t.Of] += t.Factor
	}
	terms := one.Of.Joint.Form.Terms
	at := slices.IndexFunc(terms, func(t plan.Term) bool { return t.Of == one.Of })
	return !slices.ContainsFunc(terms, func(t plan.Term) bool {
		return float64(factors[t.Of]*terms[at].Factor) != float64(one.Factor*t.Factor)
	})
}

// about is the s-op that a column is a function of; false if it is of none.
func (h *holder) about(c *plan.Column) (subject, bool) {
	d := h.names.Dims[c.Dim]
	if code := h.code(c); code != nil {
		return h.subject(code), true
	}
	if c.Joint != nil {
		return h.subject(&c.Joint.Code), true
	}
	if d.Itself {
		for s, at := range h.at {
			if h.names.SOps[at].Name == d.SOp {
				return s, true
			}
		}
	}
	return subject{}, false
}

// union is what the columns are functions of.
func (h *holder) union(columns []read) map[subject]bool {
	all, seen := map[subject]bool{}, map[read]bool{}
	for _, r := range columns {
		if seen[r] {
			continue
		}
		seen[r] = true
		for s := range h.source(r) {
			all[s] = true
		}
	}
	return all
}

func (h *holder) source(r read) map[subject]bool {
	if known, ok := h.sources[r]; ok {
		return known
	}
	c := r.of
	h.sources[r] = map[subject]bool{} // what is written reads nothing later
	of := map[subject]bool{}
	if s, ok := h.about(c); ok && !r.apart {
		of[s] = true
	} else {
		of = h.union(h.reads[c])
		if c.Tokens != nil {
			of[subject{of: plan.OfToken}] = true
		}
		if c.Positions != nil {
			of[subject{of: plan.OfPosition}] = true
		}
	}
	h.sources[r] = of
	return of
}

// part marks what a part of the model that computes targets from s-ops does not hold. What
// it writes to a dimension of the target is overwritten where that is set.
func (h *holder) part(written bool, from map[subject]bool, targets ...*graph.Node) {
	met, between := map[subject]bool{}, map[*graph.Node]bool{}
	var walk func(n *graph.Node)
	walk = func(n *graph.Node) {
		if s := subjectOf(n); from[s] {
			met[s] = true
			return
		}
		if between[n] {
			return
		}
		between[n] = true
		for _, a := range n.Args {
			walk(a)
		}
	}
	for _, t := range targets {
		walk(t)
	}
	for n := range between {
		if !written || n != targets[0] {
			h.mark(subjectOf(n), "the model computes anew what it is made of, for "+graph.Describe(targets[0]))
		}
	}
	for s := range from {
		if !met[s] && s.of != plan.OfLength {
			h.markAround(s, met, targets[0])
		}
	}
}

func (h *holder) mark(s subject, why string) {
	if old, ok := h.bad[s]; !ok || why < old { // the same in each compilation
		h.bad[s] = why
	}
}

// markAround marks what lies between s and those that are met.
func (h *holder) markAround(s subject, met map[subject]bool, target *graph.Node) {
	why := "the model reads it together with what it is made of, for " + graph.Describe(target)
	h.mark(s, why)
	for m := range met {
		h.mark(m, why)
		if m.node == nil {
			continue
		}
		below := map[*graph.Node]bool{} // of what is reachable, whether s is below
		for _, n := range graph.Reachable(m.node) {
			yes := subjectOf(n) == s
			for _, a := range n.Args {
				yes = yes || below[a]
			}
			if below[n] = yes; yes {
				h.mark(subjectOf(n), why)
			}
		}
	}
}

// related marks what is computed from counts whose rows the compiler has compared with each
// other: it may rely on what these say of two positions.
func (h *holder) related() {
	compared, from := map[*graph.Node]bool{}, map[*graph.Node]bool{}
	for _, c := range h.Inclusions {
		compared[c.Selector] = true
	}
	for _, n := range h.Nodes {
		if n.Op == graph.Width && compared[n.Args[0]] {
			from[n] = true
		} else if n.Elementwise() && slices.ContainsFunc(n.Args, func(a *graph.Node) bool { return from[a] }) {
			from[n] = true
			h.mark(subjectOf(n), "the model relies on what its values at two positions have to do with each other")
		}
	}
}

// judge says of each s-op whether it is held. The token is set where the embedding is, all
// functions of it at once.
func (h *holder) judge() {
	dims, inexact := map[string]bool{}, map[string]bool{}
	for _, d := range h.names.Dims {
		dims[d.SOp] = dims[d.SOp] || d.Itself || len(d.Codes) > 0
		inexact[d.SOp] = inexact[d.SOp] || d.Kind == "code" && len(d.Codes) == 0
	}
	for s, at := range h.at {
		x := &h.names.SOps[at]
		switch why, bad := h.bad[s]; {
		case s.of == plan.OfToken:
		case s.of == plan.OfPosition:
			x.Why = "the model relies on each position being there once"
		case s.of == plan.OfLength:
			x.Why = "it is the length of the input"
		case !dims[x.Name] && folded(s.node):
			x.Why = "it is folded into what is computed from it"
		case !dims[x.Name]:
			x.Why = "no dimension holds it decoded"
		case inexact[x.Name]:
			x.Why = "a dimension depends on how it came about, not on its value alone"
		case x.Node < 0:
			x.Why = "the compiler wrote it, not the program"
		case bad:
			x.Why = why
		}
		x.Held = x.Why == ""
	}
}

func folded(n *graph.Node) bool { return n.Elementwise() }
