package disguise

import (
	"errors"
	"fmt"
	"slices"

	"rasp/runtime/model"
)

// Blend is a model in which another one runs beside it: the dimensions of the stream, the
// heads of each layer and its neurons are those of the first, then those of the other.
// Nothing of the one reads the other. The outputs are those of the first.
//
// A sum has the same numbers as before and zeros, so that the certificate of the first holds;
// what it says of noise does not, since noise would join the two.
func Blend(m, other *model.Model) (*model.Model, error) {
	if err := fits(m, other); err != nil {
		return nil, err
	}
	a, b := weightsOf(m), weightsOf(other)
	u := &model.Model{
		Config: m.Config, Vocab: m.Vocab, Outputs: m.Outputs, Source: m.Source, Loads: m.Loads, Certificate: m.Certificate,
		Provenance: model.Provenance{Dims: slices.Concat(m.Provenance.Dims, others(other.Provenance.Dims))},
	}
	u.Certificate.Noise, u.Certificate.Proof, u.Certificate.ProofClaim = nil, "", ""
	u.Layers, u.DModel, u.DHead = max(m.Layers, other.Layers), m.DModel+other.DModel, max(m.DHead, other.DHead)
	u.Heads, u.DMLP = m.Heads+other.Heads, m.DMLP+other.DMLP
	w := weights{
		embed: beside(a.embed, b.embed), positions: beside(a.positions, b.positions),
		unembed: above(a.unembed, zeros(b.unembed.rows, a.unembed.cols)), bias: a.bias,
	}
	for l := range u.Layers {
		x, y := layerOf(a, l, m.Config), layerOf(b, l, other.Config)
		w.layers = append(w.layers, layer{
			heads: append(padded(x.heads, u.Config, 0), padded(y.heads, u.Config, m.DModel)...),
			in:    corners(x.in, y.in), bIn: beside(x.bIn, y.bIn),
			out: corners(x.out, y.out), bOut: beside(x.bOut, y.bOut), bO: beside(x.bO, y.bO),
		})
		u.Provenance.Heads = append(u.Provenance.Heads, append(labels(m.Provenance.Heads, l, m.Heads), others(labels(other.Provenance.Heads, l, other.Heads))...))
		u.Provenance.Neurons = append(u.Provenance.Neurons, append(labels(m.Provenance.Neurons, l, m.DMLP), others(labels(other.Provenance.Neurons, l, other.DMLP))...))
	}
	if len(u.Provenance.Dims) != u.DModel {
		u.Provenance.Dims = nil
	}
	w.put(u)
	if err := blendNames(u, m, other); err != nil {
		return nil, err
	}
	return u, u.Validate()
}

// fits reports why two models do not take the same inputs.
func fits(m, other *model.Model) error {
	switch {
	case !slices.Equal(m.Vocab, other.Vocab):
		return errors.New("the two have different vocabularies")
	case m.NCtx != other.NCtx:
		return fmt.Errorf("the one takes %d tokens and the other %d", m.NCtx-1, other.NCtx-1)
	case m.Causal != other.Causal:
		return errors.New("the attention of one of the two is causal")
	case m.DModel+other.DModel > mostDims:
		return fmt.Errorf("together they have a stream of %d dimensions, and up to %d are disguised", m.DModel+other.DModel, mostDims)
	}
	return nil
}

// layerOf is a layer, or one that does nothing behind the last.
func layerOf(w weights, l int, c model.Config) layer {
	if l < len(w.layers) {
		return w.layers[l]
	}
	none := layer{bO: zeros(1, c.DModel), in: zeros(c.DModel, c.DMLP), bIn: zeros(1, c.DMLP), out: zeros(c.DMLP, c.DModel), bOut: zeros(1, c.DModel)}
	for range c.Heads {
		in, bias := zeros(c.DModel, c.DHead), zeros(1, c.DHead)
		none.heads = append(none.heads, head{in, in, in, bias, bias, bias, zeros(c.DHead, c.DModel)})
	}
	return none
}

// padded are heads of a model whose stream begins at a dimension of that of c.
func padded(heads []head, c model.Config, at int) []head {
	var list []head
	in := func(w matrix) matrix { return w.at(at, 0, c.DModel, c.DHead) }
	bias := func(b matrix) matrix { return b.at(0, 0, 1, c.DHead) }
	for _, h := range heads {
		list = append(list, head{in(h.q), in(h.k), in(h.v), bias(h.bQ), bias(h.bK), bias(h.bV), h.o.at(0, at, c.DHead, c.DModel)})
	}
	return list
}

// at is a larger matrix of zeros with m at a place of it.
func (m matrix) at(i, j, rows, cols int) matrix {
	p := zeros(rows, cols)
	for k := range m.rows {
		copy(p.row(i + k)[j:], m.row(k))
	}
	return p
}

func (m matrix) plus(n matrix) matrix { return m.minus(n.each(func(x float64) float64 { return -x })) }

// beside, above and corners are two matrices as one, the rest of it zeros.
func beside(a, b matrix) matrix {
	return a.at(0, 0, a.rows, a.cols+b.cols).plus(b.at(0, a.cols, a.rows, a.cols+b.cols))
}

func above(a, b matrix) matrix { return matrix{a.rows + b.rows, a.cols, slices.Concat(a.a, b.a)} }

func corners(a, b matrix) matrix {
	rows, cols := a.rows+b.rows, a.cols+b.cols
	return a.at(0, 0, rows, cols).plus(b.at(a.rows, a.cols, rows, cols))
}

// ofOther begins the names of the parts of the other model.
const ofOther = "other: "

// labels are those of a layer, or of parts that do nothing behind the last.
func labels(all [][]model.Label, l, n int) []model.Label {
	if l < len(all) {
		return slices.Clone(all[l])
	}
	none := make([]model.Label, n)
	for i := range none {
		none[i].What = "padding"
	}
	return none
}

// others are labels of the other model; its lines are not those of the program.
func others(labels []model.Label) []model.Label {
	list := make([]model.Label, len(labels))
	for i, l := range labels {
		list[i] = model.Label{What: ofOther + l.What, Name: l.Name}
	}
	return list
}

// blendNames gives the union the names of both, if both have some.
func blendNames(u, m, other *model.Model) error {
	a, err := m.ReadNames()
	if err != nil {
		return nil // it has none, and then the union has none
	}
	b, err := other.ReadNames()
	if err != nil {
		return nil
	}
	toOther(b, m.DModel)
	n := &model.Names{SOps: append(a.SOps, b.SOps...), Dims: append(a.Dims, b.Dims...)}
	for l := range u.Layers {
		n.Heads = append(n.Heads, append(headsOf(a, l, m.Heads, ""), headsOf(b, l, other.Heads, ofOther)...))
		n.Neurons = append(n.Neurons, append(neuronsOf(a, l, m.DMLP, ""), neuronsOf(b, l, other.DMLP, ofOther)...))
	}
	return u.SetNames(n)
}

// toOther makes names those of the other model, whose dimensions begin at first.
func toOther(n *model.Names, first int) {
	for i := range n.SOps {
		s := &n.SOps[i]
		s.Name, s.Line, s.Col = ofOther+s.Name, 0, 0
		s.Held, s.Why = false, "it is one of another program"
		if s.Node = -1; s.Of == "sop" {
			s.Single, s.Unique = false, false
		}
	}
	for i := range n.Dims {
		d := &n.Dims[i]
		if d.Name, d.Line = ofOther+d.Name, 0; d.SOp != "" {
			d.SOp = ofOther + d.SOp
		}
	}
	for l := range n.Heads {
		for h := range n.Heads[l] {
			x := &n.Heads[l][h]
			if x.Name, x.Line = ofOther+x.Name, 0; x.SOp != "" {
				x.SOp = ofOther + x.SOp
			}
			for i := range x.Brings {
				x.Brings[i] += first
			}
		}
		for i := range n.Neurons[l] {
			n.Neurons[l][i].Name, n.Neurons[l][i].Line = ofOther+n.Neurons[l][i].Name, 0
		}
	}
}

func headsOf(n *model.Names, l, count int, prefix string) []model.HeadName {
	if l < len(n.Heads) {
		return n.Heads[l]
	}
	list := make([]model.HeadName, count)
	for h := range list {
		list[h] = model.HeadName{Name: fmt.Sprintf("%spadding %d.%d", prefix, l, h), Kind: "padding"}
	}
	return list
}

func neuronsOf(n *model.Names, l, count int, prefix string) []model.PartName {
	if l < len(n.Neurons) {
		return n.Neurons[l]
	}
	list := make([]model.PartName, count)
	for i := range list {
		list[i] = model.PartName{Name: fmt.Sprintf("%spadding %d:%d", prefix, l, i), Kind: "padding"}
	}
	return list
}
