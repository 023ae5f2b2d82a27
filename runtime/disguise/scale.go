package disguise

// scale multiplies what goes into each ReLU by a positive factor and what comes out by its
// inverse, dimensions of queries and values of heads by factors of either sign, and those of
// keys and what W_O reads by the inverse.
func (c *Change) scale(s source, factor func() float64) {
	for l := range c.Heads {
		for h := range c.Heads[l] {
			hc := &c.Heads[l][h]
			qk, qkBack := s.diagonal(hc.QK.cols, factor)
			hc.turnQK(qk, qkBack)
			ov, ovBack := s.diagonal(hc.OV.cols, factor)
			hc.turnOV(ov, ovBack)
		}
		for n := range c.Neurons[l] {
			c.Neurons[l][n].Factor *= factor()
		}
	}
}

// diagonal is random factors with random signs, and their inverse.
func (s source) diagonal(n int, factor func() float64) (m, inverse matrix) {
	m, inverse = zeros(n, n), zeros(n, n)
	for i := range n {
		f := factor() * s.sign()
		m.row(i)[i], inverse.row(i)[i] = f, 1/f
	}
	return m, inverse
}
