package noise

import (
	"math"
	"slices"
)

// errs is how far a number may be off. What noise does to it is taken apart by source: the
// noise of the weights of one sum, which no other sum has. The noise of different sources is
// independent, so that their parts add up in quadrature where noise is likely to be normal;
// within a source parts add up as they are, as do parts of which the sources were lost: the
// standard deviation of a sum is at most the sum of the standard deviations, however its
// terms depend on each other (Minkowski).
type errs struct {
	fixed  float64 // roundings and leakage: at most that
	common float64 // of sources that are not told apart
	parts  []part  // by source, ascending
}

// part is what one source adds: at most that, or four standard deviations.
type part struct {
	source int
	size   float64
}

// total is how far a number may be off at most, or but for four standard deviations.
func (m mode) total(e errs) float64 { return e.fixed + e.common + m.norm(e.parts) }

func (m mode) norm(parts []part) float64 {
	sum := 0.0
	for _, x := range parts {
		sum += m.power(x.size)
	}
	return m.root(sum)
}

// power and root make a norm: the square root of a sum of squares, or a sum.
func (m mode) power(x float64) float64 {
	if m.likely {
		return float64(x * x)
	}
	return math.Abs(x)
}

func (m mode) root(sum float64) float64 {
	if m.likely {
		return math.Sqrt(sum)
	}
	return sum
}

// sum adds up errors. The zero sum is ready to use.
type sum struct {
	fixed, common float64
	dense         []float64 // by source
	touched       []int
	isMixed       bool // they are not in order
}

// add takes factor times e.
func (s *sum) add(factor float64, e errs) {
	factor = math.Abs(factor)
	if factor == 0 {
		return
	}
	s.fixed += float64(factor * e.fixed)
	s.common += float64(factor * e.common)
	for _, x := range e.parts {
		s.part(x.source, float64(factor*x.size))
	}
}

func (s *sum) part(source int, size float64) {
	if size == 0 {
		return
	}
	for len(s.dense) <= source {
		s.dense = append(s.dense, 0)
	}
	if s.dense[source] == 0 {
		if n := len(s.touched); n > 0 && source < s.touched[n-1] {
			s.isMixed = true
		}
		s.touched = append(s.touched, source)
	}
	s.dense[source] += size
}

// take is what was added; the sum is 0 again.
func (s *sum) take() errs {
	e := errs{fixed: s.fixed, common: s.common}
	if s.isMixed {
		slices.Sort(s.touched)
	}
	if len(s.touched) > 0 {
		e.parts = make([]part, 0, len(s.touched))
	}
	for _, source := range s.touched {
		e.parts = append(e.parts, part{source, s.dense[source]})
		s.dense[source] = 0
	}
	s.fixed, s.common, s.touched, s.isMixed = 0, 0, s.touched[:0], false
	return e
}

// plus adds up errors.
func (p *pass) plus(list ...errs) errs {
	for _, e := range list {
		p.sum.add(1, e)
	}
	return p.sum.take()
}

func (p *pass) times(factor float64, e errs) errs {
	p.sum.add(factor, e)
	return p.sum.take()
}

// either bounds what is off by one of several errors. Where few of the sources are those of
// all it gives them up: of a column for each token one is off at a time.
func (p *pass) either(list ...errs) errs {
	var e errs
	worst := 0.0
	for _, x := range list {
		e.fixed, e.common = max(e.fixed, x.fixed), max(e.common, x.common)
		worst = max(worst, x.common+p.norm(x.parts))
		for _, y := range x.parts {
			if grown := y.size - p.sum.at(y.source); grown > 0 {
				p.sum.part(y.source, grown)
			}
		}
	}
	e.parts = p.sum.take().parts
	if !p.unit && e.common+p.norm(e.parts) > float64(giveUp*worst) {
		e.common, e.parts = worst, nil
	}
	return e
}

// giveUp is by what factor sources that are told apart may make a bound larger.
const giveUp = 1.25

func (s *sum) at(source int) float64 {
	if source < len(s.dense) {
		return s.dense[source]
	}
	return 0
}
