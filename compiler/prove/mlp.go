package prove

import (
	"math"
	"slices"
)

// embed is the stream before the first layer: W_E + W_pos, one rounding.
func (p *prover) embed() {
	m, dm := p.m, p.m.DModel
	p.columns, p.bos = make([]*column, dm), make([]*column, dm)
	tokens, positions := p.space([]int{varToken}), p.space([]int{varPosition})
	for d := range dm {
		e := &column{tokens, make([]float64, tokens.n), make([]float64, tokens.n), 0, 0}
		for i := range e.lo {
			e.lo[i] = float64(m.WE.At(int(tokens.row(i)[0]), d))
			e.hi[i] = e.lo[i]
		}
		q := &column{positions, make([]float64, positions.n), make([]float64, positions.n), 0, 0}
		for i := range q.lo {
			q.lo[i] = float64(m.WPos.At(int(positions.row(i)[0])+1, d))
			q.hi[i] = q.lo[i]
		}
		p.columns[d] = p.sum([]term{{p.dropColumn(e), 1}, {p.dropColumn(q), 1}}, 0)
		bos := len(m.Vocab)
		p.bos[d] = p.sum([]term{{p.fixed(float64(m.WE.At(bos, d))), 1}, {p.fixed(float64(m.WPos.At(0, d))), 1}}, 0)
	}
}

// neuron is what it reads, before max(0, .).
type neuron struct {
	n   int
	pre *column
}

// neurons is a half layer of neurons.
func (p *prover) neurons(l int) {
	b, dm, dn := &p.m.Blocks[l], p.m.DModel, p.m.DMLP
	terms, bosTerms := make([][]term, dm), make([][]term, dm)
	for d := range terms {
		terms[d], bosTerms[d] = []term{{p.columns[d], 1}}, []term{{p.bos[d], 1}}
	}
	before := slices.Clone(p.columns)
	byNeuron := b.WIn.Transpose()
	writers := make([][]neuron, dm) // by column that they write
	for n := range dn {
		in, bosIn := []term(nil), []term(nil)
		for c, w := range byNeuron.Row(n) {
			in, bosIn = append(in, term{p.columns[c], float64(w)}), append(bosIn, term{p.bos[c], float64(w)})
		}
		pre, bosPre := p.sum(in, float64(b.BIn[n])), p.sum(bosIn, float64(b.BIn[n]))
		if b.WOut.Empty(n) {
			continue
		}
		h, bos := p.dropColumn(relu(pre)), relu(bosPre)
		h.gap = pre.local // the rest is in slopes
		for c, w := range b.WOut.Row(n) {
			terms[c], bosTerms[c] = append(terms[c], term{h, float64(w)}), append(bosTerms[c], term{bos, float64(w)})
			writers[c] = append(writers[c], neuron{n, pre})
		}
		p.check()
	}
	p.residual(terms, bosTerms, b.BOut)
	for c, list := range writers {
		if len(list) > 0 {
			p.columns[c].gap += p.slopes(l, c, list, before)
		}
	}
}

// slopes is what the gaps of its inputs add to a column: in a state in which no neuron
// changes its sign within them it is linear, and a gap counts by the sum of the slopes; a
// neuron that may change it counts by its own.
func (p *prover) slopes(l, c int, list []neuron, before []*column) float64 {
	b := &p.m.Blocks[l]
	gap := 0.0
	for d, x := range before {
		if x.gap == 0 {
			continue
		}
		var vars []int
		var read []neuron
		most := 0.0
		for _, n := range list {
			if w := float64(b.WIn.At(d, n.n)) * float64(b.WOut.At(n.n, c)); w != 0 {
				vars, read, most = union(vars, n.pre.space.vars), append(read, n), most+math.Abs(w)
			}
		}
		if s := p.try(mostReached, vars); s != nil && s.n > 0 && len(read) > 0 {
			sum, more := make([]float64, s.n), make([]float64, s.n)
			for _, n := range read {
				w := float64(b.WIn.At(d, n.n)) * float64(b.WOut.At(n.n, c))
				for i, at := range s.to(n.pre.space) {
					switch {
					case at < 0 || n.pre.hi[at] < -n.pre.gap:
					case n.pre.lo[at] > n.pre.gap:
						sum[i] += w
					default:
						more[i] += math.Abs(w)
					}
				}
			}
			most = 0
			for i, x := range sum {
				most = max(most, math.Abs(x)+more[i])
			}
		}
		gap += most * x.gap
	}
	return gap
}

// logit is column c of the unembedding.
func (p *prover) logit(c int) *column {
	var terms []term
	for d := range p.m.DModel {
		if w := float64(p.m.WU.At(d, c)); w != 0 {
			terms = append(terms, term{p.columns[d], w})
		}
	}
	x := p.sum(terms, float64(p.m.BU[c]))
	for _, v := range x.hi {
		if math.IsInf(v, 0) {
			p.open("a logit can be infinite")
		}
	}
	return x
}
