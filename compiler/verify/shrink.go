package verify

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"rasp/lang/value"
)

// maxTries bounds the search for a smaller counterexample.
const maxTries = 2000

// shrink makes a counterexample small: it drops tokens, in long pieces first,
// and then replaces each by an earlier one of the vocabulary, as long as the
// model stays wrong, until nothing more can be done.
func shrink(w *worker, ids []int) (*Counterexample, error) {
	s := shrinker{worker: w, tries: maxTries}
	if !s.try(ids) && s.err == nil {
		s.err = errors.New("the model gave two different answers to the same input")
	}
	for again := true; again && s.err == nil && s.tries > 0; {
		again = s.drop()
		again = s.lower() || again
	}
	return s.found, s.err
}

type shrinker struct {
	*worker
	ids   []int           // the smallest counterexample so far
	found *Counterexample // the same with what the two answered
	tries int
	err   error
}

// try takes ids if the model is wrong on them too.
func (s *shrinker) try(ids []int) bool {
	if s.tries == 0 || s.err != nil || len(ids) == 0 {
		return false
	}
	s.tries--
	answers, err := s.ask([][]int{ids})
	if err != nil {
		s.err = err
		return false
	}
	_, wrong, err := s.compare(ids, answers[0])
	if wrong == nil {
		s.err = err
		return false
	}
	s.ids, s.found = ids, s.describe(wrong, answers[0])
	return true
}

// describe copies what compare has just seen. Of a prediction that is the
// probability of the token with which it differs, at each position.
func (s *shrinker) describe(wrong *difference, answer answer) *Counterexample {
	c := &Counterexample{Input: slices.Clone(s.input), Output: s.target.Model.Outputs[wrong.output].Name, Position: wrong.position}
	if s.predictor == nil {
		c.Interpreter = slices.Clone(s.evaluator.Sequence(s.target.Outputs[wrong.output]))
		c.Model = slices.Clone(s.got)
		return c
	}
	c.Output = fmt.Sprintf("%s[%s]", c.Output, s.vocab[wrong.token].JSON())
	rows, _ := s.predictor.Run(s.input) // as compare has done
	probability := func(log float64) value.Value { return value.OfFloat(math.Exp(log)) }
	for i, row := range rows {
		c.Interpreter = append(c.Interpreter, probability(row[wrong.token]))
		c.Model = append(c.Model, probability(s.next.Log(answer.logits[(i+1)*s.width : (i+2)*s.width])[wrong.token]))
	}
	return c
}

func (s *shrinker) drop() (dropped bool) {
	for size := len(s.ids) / 2; size > 0; size /= 2 {
		for at := 0; at+size <= len(s.ids); {
			if s.try(slices.Delete(slices.Clone(s.ids), at, at+size)) {
				dropped = true
			} else {
				at += size
			}
		}
	}
	return dropped
}

func (s *shrinker) lower() (lowered bool) {
	for at := range s.ids {
		for id := range s.ids[at] {
			ids := slices.Clone(s.ids)
			ids[at] = id
			if s.try(ids) {
				lowered = true
				break
			}
		}
	}
	return lowered
}
