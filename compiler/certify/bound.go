package certify

import (
	"math"

	"rasp/compiler/construct"
)

// bound says what a number can be.
type bound struct {
	Lo, Hi float64 // of its ideal value
	// Grid: the number is a multiple of it, 0 if of none. In an arithmetic that does
	// not round to grids only its ideal value is.
	Grid float64
	Err  float64 // how far it may be from its ideal value
}

func (b bound) size() float64 { return max(math.Abs(b.Lo), math.Abs(b.Hi)) }

// dot bounds a sum of products of weights and columns, as it is computed in any
// order, fused or not. Each product has a weight that the model has and a
// factor that the plan meant.
type dot struct {
	in       construct.Precision
	ideal    bound   // of the sum that the plan meant, without offsets
	rest     float64 // what offsets and bias add up to beyond the plan's constant
	grid     float64 // all terms are multiples of it
	pos, neg float64 // largest sums of the positive and of the negative terms
	off      float64 // by which weights differ from factors, times what they multiply
	terms    int
}

// newDot starts a sum at the bias of the model, where the plan meant constant.
func newDot(in construct.Precision, bias, constant float64) *dot {
	s := &dot{in: in, ideal: bound{Lo: constant, Hi: constant, Grid: construct.PowerOfTwo(constant)}, grid: construct.PowerOfTwo(bias), rest: bias - constant}
	s.pos, s.neg = max(0, bias), max(0, -bias)
	return s
}

// add a product with a number that is b beyond a known offset.
func (s *dot) add(weight, factor float64, b bound, offset float64) {
	lo, hi := factor*b.Lo, factor*b.Hi
	if factor < 0 {
		lo, hi = hi, lo
	}
	slop := s.multiply(weight, factor, b, offset)
	s.ideal.Lo += lo
	s.ideal.Hi += hi
	s.pos += max(0, hi+float64(weight*offset)+slop)
	s.neg += max(0, -lo-float64(weight*offset)+slop)
}

// multiply adds a product but for its range, and returns how far it may be off.
func (s *dot) multiply(weight, factor float64, b bound, offset float64) float64 {
	off := float64(math.Abs(weight-factor) * b.size())
	s.ideal.Err += float64(math.Abs(weight) * b.Err)
	s.ideal.Grid = min(s.ideal.Grid, construct.PowerOfTwo(factor)*b.Grid)
	s.grid = min(s.grid, construct.PowerOfTwo(weight)*min(b.Grid, construct.PowerOfTwo(offset)))
	s.off += off
	s.rest += float64(weight * offset)
	s.terms++
	return float64(math.Abs(weight)*b.Err) + off
}

// own is the part of the error that arises in this sum, by weights that are not
// what the plan meant and by rounding; what the numbers bring along is apart.
func (s *dot) own() float64 {
	own := s.off + math.Abs(s.rest)
	if own > 0 || !s.exact() {
		own += float64(float64(s.terms+1) * s.in.Ulp * 1.01 * (s.pos + s.neg))
	}
	return own
}

// exact reports that nothing is rounded if weights are what they should be: all terms
// are on the grid, and not only near it.
func (s *dot) exact() bool {
	return (s.in.Rounds || s.ideal.Err == 0) && isExact(s.in, s.grid, max(s.pos, s.neg))
}

// isExact: numbers on a grid that add up to size at most are not rounded.
func isExact(in construct.Precision, grid, size float64) bool {
	return grid > 0 && size <= grid/in.Ulp
}

// bound of the sum.
func (s *dot) bound() bound {
	b := s.ideal
	if own := s.own(); own > 0 {
		b.Err += own
		b.lose(s.in)
	}
	return b
}

// lose the grid: the number is near one of its multiples, no more.
func (b *bound) lose(in construct.Precision) {
	if in.Rounds {
		b.Grid = 0
	}
}
