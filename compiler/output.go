package compiler

import (
	"math"
	"math/bits"
	"slices"

	"rasp/lang"
	"rasp/lang/diag"
	"rasp/lang/graph"
	"rasp/lang/value"
	"rasp/runtime"
)

// readOut asks for what the unembedding needs to show an s-op: for values that
// can be listed a logit each, for means the number itself and whether it is a
// float.
func (l *lowering) readOut(b lang.Binding, n *graph.Node) {
	r := l.relations[n]
	out := output{name: b.Name}
	switch {
	case !r.unbounded && len(r.values) == 0:
		l.fail(diag.Errorf(b.Span, diag.Value, "%s fails on every input of the domain", b.Name))
		return
	case r.unbounded || l.isMean(n) && !l.all(n, isInteger) && !slices.ContainsFunc(r.values, isBool):
		out.logits = []form{l.scalar(n).get(), l.isFloat(n)}
	case l.soonerAsNumber(n):
		out.logits = []form{l.scalar(n).get(), {}}
	default:
		for _, v := range r.values {
			out.classes = append(out.classes, runtime.Token(v.JSON()))
		}
		out.logits = l.classLogits(n)
	}
	l.outputs = append(l.outputs, out)
}

func isBool(v value.Value) bool { return v.Kind() == value.Bool }

// soonerAsNumber reports whether an s-op of ints is there as a number before its
// values are told apart.
func (l *lowering) soonerAsNumber(n *graph.Node) bool {
	if !l.kindIs(n, value.Int) || len(l.relations[n].values) == 1 || l.linear(n) == nil || l.size(n) > 1<<20 {
		return false
	}
	f := make([]float64, len(l.idsBySource(n)))
	for s, id := range l.idsBySource(n) {
		f[s] = math.Sqrt(float64(id) + 2) // no linear function of the values
	}
	return (l.scalar(n).when+1)/2 < (l.when(l.source(n), f)+1)/2
}

// isMean reports whether an s-op is a mean, or linear in means.
func (l *lowering) isMean(n *graph.Node) bool {
	r := l.relations[n]
	if n.Op == graph.Aggregate {
		return n.Value.IsNumber() && len(r.vars) == 1 && r.vars[0].kind == meanVariable && r.vars[0].node == n &&
			len(l.selection(n.Args[0], nil).parts) == 1
	}
	lin := l.linear(n)
	if lin == nil {
		return false
	}
	return slices.ContainsFunc(lin.nodes, l.isMean)
}

// classLogits writes the value of n so that the logit of its class is the
// largest: by bits of the class number, written as -1 and +1, whose product is
// larger by 2 at least for equal numbers than for others; or by a column for
// each class.
func (l *lowering) classLogits(n *graph.Node) []form {
	count := len(l.relations[n].values)
	logits := make([]form, count)
	if count == 1 {
		return logits
	}
	ids := l.idsBySource(n)
	code := func(f func(id int) float64) form {
		g := make([]float64, len(ids))
		for s, id := range ids {
			g[s] = math.NaN()
			if id != none {
				g[s] = f(int(id))
			}
		}
		return l.read(l.source(n), g)
	}
	if count <= 3 || !l.bits && count*len(ids) < maxOneHot {
		for c := range logits {
			logits[c] = code(func(id int) float64 { return indicate(id == c) })
		}
		return logits
	}
	for b := range bits.Len(uint(count - 1)) {
		sign := func(id int) float64 { return float64(2*(id>>b&1) - 1) }
		bit := code(sign)
		for c := range logits {
			logits[c] = logits[c].plus(bit.times(sign(c)))
		}
	}
	return logits
}

// maxOneHot bounds the work on read-outs with a column for each class: classes
// times states of the variable.
const maxOneHot = 1 << 22

func indicate(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// isFloat is 1 where the value of n is a float and 0 where it is an int: a mean
// of two or more values is a float, one value keeps its type.
func (l *lowering) isFloat(n *graph.Node) form {
	r := l.relations[n]
	if !r.unbounded {
		ids := l.idsBySource(n)
		g := make([]float64, len(ids))
		for s, id := range ids {
			g[s] = math.NaN()
			if id != none {
				g[s] = indicate(r.values[id].Kind() == value.Float)
			}
		}
		return l.read(l.source(n), g)
	}
	if n.Op == graph.Aggregate {
		return l.meanIsFloat(n)
	}
	if l.alwaysFloat(n) {
		return constantForm(1)
	}
	lin := l.linear(n)
	if len(lin.nodes) == 1 {
		return l.isFloat(lin.nodes[0])
	}
	return l.fail(diag.Errorf(n.Span, diag.Limit, "whether %s is an int or a float depends on too much", describe(n)).
		WithHint("multiply it by 1.0 to make it a float everywhere"))
}

// alwaysFloat reports that a number is a float on every input: a quotient, or
// arithmetic with a float.
func (l *lowering) alwaysFloat(n *graph.Node) bool {
	if !l.relations[n].unbounded {
		return l.kindIs(n, value.Float)
	}
	return n.Op == graph.Binary && (n.Fn == value.Div || slices.ContainsFunc(n.Args, l.alwaysFloat))
}

// kindIs reports that all values of n are of one kind.
func (l *lowering) kindIs(n *graph.Node, kind value.Kind) bool {
	return l.all(n, func(v value.Value) bool { return v.Kind() == kind })
}

func (l *lowering) meanIsFloat(n *graph.Node) form {
	sel := l.selection(n.Args[0], nil)
	fallback := indicate(n.Value.Kind() == value.Float)
	one := 1.0
	switch val := n.Args[1]; {
	case l.kindIs(val, value.Float):
	case l.kindIs(val, value.Int):
		one = 0
	default:
		return l.fail(diag.Errorf(n.Span, diag.Limit, "whether %s is an int or a float depends on too much", describe(n)).
			WithHint("multiply %s by 1.0 to make it a float everywhere", describe(val)))
	}
	f := slices.Repeat([]float64{1}, l.domain.Length+1)
	f[0], f[1] = fallback, one
	return l.countOf(sel, f).get()
}
