package ngram

import (
	"cmp"
	"math"
	"slices"

	"rasp/lang/elementary"
)

// Sum is what the probabilities of the next token add up to after a context,
// where that is not 1. A program of it divides by the sum.
type Sum struct {
	Context []string // the oldest token first; none: of single tokens
	Sum     float64
}

// Sums are those of the contexts that are further from 1 than tolerance, the
// furthest first. Contexts that no sentence has are left out.
func (m *Model) Sums(tolerance float64) []Sum {
	var off []Sum
	var shorter []float64 // the sums of the level below
	for n := range m.Order() {
		l := &m.trie.levels[n]
		sums := make([]float64, l.size())
		for id := range sums {
			if n > 0 {
				sums[id] = elementary.Exp(m.backoff[n][id]) * shorter[l.suffix[id]]
			}
		}
		grams := &m.trie.levels[n+1]
		for id, p := range m.logP[n+1] {
			if math.IsNaN(p) {
				continue
			}
			context := grams.context[id]
			sums[context] += elementary.Exp(p)
			if n > 0 {
				otherwise := m.after(n-1, l.suffix[context], grams.token[id])
				sums[context] -= elementary.Exp(m.backoff[n][context] + otherwise)
			}
		}
		for id, sum := range sums {
			if math.Abs(sum-1) > tolerance {
				if context := m.trie.tokensOf(n, int32(id)); !slices.Contains(context, endID) {
					off = append(off, Sum{m.vocab.words(context), sum})
				}
			}
		}
		shorter = sums
	}
	slices.SortStableFunc(off, func(a, b Sum) int { return -cmp.Compare(math.Abs(a.Sum-1), math.Abs(b.Sum-1)) })
	return off
}

func (v *vocabulary) words(ids []int32) []string {
	words := make([]string, len(ids))
	for i, id := range ids {
		words[i] = v.names[id]
	}
	return words
}
