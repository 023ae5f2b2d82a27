package prove

import (
	"math"
	"slices"

	"rasp/lang/graph"
	"rasp/lang/value"
)

// picked is a selector of which another selects the latest key of each row, or the earliest.
type picked struct {
	of       *selector
	earliest bool
}

func (x picked) describe() string {
	which := "latest"
	if x.earliest {
		which = "earliest"
	}
	return "the " + which + " key of " + x.of.describe()
}

// picks is what a node picks its keys from; of nothing if that is not known.
//
// Lemma latest. Let nth be the width of A and w that of M, where A selects the positions not
// later than its own at which some s-ops have the values that they have there, and M those,
// up to some position, at which the same s-ops have the values that the query asks for, both
// perhaps only positions of a kind that is the same for all queries. Then
// M and "nth is w" selects the latest key of M, and M and "nth is 1" the earliest. For keys of
// a row of M are alike, and are all that are up to some position: in their order nth is 1, 2,
// .. w at them.
func (p *prover) picks(n *graph.Node) picked {
	if x, ok := p.picked[n]; ok {
		return x
	}
	p.picked[n] = picked{}
	parts := p.conjunction(n)
	for i, c := range parts {
		if c.Op != graph.Select || c.Fn != value.Eq {
			continue
		}
		alike, rest := p.counted(c.Args[0]), slices.Delete(slices.Clone(parts), i, i+1)
		if alike == nil || len(rest) == 0 || !p.numbers(p.conjunction(alike), rest) {
			continue
		}
		if p.isConst(c.Args[1], value.OfInt(1)) {
			p.picked[n] = picked{p.selectorOf(joined(n, rest)), true}
		} else if all := p.counted(c.Args[1]); all != nil && p.isConjunction(all, rest) {
			p.picked[n] = picked{p.selectorOf(all), false}
		}
	}
	return p.picked[n]
}

// joined is the conjunction of selectors, parts of n.
func joined(n *graph.Node, parts []*graph.Node) *graph.Node {
	all := parts[0]
	for _, c := range parts[1:] {
		all = &graph.Node{Op: graph.SelAnd, Args: []*graph.Node{all, c}, Span: n.Span}
	}
	return all
}

// counted is the selector whose width an s-op is, nil if it is none.
func (p *prover) counted(n *graph.Node) *graph.Node {
	if n.Op == graph.Width {
		return n.Args[0]
	}
	return p.idiom(n)
}

// conjunction lists the selectors of which one is the conjunction, without those of all pairs.
func (p *prover) conjunction(n *graph.Node) []*graph.Node {
	if n.Op == graph.SelAnd {
		return append(p.conjunction(n.Args[0]), p.conjunction(n.Args[1])...)
	}
	if n.Op == graph.Select && p.selectorOf(n) == p.everywhere() {
		return nil
	}
	return []*graph.Node{n}
}

// isConjunction reports that a selector is the conjunction of others.
func (p *prover) isConjunction(n *graph.Node, others []*graph.Node) bool {
	within := func(list, of []*graph.Node) bool {
		return !slices.ContainsFunc(list, func(c *graph.Node) bool {
			return !slices.ContainsFunc(of, func(d *graph.Node) bool { return p.selectorOf(c) == p.selectorOf(d) })
		})
	}
	parts := p.conjunction(n)
	return within(parts, others) && within(others, parts)
}

// numbers reports that the first conjunction is one as A, and the second as M of the lemma.
func (p *prover) numbers(alike, match []*graph.Node) bool {
	var asked []func(c *graph.Node) bool // what each condition of A is in M
	ordered := p.causal
	for _, c := range alike {
		switch {
		case c.Op != graph.Select:
			return false
		case len(p.selectorOf(c).q.vars) == 0:
			kind := p.selectorOf(c)
			asked = append(asked, func(d *graph.Node) bool { return p.selectorOf(d) == kind })
		case c.Fn == value.Eq && p.sameTable(c.Args[0], c.Args[1]):
			key := c.Args[0]
			asked = append(asked, func(d *graph.Node) bool { return d.Fn == value.Eq && p.sameTable(d.Args[0], key) })
		case c.Fn == value.Le && c.Args[0].Op == graph.Indices && c.Args[1].Op == graph.Indices:
			ordered = true
		default:
			return false
		}
	}
	met := make([]bool, len(asked))
	for _, c := range match {
		if c.Op != graph.Select {
			return false
		}
		fine := c.Args[0].Op == graph.Indices && (c.Fn == value.Le || c.Fn == value.Lt)
		for i, is := range asked {
			if is(c) {
				fine, met[i] = true, true
			}
		}
		if !fine {
			return false
		}
	}
	return ordered && !slices.Contains(met, false)
}

// sameTable reports that two s-ops have the same value on every input.
func (p *prover) sameTable(x, y *graph.Node) bool {
	if x == y {
		return true
	}
	a, b := p.table(x), p.table(y)
	return a.space == b.space && slices.Equal(a.ids, b.ids)
}

// picking checks by the scores that a head attends to the latest of the keys that a selector
// of the program picks it from, and to nothing else: of two selected keys the later one scores
// 104 more at least, and the rest is as with any selector (see regime), with BOS in between.
// The earliest is the latest in the other direction.
func (p *prover) picking(hd *head, n *graph.Node) *regime {
	x := p.picks(n)
	f := x.of
	if f == nil {
		return nil
	}
	k, q := p.space(hd.kv.space.vars, f.k.vars, []int{varPosition}), p.space(hd.qv.space.vars, f.q.vars)
	if p.tooLong("scores", f, k.n*q.n, 1) {
		return nil
	}
	m, rows, km, qm := p.meet(k, q, false), p.lift(f, k, q), k.to(hd.kv.space), q.to(hd.qv.space)
	place := k.column(varPosition)
	r := &regime{f: p.selectorOf(n), hard: true, equal: true, margin: math.Inf(1), pairs: k.n * q.n}
	lo, hi := make([]float64, p.n), make([]float64, p.n) // of selected keys, by place
	for j := range q.n {
		if qm[j] < 0 || hd.qv.of[qm[j]] < 0 {
			continue
		}
		i := int(hd.qv.of[qm[j]])
		scores := hd.scores[i*len(hd.kv.list) : (i+1)*len(hd.kv.list)]
		for at := range lo {
			lo[at], hi[at] = math.Inf(1), math.Inf(-1)
		}
		row, top := rows(j), hd.bos[i][1]
		others := math.Inf(-1)
		each(slices.Clone(m.any.row(j)), func(key int32) {
			if km[key] < 0 || hd.kv.of[km[key]] < 0 {
				return
			}
			s, at := scores[hd.kv.of[km[key]]], k.row(int(key))[place]
			if has(row, key) {
				lo[at], hi[at] = min(lo[at], s[0]), max(hi[at], s[1])
			} else {
				others = max(others, s[1])
			}
		})
		r.margin = min(r.margin, (hd.bos[i][0]-others)/gone)
		for i := range lo {
			at := i
			if x.earliest {
				at = len(lo) - 1 - i
			}
			r.margin = min(r.margin, (lo[at]-top)/gone)
			top = max(top, hi[at])
		}
	}
	if r.margin < 1 {
		return nil
	}
	if math.IsInf(r.margin, 0) {
		r.margin = 0
	}
	return r
}
