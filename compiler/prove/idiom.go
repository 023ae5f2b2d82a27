package prove

import (
	"rasp/lang/graph"
	"rasp/lang/interp"
	"rasp/lang/value"
)

// idiom is the selector F whose width a node is, counted as the paper's library does; nil if it
// is none:
//
//	round(1 / aggregate(F or first, light0) - 1 + aggregate(F and first, light0, 0))
//
// Lemma idiom: first selects position 0 alone, and light0 is 1 there and 0 elsewhere. So
// the first mean is 1/w for w = width(F or first), and the second is 1 or the default 0 as
// F selects position 0 or does not. Then w - 1 + (1 or 0) is the width of F; that floats
// and round give this int is evaluated for each w.
func (p *prover) idiom(n *graph.Node) *graph.Node {
	arg := func(m *graph.Node, op graph.Op, fn value.Fn, i int) *graph.Node {
		if m == nil || m.Op != op || (op == graph.Binary || op == graph.Unary) && m.Fn != fn {
			return nil
		}
		return m.Args[i]
	}
	if n.Op != graph.Unary || n.Fn != value.Round {
		return nil
	}
	sum := n.Args[0]
	difference, has := arg(sum, graph.Binary, value.Add, 0), arg(sum, graph.Binary, value.Add, 1)
	quotient, one := arg(difference, graph.Binary, value.Sub, 0), arg(difference, graph.Binary, value.Sub, 1)
	one2, mean := arg(quotient, graph.Binary, value.Div, 0), arg(quotient, graph.Binary, value.Div, 1)
	or, and := arg(mean, graph.Aggregate, 0, 0), arg(has, graph.Aggregate, 0, 0)
	if or == nil || and == nil || or.Op != graph.SelOr || and.Op != graph.SelAnd ||
		!p.isConst(one, value.OfInt(1)) || !p.isConst(one2, value.OfInt(1)) || has.Value != value.OfInt(0) {
		return nil
	}
	f := p.selectorOf(and.Args[0])
	first := p.selectorOf(and.Args[1])
	if p.selectorOf(or.Args[0]) != f || p.selectorOf(or.Args[1]) != first || first != p.first() {
		return nil
	}
	for _, m := range []*graph.Node{mean.Args[1], has.Args[1]} {
		t := p.table(m)
		for i, id := range t.ids {
			if len(t.space.vars) != 1 || t.space.vars[0] != varPosition || id < 0 {
				return nil
			}
			want := value.OfInt(0)
			if t.space.row(i)[0] == 0 {
				want = value.OfInt(1)
			}
			if p.values[id] != want {
				return nil
			}
		}
	}
	for w := 1; w <= p.n; w++ {
		for h := range 2 {
			m := value.OfInt(1)
			if w > 1 {
				m = value.OfFloat(1 / float64(w))
			}
			x := value.OfInt(int64(h))
			for _, step := range []func() (value.Value, error){
				func() (value.Value, error) { return interp.Apply(quotient, []value.Value{value.OfInt(1), m}) },
				func() (value.Value, error) { return interp.Apply(difference, []value.Value{m, value.OfInt(1)}) },
				func() (value.Value, error) { return interp.Apply(sum, []value.Value{m, x}) },
				func() (value.Value, error) { return interp.Apply(n, []value.Value{m}) },
			} {
				var err error
				if m, err = step(); err != nil {
					return nil
				}
			}
			if m != value.OfInt(int64(w-1+h)) {
				return nil
			}
		}
	}
	return and.Args[0]
}

func (p *prover) isConst(n *graph.Node, v value.Value) bool {
	t := p.table(n)
	return t.space.n == 1 && len(t.space.vars) == 0 && t.ids[0] == p.id(v)
}

// first is the selector of position 0.
func (p *prover) first() *selector {
	none := p.space(nil)
	k := p.space([]int{varPosition})
	f := &selector{k: k, q: none, class: []int32{0}, rows: newBits(1, k.n), text: "position 0"}
	set(f.rows.row(0), 0)
	return p.canonical(f)
}
