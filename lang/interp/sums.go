package interp

import (
	"math"

	"rasp/lang/value"
)

// running has what sums of runs need. A sum must be rounded as from left to right. Whole
// numbers that no sum rounds are added up once, and a run is a difference. Others are
// added to the sum of the last run that began at the same place, if that is a part.
type running struct {
	prefix []float64 // [n+1], of whole numbers in the order of the runs; empty for others
	exact  bool      // the others are in Evaluator.floats

	end   []int32 // [n] the end of the last run that began there; 0: none
	float []float64
	atom  []value.Value
}

// prepareSums is for the runs of r; false where their sums take a matrix, since the
// positions are not from left to right.
func (e *Evaluator) prepareSums(r *runs, values *step) bool {
	e.running.prefix = e.running.prefix[:0]
	if !values.isNumeric() {
		return true
	}
	e.running.exact = e.toFloats(values.sequence)
	if e.running.exact && e.areWhole() {
		sum := 0.0
		e.running.prefix = append(e.running.prefix, 0)
		for place := range int32(e.n) {
			sum += e.floats[r.at(place)]
			e.running.prefix = append(e.running.prefix, sum)
		}
		return true
	}
	if !r.ascending || r.extra != nil {
		return false
	}
	e.running.end = resize(e.running.end, e.n)
	clear(e.running.end)
	if e.running.exact {
		e.running.float = resize(e.running.float, e.n)
	} else {
		e.running.atom = resize(e.running.atom, e.n)
	}
	return true
}

// areWhole reports that e.floats are whole numbers of which no sum is rounded.
func (e *Evaluator) areWhole() bool {
	limit := float64(int64(1<<53) / int64(e.n))
	for _, x := range e.floats {
		if x != math.Trunc(x) || math.Abs(x) > limit {
			return false
		}
	}
	return true
}

// aggregateRuns is aggregate for a selector of runs.
func (e *Evaluator) aggregateRuns(s *step, r *runs, values *step) (position int, err error) {
	for i := range s.sequence {
		lo, hi := r.lo[i], r.hi[i]
		if i > 0 && lo == r.lo[i-1] && hi == r.hi[i-1] && r.extra == nil {
			s.sequence[i] = s.sequence[i-1]
			continue
		}
		switch k := r.width(i); {
		case k == 0:
			s.sequence[i] = s.node.Value
		case k == 1:
			s.sequence[i] = values.sequence[r.first(i)]
		case !values.isNumeric():
			return i, noMean(k, values)
		default:
			sum, err := e.sum(r, i, values.sequence)
			if err != nil {
				return i, err
			}
			s.sequence[i] = value.OfFloat(sum / float64(k))
		}
	}
	return 0, nil
}

// sum of row i.
func (e *Evaluator) sum(r *runs, i int, sequence []value.Value) (float64, error) {
	s, lo, hi := &e.running, r.lo[i], r.hi[i]
	if len(s.prefix) > 0 {
		sum := s.prefix[hi] - s.prefix[lo]
		if r.extra != nil && r.extra[i] >= 0 {
			sum += e.floats[r.extra[i]]
		}
		return sum, nil
	}
	from := s.end[lo]
	if from <= lo || from > hi {
		from = lo
	}
	s.end[lo] = hi
	if s.exact {
		sum := 0.0
		if from > lo {
			sum = s.float[lo]
		}
		for place := from; place < hi; place++ {
			sum += e.floats[r.at(place)]
		}
		s.float[lo] = sum
		return sum, nil
	}
	var sum value.Value
	if from > lo {
		sum = s.atom[lo]
	}
	for place := from; place < hi; place++ {
		var err error
		if sum, err = value.Binary(value.Add, sum, sequence[r.at(place)]); err != nil {
			return 0, err
		}
	}
	s.atom[lo] = sum
	float, err := value.ToFloat(sum)
	return float.Float64(), err
}
