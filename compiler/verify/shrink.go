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

// shrink makes a counterexample small: it drops tokens, in long pieces first,
// and then replaces each by an earlier one of the vocabulary, as long as the
// model stays wrong, until nothing more can be done.
func shrink(c *Comparer, names []string, ids []int) (*Counterexample, error) {
	s := shrinker{Comparer: c, names: names, tries: maxTries}
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
	*Comparer
	names []string        // of the outputs
	ids   []int           // the smallest counterexample so far
	found *Counterexample // the same with what the two answered
	tries int
	err   error
}

// try takes ids if the model is wrong on them too.
func (s *shrinker) try(ids []int) bool {
	if s.tries == 0 || s.err != nil || len(ids) == 0 || !s.domain.Has(ids) {
		return false
	}
	s.tries--
	wrong := false
	s.err = s.Compare([][]int{ids}, func(_ int, pairs []Pair, _ error) error {
		if at := Wrong(pairs); at >= 0 {
			wrong, s.ids, s.found = true, ids, s.describe(s.names[at], pairs[at])
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
