package disguise

// mixHeads gives queries and keys of each head one random orthonormal basis, and its values
// another.
func (c *Change) mixHeads(s source) {
	for l := range c.Heads {
		for h := range c.Heads[l] {
			hc := &c.Heads[l][h]
			qk, ov := s.orthogonal(hc.QK.cols), s.orthogonal(hc.OV.cols)
			hc.turnQK(qk, qk.transpose())
			hc.turnOV(ov, ov.transpose())
		}
	}
}

// rotate gives the residual stream a random orthonormal basis.
func (c *Change) rotate(s source) {
	b := s.orthogonal(c.Q.cols)
	c.turn(b, b.transpose())
}
