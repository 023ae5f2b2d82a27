package disguise

// permute puts residual dimensions, heads, the dimensions within heads, and neurons into
// random orders.
func (c *Change) permute(s source) {
	p := permutation(s.Perm(c.Q.cols))
	c.turn(p, p.transpose())
	for l := range c.Heads {
		c.Heads[l] = reordered(c.Heads[l], s.Perm(len(c.Heads[l])))
		for h := range c.Heads[l] {
			hc := &c.Heads[l][h]
			qk, ov := permutation(s.Perm(hc.QK.cols)), permutation(s.Perm(hc.OV.cols))
			hc.turnQK(qk, qk.transpose())
			hc.turnOV(ov, ov.transpose())
		}
		c.Neurons[l] = reordered(c.Neurons[l], s.Perm(len(c.Neurons[l])))
	}
}

// permutation is the matrix that puts column p[j] at place j.
func permutation(p []int) matrix {
	m := zeros(len(p), len(p))
	for j, from := range p {
		m.row(from)[j] = 1
	}
	return m
}

func reordered[T any](list []T, p []int) []T {
	to := make([]T, len(list))
	for i, from := range p {
		to[i] = list[from]
	}
	return to
}
