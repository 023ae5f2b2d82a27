package predict

import (
	"math"

	"rasp/lang/elementary"
	"rasp/lang/interp"
	"rasp/lang/value"
)

// run predicts as predictor.run does; false where a score has a fault, which it does not
// look into.
func (s *sparse) run(e *interp.Evaluator, n int) ([][]float64, bool) {
	s.makeRows(n)
	sequences := make([][]value.Value, len(s.rows))
	for j, row := range s.rows {
		sequences[j] = e.Sequence(row)
	}
	for i, logits := range s.predictor.rows {
		for j := range s.rows {
			s.at[j] = sequences[j][i]
		}
		lowest, ok := s.apply(logits)
		if !ok {
			return nil, false
		}
		most := s.largest(logits)
		if math.IsInf(most, -1) {
			return nil, false
		}
		if min(lowest, s.least)-most <= Zero || math.Abs(s.most-most) > -Zero {
			normalise(logits, most)
			continue
		}
		total := elementary.Log(s.total(most))
		for t, x := range logits {
			logits[t] = x - most - total
		}
	}
	return s.predictor.rows, true
}

// apply fills the logits of the vocabulary in the rows of s.at; lowest is the least of
// those that these change.
func (s *sparse) apply(logits []float64) (lowest float64, ok bool) {
	copy(logits, s.usual)
	lowest = math.Inf(1)
	s.stamp++
	for j := range s.rows {
		r, _ := s.at[j].Int64()
		if r < 0 {
			continue
		}
		c := &s.changed[j][r]
		if c.logits == nil && !s.meet(j, c) {
			return 0, false
		}
		for i, k := range c.scores {
			t, x, exp := s.columns[k], c.logits[i], c.exp[i]
			if s.stamps[t] == s.stamp { // another row changes it, too
				if x, ok = s.logit(s.Scores[k]); !ok {
					return 0, false
				}
				exp = elementary.Exp(x - s.most)
			}
			logits[t], s.now[t] = x, exp
			s.stamps[t], s.dirty[t/blockSize] = s.stamp, s.stamp
			if x < lowest && !math.IsInf(x, -1) {
				lowest = x
			}
		}
	}
	return lowest, true
}

// meet finds what a row of table j does alone; false where a score has a fault.
func (s *sparse) meet(j int, c *change) bool {
	here := s.at
	defer func() { s.at = here }()
	s.at = noRows(len(here))
	s.at[j] = here[j]
	c.exp = make([]float64, len(c.scores))
	logits := make([]float64, len(c.scores))
	for i, k := range c.scores {
		x, ok := s.logit(s.Scores[k])
		if !ok {
			return false
		}
		logits[i], c.exp[i] = x, elementary.Exp(x-s.most)
	}
	c.logits = logits
	return true
}

// block is the range of tokens of a block.
func (s *sparse) block(b int) (from, to int) {
	return b * blockSize, min((b+1)*blockSize, len(s.usual))
}

// largest of logits.
func (s *sparse) largest(logits []float64) float64 {
	most := math.Inf(-1)
	for b, top := range s.tops {
		if s.dirty[b] != s.stamp {
			most = max(most, top)
			continue
		}
		from, to := s.block(b)
		for _, x := range logits[from:to] {
			most = max(most, x)
		}
	}
	return most
}

// total is the sum of exp(logit - most).
func (s *sparse) total(most float64) float64 {
	total := 0.0
	for b, sum := range s.sums {
		if s.dirty[b] != s.stamp {
			total += sum
			continue
		}
		from, to := s.block(b)
		for t := from; t < to; t++ {
			if s.stamps[t] == s.stamp {
				total += s.now[t]
			} else {
				total += s.exp[t]
			}
		}
	}
	return total * elementary.Exp(s.most-most)
}
