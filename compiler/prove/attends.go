package prove

import (
	"fmt"
	"math"
	"slices"

	"rasp/compiler/prove/witness"
	"rasp/lang/graph"
)

// regime is how a head shares its attention between BOS and the keys of a selector: BOS
// has nothing where a key is selected (hard), or the weight 1 to e of each key.
type regime struct {
	f      *selector
	hard   bool
	equal  bool    // keys that a query selects have the same weight
	lo, hi float64 // of e, if not hard
	margin float64
	pairs  int
}

// attends finds the selector that a head realises: the one that the witness names, or the
// keys of it with the top score; the keys whose weight is not 0 beside that of BOS; or any
// of the program's.
func (p *prover) attends(hd *head) (*regime, string) {
	var r *regime
	why := ""
	tried := map[*selector]bool{}
	try := func(f *selector) bool {
		if f == nil || tried[f] {
			return false
		}
		tried[f] = true
		x, reason := p.regime(hd, f)
		if r = x; why == "" {
			why = reason
		}
		return x != nil
	}
	if n := p.namedNode(hd); n != nil {
		if r := p.picking(hd, n); r != nil {
			return r, ""
		}
	}
	if f := p.named(hd); f != nil && (try(f) || try(p.part(hd, f))) || try(p.heard(hd)) {
		return r, ""
	}
	for _, n := range p.nodes {
		if n.Op == graph.Aggregate && try(p.selectorOf(n.Args[0])) {
			return r, ""
		}
	}
	for _, n := range p.nodes {
		if n.Op == graph.Aggregate {
			if r := p.picking(hd, n.Args[0]); r != nil {
				return r, ""
			}
		}
	}
	return nil, why
}

// namedNode is the selector of the program that the witness names for a head; nil for none, or
// where it names a part of one.
func (p *prover) namedNode(hd *head) *graph.Node {
	for _, h := range p.witness.Heads {
		if h.Layer == hd.layer && h.Head == hd.head && h.Where == nil && h.Selects >= 0 && h.Selects < len(p.nodes) && p.nodes[h.Selects].IsSelector() {
			return p.nodes[h.Selects]
		}
	}
	return nil
}

// named is the selector that the witness names for a head; nil if it names none.
func (p *prover) named(hd *head) *selector {
	for _, h := range p.witness.Heads {
		if h.Layer != hd.layer || h.Head != hd.head {
			continue
		}
		f := p.everywhere()
		if h.Selects >= 0 {
			if h.Selects >= len(p.nodes) || !p.nodes[h.Selects].IsSelector() {
				return nil
			}
			f = p.selectorOf(p.nodes[h.Selects])
		}
		if h.Where != nil {
			return p.where(f, h.Where)
		}
		return f
	}
	return nil
}

// where restricts a selector to keys at which an s-op has one of some values.
func (p *prover) where(f *selector, w *witness.Where) *selector {
	if w.Node < 0 || w.Node >= len(p.nodes) || p.nodes[w.Node].IsSelector() {
		return nil
	}
	t := p.table(p.nodes[w.Node])
	var ids []int32
	for _, raw := range w.Is {
		if v, err := parseAtom(raw); err == nil {
			ids = append(ids, p.id(v))
		}
	}
	return p.restrict(f, t.space, func(s int32) bool { return slices.Contains(ids, t.ids[s]) })
}

// heard are the keys that BOS does not drown; nil if there are too many pairs to look at.
func (p *prover) heard(hd *head) *selector {
	f := &selector{k: hd.kv.space, q: hd.qv.space, class: make([]int32, hd.qv.space.n), rows: bitRows{words: (hd.kv.space.n + 63) / 64}}
	f.text = fmt.Sprintf("the selector of layer %d, head %d", hd.layer+1, hd.head+1)
	if p.tooLong("keys", f, len(hd.qv.list)*hd.kv.space.n, 4) {
		return nil
	}
	for i := range hd.qv.list {
		row := make([]uint64, f.rows.words)
		for s, v := range hd.kv.of {
			if v >= 0 && hd.scores[i*len(hd.kv.list)+int(v)][1] > hd.bos[i][0]-gone {
				set(row, int32(s))
			}
		}
		f.rows.rows = append(f.rows.rows, row...)
	}
	for j, v := range hd.qv.of {
		f.class[j] = max(v, 0)
	}
	return p.canonical(f)
}

// part is the keys of a selector that have the top score of their row.
func (p *prover) part(hd *head, f *selector) *selector {
	k, q := p.space(hd.kv.space.vars, f.k.vars), p.space(hd.qv.space.vars, f.q.vars)
	if p.tooLong("scores", f, k.n*q.n, 8) {
		return nil
	}
	rows, km, qm := p.lift(f, k, q), k.to(hd.kv.space), q.to(hd.qv.space)
	m := p.meet(k, q, true)
	g := &selector{k: k, q: q, class: make([]int32, q.n), node: f.node, text: shortened("the highest scores of a row of " + f.describe()), rows: bitRows{words: (k.n + 63) / 64}}
	classes := map[string]int32{}
	for j := range q.n {
		row := slices.Clone(rows(j))
		and(row, m.any.row(j))
		if qm[j] < 0 || hd.qv.of[qm[j]] < 0 {
			g.add(j, row, classes)
			continue
		}
		i := int(hd.qv.of[qm[j]])
		top := math.Inf(-1)
		each(row, func(s int32) {
			if km[s] >= 0 && hd.kv.of[km[s]] >= 0 {
				top = max(top, hd.scores[i*len(hd.kv.list)+int(hd.kv.of[km[s]])][0])
			}
		})
		each(slices.Clone(row), func(s int32) {
			if km[s] >= 0 && hd.kv.of[km[s]] >= 0 && hd.scores[i*len(hd.kv.list)+int(hd.kv.of[km[s]])][1] < top-1 {
				row[s/64] &^= 1 << (s % 64)
			}
		})
		g.add(j, row, classes)
	}
	return p.canonical(g)
}

// regime checks by the scores that a head attends to the keys of a selector and to
// nothing else.
//
// With s the scores of selected keys, t those of others that can meet the query, b that
// of BOS: t <= s - 104; and t <= b - 104, unless a key is sure to be selected and s >= b +
// 104. Weights of keys and BOS at 104 or more below the largest are exactly 0, in
// whatever blocks the keys come. Hard: s >= b + 104. Else b - s is the same everywhere.
func (p *prover) regime(hd *head, f *selector) (*regime, string) {
	sureSpace, sure := p.nonempty(f)
	k, q := p.space(hd.kv.space.vars, f.k.vars), p.space(hd.qv.space.vars, f.q.vars, sureSpace.vars)
	if p.tooLong("scores", f, k.n*q.n, 1) {
		return nil, fmt.Sprintf("too many pairs of positions to look at: %d", k.n*q.n)
	}
	m, rows, cared := p.meet(k, q, false), p.lift(f, k, q), p.cared(f, k, q)
	km, qm, sm := k.to(hd.kv.space), q.to(hd.qv.space), q.to(sureSpace)
	vector := make([]int32, k.n)
	for i := range vector {
		vector[i] = -1
		if km[i] >= 0 {
			vector[i] = hd.kv.of[km[i]]
		}
	}
	r := &regime{f: f, hard: true, equal: true, lo: math.Inf(1), hi: math.Inf(-1), margin: math.Inf(1), pairs: k.n * q.n}
	first := true
	for j := range q.n {
		if qm[j] < 0 || hd.qv.of[qm[j]] < 0 || sm[j] < 0 {
			continue
		}
		i := int(hd.qv.of[qm[j]])
		bos, scores := hd.bos[i], hd.scores[i*len(hd.kv.list):(i+1)*len(hd.kv.list)]
		slo, shi, top := math.Inf(1), math.Inf(-1), math.Inf(-1)
		row, meets, care := rows(j), m.any.row(j), cared(j)
		for w, word := range meets {
			each([]uint64{word & care[w]}, func(bit int32) {
				x := int32(w*64) + bit
				if vector[x] < 0 {
					return
				}
				s := scores[vector[x]]
				if has(row, x) {
					slo, shi = min(slo, s[0]), max(shi, s[1])
				} else {
					top = max(top, s[1])
				}
			})
		}
		some := slo <= shi
		if top > slo-gone {
			return nil, fmt.Sprintf("it does not choose by %s: a key that is not selected scores %g, one that is %g; keys by %s, queries by %s: %v", f.describe(), top, slo, p.names(k.vars), p.names(q.vars), q.row(j))
		}
		hard := some && slo >= bos[1]+gone
		if top > bos[0]-gone && !(hard && sure[sm[j]]) {
			return nil, fmt.Sprintf("a row of %s may select nothing, and another key has %g to the %g of BOS", f.describe(), top, bos[0])
		}
		r.margin = min(r.margin, (slo-top)/gone)
		if !some {
			continue
		}
		r.equal = r.equal && slo == shi
		if first {
			r.hard, first = hard, false
		}
		if r.hard != hard {
			return nil, "BOS has weight for some queries only"
		}
		if !hard {
			// fl(s - b), off by 2^-24, and its exp, off by 3 * 2^-24
			lo, hi := slo-bos[1], shi-bos[0]
			if hi > 0 {
				return nil, fmt.Sprintf("a selected key of %s has %g to the %g of BOS", f.describe(), shi, bos[0])
			}
			e := math.Abs(lo)*u + 4*u
			if lo == 0 && hi == 0 { // BOS and keys score alike, and exp(0) is 1
				r.lo, r.hi = min(r.lo, 1), max(r.hi, 1)
				continue
			}
			coarse := math.Ldexp(1, finest) // of the smallest floats
			r.lo, r.hi = min(r.lo, math.Exp(lo)*(1-e)-coarse), max(r.hi, math.Exp(hi)*(1+e)+coarse)
		}
	}
	if !r.hard && r.hi > r.lo*1.01 {
		return nil, "keys have different weights beside BOS"
	}
	if math.IsInf(r.margin, 0) {
		r.margin = 0
	}
	return r, ""
}
