package ngram

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"strconv"
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
	w := bufio.NewWriterSize(to, 1<<16)
	kept := m.kept()
	fmt.Fprintln(w, `\data\`)
	for n := 1; n < len(kept); n++ {
		fmt.Fprintf(w, "ngram %d=%d\n", n, len(kept[n]))
	}
	for n := 1; n < len(kept); n++ {
		fmt.Fprintf(w, "\n\\%d-grams:\n", n)
		for _, id := range kept[n] {
			m.line(w, names, n, id)
		}
	}
	fmt.Fprint(w, "\n\\end\\\n")
	return w.Flush()
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

// line writes an n-gram. One that only stands there as a context has the probability that
// it has without the line.
func (m *Model) line(w *bufio.Writer, names []string, n int, id int32) {
	p := noProbability * math.Ln10
	if token := m.trie.levels[n].token[id]; token != beginID {
		p = max(p, m.probability(n, id))
	}
	w.WriteString(log10(p))
	for i, token := range m.trie.tokensOf(n, id) {
		w.WriteByte("\t "[min(i, 1)])
		w.WriteString(names[token])
	}
	if weight := m.backoff[n][id]; n < m.Order() && weight != 0 {
		w.WriteByte('\t')
		w.WriteString(log10(max(weight, noProbability*math.Ln10)))
	}
	w.WriteByte('\n')
}

// log10 of a natural logarithm, with the digits of float32.
func log10(x float64) string {
	return strconv.FormatFloat(float64(float32(x/math.Ln10)), 'g', -1, 32)
}
