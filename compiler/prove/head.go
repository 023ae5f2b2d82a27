package prove

import (
	"math"

	"rasp/runtime/model"
)

// head is a head under proof: queries, keys and values, of positions and of BOS.
type head struct {
	layer, head int
	q, k, v     []*column // by d_head
	bq, bk, bv  []*column
	used        []bool // by dim of v: W_O is not 0
	kv, qv      vectors
	scores      [][2]float64 // [qv][kv] of positions
	bos         [][2]float64 // [qv]: the score of BOS
}

// mostScore bounds the magnitudes of scores, partial sums too, of positions and of BOS.
func (hd *head) mostScore() (sum float64) {
	for d := range hd.q {
		sum += max(hd.q[d].most(), hd.bq[d].most()) * max(hd.k[d].most(), hd.bk[d].most())
	}
	return sum
}

// attention is a half layer of heads.
func (p *prover) attention(l int) {
	b := &p.m.Blocks[l]
	terms, bosTerms := make([][]term, p.m.DModel), make([][]term, p.m.DModel)
	for d := range terms {
		terms[d], bosTerms[d] = []term{{p.columns[d], 1}}, []term{{p.bos[d], 1}}
	}
	for h := range p.m.Heads {
		hd := p.head(l, h)
		if hd == nil {
			continue
		}
		z, bz := p.outcome(hd)
		for d := range z {
			if z[d] == nil {
				continue
			}
			for c, w := range b.WO.Row(h*p.m.DHead + d) {
				terms[c], bosTerms[c] = append(terms[c], term{z[d], float64(w)}), append(bosTerms[c], term{bz[d], float64(w)})
			}
		}
	}
	p.residual(terms, bosTerms, b.BO)
}

// residual is the stream after a half layer.
func (p *prover) residual(terms, bosTerms [][]term, bias []float32) {
	for d := range terms {
		if len(terms[d]) == 1 && bias[d] == 0 {
			continue
		}
		p.columns[d], p.bos[d] = p.renamed(p.sum(terms[d], float64(bias[d]))), p.sum(bosTerms[d], float64(bias[d]))
		p.check()
	}
}

// sumsScale is how many times as large the sums of a head may be, above and below the line: see
// package runtime.
const sumsScale = 1 << 24

// head reads the weights of a head; nil if it moves nothing.
func (p *prover) head(l, h int) *head {
	b, dm, dh := &p.m.Blocks[l], p.m.DModel, p.m.DHead
	hd := &head{layer: l, head: h, used: make([]bool, dh)}
	moves := false
	for d := range dh {
		hd.used[d] = !b.WO.Empty(h*dh + d)
	}
	circuit := func(w model.Matrix) model.Matrix { return w.Part(h*dm, (h+1)*dm).Transpose() }
	wv, wq, wk := circuit(b.WV), circuit(b.WQ), circuit(b.WK)
	project := func(w model.Matrix, bias []float32, d int) (x, bos *column) {
		terms, bosTerms := []term(nil), []term(nil)
		for c, w := range w.Row(d) {
			weight := float64(w)
			terms, bosTerms = append(terms, term{p.columns[c], weight}), append(bosTerms, term{p.bos[c], weight})
		}
		return p.sum(terms, float64(bias[h*dh+d])), p.sum(bosTerms, float64(bias[h*dh+d]))
	}
	for d := range dh {
		v, bv := project(wv, b.BV, d)
		if float64(p.n+2)*max(v.most(), bv.most()) > math.MaxFloat32/sumsScale {
			p.open("layer %d, head %d: a sum of values can be infinite", l+1, h+1)
		}
		hd.used[d] = hd.used[d] && (!v.zero() || !bv.zero())
		moves = moves || hd.used[d]
		hd.v, hd.bv = append(hd.v, v), append(hd.bv, bv)
	}
	for d := range dh {
		q, bq := project(wq, b.BQ, d)
		k, bk := project(wk, b.BK, d)
		hd.q, hd.bq, hd.k, hd.bk = append(hd.q, q), append(hd.bq, bq), append(hd.k, k), append(hd.bk, bk)
	}
	if !moves {
		if hd.mostScore() > math.MaxFloat32 { // what is no number is so times 0
			p.open("layer %d, head %d: a score can be infinite", l+1, h+1)
		}
		return nil
	}
	hd.qv, hd.kv = p.vectors(hd.q), p.vectors(hd.k)
	bos := p.vectors(hd.bk).list[0]
	if len(hd.qv.list)*len(hd.kv.list) > p.options.Pairs/16 {
		p.open("too many different scores")
	}
	hd.scores = make([][2]float64, len(hd.qv.list)*len(hd.kv.list))
	hd.bos = make([][2]float64, len(hd.qv.list))
	qs, ks := hd.qv.whole(), hd.kv.whole()
	for i, q := range hd.qv.list {
		hd.bos[i] = p.finite(hd, score(q, bos))
		for j, k := range hd.kv.list {
			hd.scores[i*len(hd.kv.list)+j] = p.finite(hd, quick(qs, ks, i, j, q, k))
		}
		p.check()
	}
	return hd
}
