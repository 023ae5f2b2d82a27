package disguise

// Change is how a disguised model stands to the one it was made of. Vectors are rows: a
// residual stream x of the one is x Q in the other, and y of the other y Back in the one.
type Change struct {
	// Q [d_model, d_model'] and Back [d_model', d_model]: Q Back changes nothing that can
	// occur in the stream, but for what Superpose makes columns interfere.
	Q, Back matrix
	// Span [d_model, d_model] projects on what can occur in the stream; without rows it is
	// all.
	Span    matrix
	Heads   [][]HeadChange
	Neurons [][]NeuronChange
}

// HeadChange is where a head comes from, and in which bases its inside is.
type HeadChange struct {
	From       int
	QK, QKBack matrix // queries q are q QK, keys k are k QKBack^T: [d_head, d_head]
	OV, OVBack matrix // values v are v OV, and what W_O reads is multiplied by OVBack before
}

// NeuronChange is where a neuron comes from, and by how much its activation is
// multiplied.
type NeuronChange struct {
	From   int
	Factor float64 // positive
}

// unchanged is the change that leaves weights as they are.
func unchanged(w weights) *Change {
	c := &Change{Q: identity(w.embed.cols), Back: identity(w.embed.cols)}
	for _, l := range w.layers {
		heads, neurons := make([]HeadChange, len(l.heads)), make([]NeuronChange, l.in.cols)
		for h := range heads {
			i := identity(l.heads[h].q.cols)
			heads[h] = HeadChange{From: h, QK: i, QKBack: i, OV: i, OVBack: i}
		}
		for n := range neurons {
			neurons[n] = NeuronChange{From: n, Factor: 1}
		}
		c.Heads, c.Neurons = append(c.Heads, heads), append(c.Neurons, neurons)
	}
	return c
}

// turn gives the stream another basis: b [d_model', d_model”], and what undoes it.
func (c *Change) turn(b, back matrix) { c.Q, c.Back = c.Q.times(b), back.times(c.Back) }

// turnQK gives queries and keys of a head another basis.
func (h *HeadChange) turnQK(b, back matrix) { h.QK, h.QKBack = h.QK.times(b), back.times(h.QKBack) }

// turnOV gives values of a head another basis.
func (h *HeadChange) turnOV(b, back matrix) { h.OV, h.OVBack = h.OV.times(b), back.times(h.OVBack) }

// apply is the weights in their new form, before they are rounded.
func (c *Change) apply(w weights) weights {
	n := weights{
		embed: w.embed.times(c.Q), positions: w.positions.times(c.Q),
		unembed: c.Back.times(w.unembed), bias: w.bias,
	}
	for i, l := range w.layers {
		from, factors, inverse := neuronLists(c.Neurons[i])
		to := layer{
			bO: l.bO.times(c.Q), bOut: l.bOut.times(c.Q),
			in: c.Back.times(l.in.columns(from).scaled(factors)), bIn: l.bIn.columns(from).scaled(factors),
			out: l.out.transpose().columns(from).scaled(inverse).transpose().times(c.Q),
		}
		for _, hc := range c.Heads[i] {
			h, keys := l.heads[hc.From], hc.QKBack.transpose()
			to.heads = append(to.heads, head{
				q: c.Back.times(h.q.times(hc.QK)), bQ: h.bQ.times(hc.QK),
				k: c.Back.times(h.k.times(keys)), bK: h.bK.times(keys),
				v: c.Back.times(h.v.times(hc.OV)), bV: h.bV.times(hc.OV),
				o: hc.OVBack.times(h.o.times(c.Q)),
			})
		}
		n.layers = append(n.layers, to)
	}
	return n
}

// undo is the weights in their old form. Of what reads the stream it is what they do to
// any vector of the old stream.
func (c *Change) undo(w weights) weights {
	o := weights{
		embed: w.embed.times(c.Back), positions: w.positions.times(c.Back),
		unembed: c.Q.times(w.unembed), bias: w.bias,
	}
	for i, l := range w.layers {
		from, factors, inverse := neuronLists(c.Neurons[i])
		to := inverted(from)
		was := layer{
			bO: l.bO.times(c.Back), bOut: l.bOut.times(c.Back),
			in: c.Q.times(l.in.scaled(inverse).columns(to)), bIn: l.bIn.scaled(inverse).columns(to),
			out:   l.out.transpose().scaled(factors).columns(to).transpose().times(c.Back),
			heads: make([]head, len(l.heads)),
		}
		for h, hc := range c.Heads[i] {
			is, keys := l.heads[h], hc.QK.transpose()
			was.heads[hc.From] = head{
				q: c.Q.times(is.q.times(hc.QKBack)), bQ: is.bQ.times(hc.QKBack),
				k: c.Q.times(is.k.times(keys)), bK: is.bK.times(keys),
				v: c.Q.times(is.v.times(hc.OVBack)), bV: is.bV.times(hc.OVBack),
				o: hc.OV.times(is.o.times(c.Back)),
			}
		}
		o.layers = append(o.layers, was)
	}
	return o
}

// each is a change with f of all its numbers. That of the sizes gives, of sizes of errors,
// sizes that they cannot exceed; that of the squares, of variances, variances.
func (c *Change) each(f func(float64) float64) *Change {
	a := &Change{Q: c.Q.each(f), Back: c.Back.each(f)}
	for l, heads := range c.Heads {
		var list []HeadChange
		for _, h := range heads {
			list = append(list, HeadChange{h.From, h.QK.each(f), h.QKBack.each(f), h.OV.each(f), h.OVBack.each(f)})
		}
		var neurons []NeuronChange
		for _, n := range c.Neurons[l] {
			neurons = append(neurons, NeuronChange{n.From, f(n.Factor)})
		}
		a.Heads, a.Neurons = append(a.Heads, list), append(a.Neurons, neurons)
	}
	return a
}

func neuronLists(neurons []NeuronChange) (from []int, factors, inverse []float64) {
	for _, n := range neurons {
		from, factors, inverse = append(from, n.From), append(factors, n.Factor), append(inverse, 1/n.Factor)
	}
	return from, factors, inverse
}

// inverted is the inverse of a permutation.
func inverted(p []int) []int {
	inverse := make([]int, len(p))
	for i, from := range p {
		inverse[from] = i
	}
	return inverse
}
