package ngram

import (
	"fmt"
	"io"
	"math"
)

// ARPA writes the model as an ARPA file, which KenLM, SRILM and others read: n-grams in
// the order of the vocabulary, logarithms to base 10 with the digits that float32 has.
// "<s>" is among the 1-grams with -99, as KenLM wants it, and so is "<unk>", if the model
// has no probability for it. The blank of a model of characters is <space>, as ReadARPA
// takes it; the error names a token that no file can have, as its fields stand between
// blanks.
func (m *Model) ARPA(to io.Writer) error {
	names, err := fields(m.vocab.names, m.inUse)
	if err != nil {
		return err
	}
	w := lines{to: to}
	kept := m.kept()
	w.add("\\data\\\n")
	for n := 1; n < len(kept); n++ {
		w.add(fmt.Sprintf("ngram %d=%d\n", n, len(kept[n])))
	}
	for n := 1; n < len(kept); n++ {
		w.add(fmt.Sprintf("\n\\%d-grams:\n", n))
		m.section(&w, names, n, kept[n])
	}
	w.add("\n\\end\\\n")
	w.flush()
	return w.err
}

// lines are written some at a time.
type lines struct {
	to     io.Writer
	buffer []byte
	err    error
}

func (w *lines) add(text string) { w.buffer = append(w.buffer, text...) }

// flush writes what there is.
func (w *lines) flush() {
	if w.err == nil {
		_, w.err = w.to.Write(w.buffer)
	}
	w.buffer = w.buffer[:0]
}

// kept are the n-grams that a file has, by length up to the longest that there are: those with a probability, those that
// are contexts of one.
func (m *Model) kept() [][]int32 {
	needed := make([][]bool, m.Order()+1)
	for n := m.Order(); n > 0; n-- {
		l := &m.trie.levels[n]
		needed[n] = make([]bool, l.size())
		for id, p := range m.logP[n] {
			needed[n][id] = !math.IsNaN(p) || n == 1
		}
		if n == m.Order() {
			continue
		}
		for id, context := range m.trie.levels[n+1].context {
			needed[n][context] = needed[n][context] || needed[n+1][id]
		}
	}
	kept := make([][]int32, m.Order()+1)
	parents := []int32{0}
	for n := 1; n <= m.Order(); n++ {
		following := m.continuations(n - 1)
		for _, parent := range parents {
			for _, id := range following.of(parent) {
				if needed[n][id] {
					kept[n] = append(kept[n], id)
				}
			}
		}
		if parents = kept[n]; len(parents) == 0 {
			return kept[:n]
		}
	}
	return kept
}

// section writes n-grams of n tokens, those of a context one after the other.
func (m *Model) section(w *lines, names []string, n int, grams []int32) {
	const enough = 1 << 16
	l := &m.trie.levels[n]
	context := int32(-1)
	var before []byte // the tokens of the context
	for _, id := range grams {
		if l.context[id] != context {
			context, before = l.context[id], append(before[:0], '\t')
			for _, token := range m.trie.tokensOf(n-1, context) {
				before = append(append(before, names[token]...), ' ')
			}
		}
		b := appendLog10(w.buffer, m.inFile(n, id))
		b = append(append(b, before...), names[l.token[id]]...)
		if weight := m.backoff[n][id]; n < m.Order() && weight != 0 {
			b = appendLog10(append(b, '\t'), max(weight, logOfNone))
		}
		w.buffer = append(b, '\n')
		if len(w.buffer) > enough {
			if w.flush(); w.err != nil {
				return
			}
		}
	}
}

// inFile is the logarithm of the probability that a file has for an n-gram. One that only
// stands there as a context has the probability that it has without the line.
func (m *Model) inFile(n int, id int32) float64 {
	p := m.logP[n][id]
	switch {
	case m.trie.levels[n].token[id] == beginID:
		return logOfNone
	case math.IsNaN(p):
		p = m.probability(n, id)
	}
	return max(p, logOfNone)
}

// appendLog10 writes a natural logarithm to base 10, with the digits of float32.
func appendLog10(b []byte, x float64) []byte {
	return appendShortest(b, float32(x/math.Ln10))
}
