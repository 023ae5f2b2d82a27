package ngram

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"rasp/lang/diag"
)

// Smoothing says how counts become probabilities. n(c w) is how often token w
// follows context c, n(c) the sum over w, T(c) how many different w there are, V
// the tokens that can come next: all but "<s>".
type Smoothing int

const (
	// MLE are relative frequencies, n(c w) / n(c): maximum likelihood. What was
	// not seen after c has no probability; a context that was never seen hands on
	// to the next shorter one.
	MLE Smoothing = iota
	// AddK is (n(c w) + k) / (n(c) + k V), c being the longest context: uniform
	// where it was never seen (Lidstone 1920; Laplace for k = 1).
	AddK
	// WittenBell is (n(c w) + T(c) p(w | shorter)) / (n(c) + T(c)), 1/V being what
	// is shorter than the empty context: method C of Witten and Bell 1991.
	WittenBell
	// KneserNey is interpolated modified Kneser-Ney, see kneserNey.
	KneserNey
)

var smoothings = []string{"mle", "add-k", "witten-bell", "kneser-ney"}

func (s Smoothing) String() string { return smoothings[s] }

// ParseSmoothing reads the name of a Smoothing.
func ParseSmoothing(name string) (Smoothing, error) {
	if i := slices.Index(smoothings, name); i >= 0 {
		return Smoothing(i), nil
	}
	return 0, fmt.Errorf("no smoothing %q: %s", name, strings.Join(smoothings, ", "))
}

// Estimate makes probabilities of counts; k is that of AddK, positive. All
// smoothings but MLE keep something for "<unk>".
func (c *Counts) Estimate(s Smoothing, k float64) (*Model, error) {
	if s == AddK && !(k > 0 && k <= math.MaxFloat32) {
		return nil, fmt.Errorf("k is a positive number, not %v", k)
	}
	if s != MLE {
		if _, err := c.trie.add(1, 0, unknownID, 0); err != nil {
			return nil, err
		}
		c.count[1] = append(c.count[1], make([]int64, c.trie.levels[1].size()-len(c.count[1]))...)
	}
	m := newModel(c.vocab, c.trie)
	m.Source = fmt.Sprintf("Counted: %s, %s with %s (a </s> behind each sentence among them", c.name, diag.Count(c.Sentences, "sentence"), diag.Count(c.Tokens, "token"))
	if c.Unknown > 0 {
		m.Source += fmt.Sprintf(", and %d times <unk>", c.Unknown)
	}
	m.Source += ")."
	switch s {
	case MLE:
		c.relative(m)
	case AddK:
		c.addK(m, k)
		m.Smoothing = "add-k, k = " + strconv.FormatFloat(k, 'g', -1, 64)
	case WittenBell:
		c.wittenBell(m)
	case KneserNey:
		m.Smoothing = c.kneserNey(m)
	}
	if m.Smoothing == "" {
		m.Smoothing = s.String()
	}
	return m, nil
}

// choices is V.
func (c *Counts) choices() float64 {
	n := c.trie.levels[1].size()
	if c.trie.levels[1].find(0, beginID) >= 0 {
		n--
	}
	return float64(n)
}

// beginners tells the n-grams that begin with "<s>", by level.
func (c *Counts) beginners() [][]bool {
	begin := [][]bool{{false}}
	for n := 1; n <= c.trie.order(); n++ {
		l := &c.trie.levels[n]
		of := make([]bool, l.size())
		for id, context := range l.context {
			of[id] = begin[n-1][context] || n == 1 && l.token[id] == beginID
		}
		begin = append(begin, of)
	}
	return begin
}
