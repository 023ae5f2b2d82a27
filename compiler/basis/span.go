package basis

import (
	"math"

	"rasp/compiler/plan"
)

// span has vectors that are linearly independent, and says of others how they
// combine from these: Gaussian elimination, on few numbers where most are 0.
type span struct {
	vectors [][]plan.Entry
	echelon []pivoted
	dense   []float64 // scratch, 0 between calls
	of      []float64 // scratch of add, by vector
	work    int       // numbers looked at
}

// pivoted is a combination of vectors that is 0 at the pivots of those before it,
// and largest at its own, which stands first.
type pivoted struct{ entries, of []plan.Entry }

func newSpan(dimensions int) *span { return &span{dense: make([]float64, dimensions)} }

const (
	maxElimination = 1 << 24  // numbers to look at: some ten milliseconds
	negligible     = 1e-9     // what is less beside a vector has come about by rounding
	fineFactor     = 1.0 / 16 // of which factors are multiples
)

// add returns the factors by which v combines from the vectors of the span, exactly;
// no row stands twice in v. If there are none ok is false, and v belongs to the span
// from now on, unless it is so nearly in it that it makes no difference.
func (s *span) add(v []plan.Entry) (factors []plan.Entry, ok bool) {
	if s.work > maxElimination {
		return nil, false
	}
	s.subtract(v, -1)
	tiny := negligible * largest(v)
	s.of = append(s.of, 0)
	of := s.of[:len(s.vectors)+1]
	clear(of)
	for _, p := range s.echelon {
		pivot := p.entries[0]
		if x := s.dense[pivot.Row]; math.Abs(x) > tiny {
			s.subtract(p.entries, x/pivot.Weight)
			for _, e := range p.of {
				of[e.Row] += float64(x / pivot.Weight * e.Weight)
			}
			s.work += len(p.of)
		}
	}
	rest := s.take(tiny)
	if len(rest) == 0 {
		for i, x := range of {
			if x = math.Round(x/fineFactor) * fineFactor; x != 0 {
				factors = append(factors, plan.Entry{Row: i, Weight: x})
			}
		}
		if !s.exactly(factors, v) {
			return nil, false
		}
		return factors, true
	}
	p := pivoted{entries: rest}
	of[len(s.vectors)] = -1
	for i, x := range of {
		if x != 0 {
			p.of = append(p.of, plan.Entry{Row: i, Weight: -x})
		}
	}
	s.vectors, s.echelon = append(s.vectors, v), append(s.echelon, p)
	return nil, false
}

// exactly reports that v is that combination of the vectors, no digit of it lost.
func (s *span) exactly(factors, v []plan.Entry) bool {
	s.subtract(v, 1)
	for _, f := range factors {
		s.subtract(s.vectors[f.Row], -f.Weight)
	}
	return len(s.take(0)) == 0
}

func (s *span) subtract(v []plan.Entry, factor float64) {
	for _, e := range v {
		s.dense[e.Row] -= float64(factor * e.Weight)
	}
	s.work += len(v)
}

// take empties the scratch; it returns what was there, but for what is tiny, the
// largest first.
func (s *span) take(tiny float64) (v []plan.Entry) {
	for i, x := range s.dense {
		if s.dense[i] = 0; math.Abs(x) > tiny {
			v = append(v, plan.Entry{Row: i, Weight: x})
			if last := len(v) - 1; math.Abs(x) > math.Abs(v[0].Weight) {
				v[0], v[last] = v[last], v[0]
			}
		}
	}
	s.work += len(s.dense)
	return v
}

func largest(v []plan.Entry) float64 {
	size := 0.0
	for _, e := range v {
		size = max(size, math.Abs(e.Weight))
	}
	return size
}
