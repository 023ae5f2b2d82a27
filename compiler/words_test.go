package compiler_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/compiler"
	"rasp/compiler/compilertest"
)

// wordModel is a program of n-grams over so many words, of order 2 or 3, as rasp ngram
// writes them: after each word, and after some pairs, a few others are likelier, after the
// first word many. It has so many n-grams.
func wordModel(words, order int, seed uint64) (text string, grams int) {
	r := rand.New(rand.NewPCG(seed, 15))
	name := func(k int) string { return fmt.Sprintf("%q", fmt.Sprint("w", k)) }
	var vocab, none []string
	for k := range words {
		vocab = append(vocab, name(k))
		none = append(none, fmt.Sprintf("%s: %.4f", name(k), -9+r.Float64()))
	}
	after := func(n int) string {
		var list []string
		for _, k := range r.Perm(words)[:n] {
			list = append(list, fmt.Sprintf("%s: %.4f", name(k), r.Float64()*6))
		}
		grams += n
		return "{" + strings.Join(list, ", ") + "}"
	}
	var one, two []string
	for k := range words {
		n := 1 + r.IntN(4)
		if k == 0 {
			n = words / 3
		}
		one = append(one, name(k)+": "+after(n))
		two = append(two, fmt.Sprintf("%s: {%s: %s}", name(k), name(r.IntN(words)), after(1+r.IntN(4))))
	}
	text = "#rasp:vocab [" + strings.Join(vocab, ", ") + "]\n#rasp:length 8\n#rasp:causal\n#rasp:logits\n#rasp:output next\n" +
		"none = {" + strings.Join(none, ", ") + "};\nzero = {w: 0 for w in none};\n" +
		"one = lookup({" + strings.Join(one, ", ") + "}, tokens, zero);\n"
	if order == 2 {
		return text + "next = {w: none[w] + one[w] for w in none};\n", grams
	}
	return text + "before = shift(tokens, 1, \"\");\ntwo = lookup({" + strings.Join(two, ", ") + "}, before, tokens, zero);\n" +
		"next = {w: none[w] + one[w] + two[w] for w in none};\n", grams
}

// TestWeightsOfWords: the weights that are not 0 grow with words and n-grams, not with the
// square of the words: a logit has a few, and each context has those of its codes. The model
// is the program all the same.
func TestWeightsOfWords(t *testing.T) {
	for _, order := range []int{2, 3} {
		const words = 1200
		text, grams := wordModel(words, order, 1)
		outputs, d := compilertest.Parse(t, "words.rasp", text)
		m, _, err := compiler.Compile(outputs, d, compilertest.At(1))
		require.NoError(t, err)
		total, nonzero := m.Parameters()
		each := 3 // of a word: a bias, a weight of its logit, and perhaps one in the embedding
		if order == 3 {
			each += 11 + 2*11 + 2 // its code, and a context with two, a bias and BOS
		}
		assert.Less(t, nonzero, grams+each*words+1000, "order %d", order)
		assert.Greater(t, total, words*words)
		_, difference, err := compilertest.Compare(m, outputs, d, compilertest.InputsOf(d, 1, 20, 40, 1))
		require.NoError(t, err)
		assert.Empty(t, difference)
	}
}
