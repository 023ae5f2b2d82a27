package disguise

import "math/rand/v2"

// source is where the random numbers of a step come from: each step has its own, so that
// what one draws does not depend on which others there are.
type source struct{ *rand.Rand }

// The steps that draw, in the numbers of their sources.
const (
	ofOrder = iota + 1
	ofScale
	ofHeads
	ofRotation
	ofNoise
	ofSuperposition
)

func sourceOf(seed uint64, step uint64) source {
	return source{rand.New(rand.NewPCG(seed, step))}
}

// normal is nearly normal, with mean 0 and variance 1, never beyond 6: a sum of twelve
// uniform numbers, which has the same bits on every processor.
func (s source) normal() float64 {
	sum := -6.0
	for range 12 {
		sum += s.Float64()
	}
	return sum
}

// orthogonal is a random orthogonal matrix: random rows, made orthonormal one after the
// other.
func (s source) orthogonal(n int) matrix {
	m := zeros(n, n)
	var done [][]float64
	for len(done) < n {
		x := m.row(len(done))
		for j := range x {
			x[j] = s.normal()
		}
		before := norm(x)
		against(x, done)
		if size := norm(x); size > before*1e-3 { // else too little is left of it to be exact
			stretch(x, 1/size)
			done = append(done, x)
		}
	}
	return m
}

// powers of two by which --scale=2 multiplies are 2^-mostPower to 2^mostPower.
const mostPower = 2

// power is a power of two.
func (s source) power() float64 {
	factors := [2*mostPower + 1]float64{0.25, 0.5, 1, 2, 4}
	return factors[s.IntN(len(factors))]
}

// factor is a number from 1/4 to 4, each factor of two as likely.
func (s source) factor() float64 {
	starts := [2 * mostPower]float64{0.25, 0.5, 1, 2}
	return starts[s.IntN(len(starts))] * (1 + s.Float64())
}

// sign is 1 or -1.
func (s source) sign() float64 {
	if s.IntN(2) == 0 {
		return -1
	}
	return 1
}
