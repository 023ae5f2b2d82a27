package verify

import (
	"errors"
	"fmt"
	"slices"

	"rasp/lang/elementary"
	"rasp/lang/value"
)

// maxTries bounds the search for a smaller counterexample.
const maxTries = 2000

// Shrink makes a counterexample small, as long as the model stays wrong, and says what it and
// the program give; names are those of the outputs. See domain.Shrink.
func Shrink(c *Comparer, names []string, ids []int) (*Counterexample, error) {
	s := shrinker{Comparer: c, names: names}
	if !s.wrong(ids) && s.err == nil {
		s.err = errors.New("the model gave two different answers to the same input")
	}
	if s.err == nil {
		c.domain.Shrink(ids, maxTries-1, s.wrong)
	}
	return s.found, s.err
}

type shrinker struct {
	*Comparer
	names []string        // of the outputs
	found *Counterexample // the smallest so far, with what the two answered
	err   error
}

// wrong reports whether the model is wrong on an input too, and keeps that.
func (s *shrinker) wrong(ids []int) (wrong bool) {
	if s.err != nil {
		return false
	}
	s.err = s.Compare([][]int{ids}, func(_ int, pairs []Pair, _ error) error {
		if at := Wrong(pairs); at >= 0 {
			wrong, s.found = true, s.describe(s.names[at], pairs[at])
		}
		return nil
	})
	return wrong
}

// describe copies what has just been compared. Of a prediction that is the
// probability of the token with which it differs, at each position.
func (s *shrinker) describe(output string, p Pair) *Counterexample {
	c := &Counterexample{Input: slices.Clone(s.input), Output: output, Position: p.Position}
	if s.next == nil {
		c.Interpreter, c.Model = slices.Clone(p.Interpreter.Sequence), slices.Clone(p.Model.Sequence)
		return c
	}
	c.Output = fmt.Sprintf("%s[%s]", output, s.domain.Vocab[p.Token].JSON())
	c.Interpreter, c.Model = probabilities(p.Interpreter.Next, p.Token), probabilities(p.Model.Next, p.Token)
	return c
}

// probabilities of a token, at each position.
func probabilities(rows [][]float64, token int) []value.Value {
	list := make([]value.Value, len(rows))
	for i, row := range rows {
		list[i] = value.OfFloat(elementary.Exp(row[token]))
	}
	return list
}
