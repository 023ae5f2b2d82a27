package ngram

import (
	"fmt"
	"math"
)

const (
	// farApart is how far what a context adds may lift the logits of the tokens seen
	// after it: float32 has sums of six such numbers to 6e-6.
	farApart = 16
	// tooFar is what no sum of logits comes back from: e^-64 is as good as none.
	tooFar = 64
)

// logits is a model as a sum of what its contexts add. After a context c, and with s
// for c without its oldest token, the sum for a token w is
//
//	S(c, w) = ln p(w | c) + shift(c),  shift of no context = 0
//
// A sparse row of c has the tokens seen after it alone. To the others it adds nothing,
// and ln p(w | c) = ln bow(c) + ln p(w | s): so shift(c) = shift(s) - ln bow(c). Where
// hardly anything backs off (bow = 10^-99, as SRILM writes 0) that would lift the seen
// tokens out of float32. Such a context has a full row, for all w, and shift(c) = 0,
// or what lifts the most likely w to 0 if even that has hardly any probability. A
// context that nothing was seen after has no row, and the shift of a sparse one.
//
// Or the longest context that has a row decides alone, and nothing is added up: with
// sparse rows in a Hard model; with full ones where a longer context gives back what a
// shorter one has taken away, which no sum in float32 does.
type logits struct {
	*Model
	longest bool
	full    [][]bool    // [level][n-gram]
	shift   [][]float64 // [level][n-gram]
}

// asLogits chooses the form of the model. Full rows hold the whole vocabulary, so
// their number is bounded.
func (m *Model) asLogits() (*logits, error) {
	s := &logits{Model: m, longest: m.Hard}
	full := s.fill()
	if !s.longest && s.takesBack() {
		s.longest = true
		full = s.fill()
	}
	if full > MaxGrams/len(m.predicted()) {
		return nil, fmt.Errorf("so little backs off from %d contexts that each of them needs all %d words: more than %d n-grams", full, len(m.predicted()), MaxGrams)
	}
	return s, nil
}

// fill finds the shifts and the full rows, and how many these are.
func (s *logits) fill() (rows int) {
	s.full, s.shift = make([][]bool, s.Order()), make([][]float64, s.Order())
	for n := range s.full {
		l, best := &s.trie.levels[n], s.best(n)
		s.full[n], s.shift[n] = make([]bool, l.size()), make([]float64, l.size())
		if n == 0 || s.Hard {
			continue
		}
		for id, suffix := range l.suffix {
			shift := s.shift[n-1][suffix] - s.backoff[n][id]
			if has := !math.IsInf(best[id], -1); has && (s.longest || math.Abs(shift) > farApart || best[id] < -tooFar) {
				shift, s.full[n][id] = s.lift(n, int32(id)), true
				rows++
			}
			s.shift[n][id] = shift
		}
	}
	return rows
}

// best is the logarithm of the probability of the most likely token that was seen after
// each n-gram of n tokens, -Inf for those that have no row.
func (s *logits) best(n int) []float64 {
	best := make([]float64, s.trie.levels[n].size())
	for id := range best {
		best[id] = math.Inf(-1)
	}
	for gram, context := range s.trie.levels[n+1].context {
		if p := s.logP[n+1][gram]; !math.IsNaN(p) {
			best[context] = max(best[context], p)
		}
	}
	return best
}

// lift is the shift of a full row.
func (s *logits) lift(n int, id int32) float64 {
	most := math.Inf(-1)
	for _, token := range s.predicted() {
		most = max(most, s.after(n, id, token))
	}
	if most < -tooFar {
		return -most
	}
	return 0
}

// takesBack reports that what a context of several tokens would add is too far from 0.
func (s *logits) takesBack() bool {
	for n := 2; n < s.Order(); n++ {
		grams := &s.trie.levels[n+1]
		for gram, context := range grams.context {
			if !math.IsNaN(s.logP[n+1][gram]) && s.addedBy(n, int32(gram), context) > tooFar {
				return true
			}
		}
	}
	return false
}

// added is what the context (n, id) adds to the logit of a token; what it is, if the
// longest context decides.
func (s *logits) added(n int, id, token int32) float64 {
	p := s.after(n, id, token)
	if n == 0 || s.longest {
		return p + s.shift[n][id]
	}
	suffix := s.trie.levels[n].suffix[id]
	return p + s.shift[n][id] - s.after(n-1, suffix, token) - s.shift[n-1][suffix]
}

// addedBy is added of the last token of an n-gram that has the context (n, id) before it:
// what it backs off to is there without a search.
func (s *logits) addedBy(n int, gram, id int32) float64 {
	p := s.probability(n+1, gram)
	if n == 0 || s.longest {
		return p + s.shift[n][id]
	}
	return p + s.shift[n][id] - s.probability(n, s.trie.levels[n+1].suffix[gram]) - s.shift[n-1][s.trie.levels[n].suffix[id]]
}
