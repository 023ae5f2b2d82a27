package ngram

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rasp/lang"
	"rasp/lang/predict"
	"rasp/lang/value"
	"rasp/runtime/text"
)

// predicted runs the program of a model on an input: what comes after each of its
// positions.
func predicted(t *testing.T, m programmed) func(input []string) [][]float64 {
	t.Helper()
	p, faults := lang.Parse("lm.rasp", program(t, m))
	require.NoError(t, faults.Err())
	vocab := p.File.Directives.Vocab
	require.True(t, p.File.Directives.Causal)
	require.Len(t, vocab, len(m.Tokens()))
	for i, token := range m.Tokens() {
		require.Equal(t, value.OfString(token), vocab[i])
	}
	outputs, fault := p.Outputs(nil, vocab)
	require.Nil(t, fault)
	require.NotNil(t, outputs[0].Next)
	evaluator := predict.New(outputs, vocab, true)
	return func(input []string) [][]float64 {
		tokens := make([]value.Value, len(input))
		for i, token := range input {
			tokens[i] = value.OfString(token)
		}
		results, err := evaluator.Run(tokens)
		require.NoError(t, err)
		return results[0].Next
	}
}

// requireMeaning wants the program to say what the back-off rule says, to 1e-6
// relatively, on random inputs; what has no probability has exactly none.
func requireMeaning(t *testing.T, m programmed, r *rand.Rand) {
	t.Helper()
	run := predicted(t, m)
	tokens := m.Tokens()
	for range 50 {
		input := []string{text.BeginName}
		for range r.IntN(12) {
			input = append(input, tokens[1+r.IntN(len(tokens)-1)])
		}
		for i, row := range run(input) {
			for id, got := range row {
				before := input[:i+1]
				want := m.Score(before, tokens[id])
				if math.IsInf(want, -1) {
					require.True(t, math.IsInf(got, -1), "%q after %q", tokens[id], before)
					continue
				}
				require.InDelta(t, want, got, 1e-6, "%q after %q", tokens[id], before)
			}
		}
	}
}

// TestProgramsMeanTheModel for all orders, splits and smoothings.
func TestProgramsMeanTheModel(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for order := 1; order <= MaxOrder; order++ {
		for _, s := range []Smoothing{MLE, AddK, WittenBell, KneserNey} {
			for _, split := range []text.Split{text.Chars, text.Words} {
				t.Run(fmt.Sprintf("%d %s %s", order, s, split), func(t *testing.T) {
					requireMeaning(t, estimated(t, rhyme(t)+`a "quote" and a \`, Options{Order: order, Split: split}, s, 0.1), r)
				})
			}
		}
	}
}

func TestProgramOfARPA(t *testing.T) {
	text, err := os.ReadFile("testdata/rhyme.kenlm.arpa")
	require.NoError(t, err)
	m, err := ReadARPA(strings.NewReader(string(text)), "")
	require.NoError(t, err)
	requireMeaning(t, m, rand.New(rand.NewPCG(3, 4)))
}

// TestProgramNormalises says what becomes of an ARPA file that does not sum to 1:
// each probability is divided by the sum.
func TestProgramNormalises(t *testing.T) {
	m, err := ReadARPA(strings.NewReader(small), "")
	require.NoError(t, err)
	rows := predicted(t, m)([]string{"<s>", "a"})
	sums := m.Sums(0)
	for i, context := range []string{"<s>", "a"} {
		at := slices.IndexFunc(sums, func(s Sum) bool { return strings.Join(s.Context, " ") == context })
		for id, token := range m.Tokens() {
			if token != text.BeginName {
				require.InDelta(t, m.Score([]string{context}, token)-math.Log(sums[at].Sum), rows[i][id], 1e-6)
			}
		}
	}
}

// TestProgramsOfLogsOfZero has files with -99 and -inf among probabilities and
// weights, missing weights, and n-grams whose shorter ones are missing. Each program
// has the probabilities of the file over their sum, and none where that is e^-104 of
// the largest.
func TestProgramsOfLogsOfZero(t *testing.T) {
	forms := map[bool]int{}
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 5))
		file := randomARPA(r)
		m, err := ReadARPA(strings.NewReader(file), "")
		require.NoError(t, err, file)
		s, err := m.asLogits()
		require.NoError(t, err)
		forms[s.longest]++
		requireNormalised(t, m, r, file)
	}
	require.Positive(t, forms[false])
	require.Positive(t, forms[true])
}

// requireNormalised wants the program of a model to have its probabilities over their sum;
// source is what the model was made of.
func requireNormalised(t *testing.T, m programmed, r *rand.Rand, source string) {
	t.Helper()
	run, tokens := predicted(t, m), m.Tokens()
	for range 20 {
		input := []string{text.BeginName}
		for range r.IntN(8) {
			input = append(input, tokens[1+r.IntN(len(tokens)-1)])
		}
		for i, row := range run(input) {
			want := normalised(m, input[:i+1])
			for id, got := range row {
				if math.IsInf(want[id], -1) {
					require.True(t, math.IsInf(got, -1), "%q after %q\n%s", tokens[id], input[:i+1], source)
					continue
				}
				require.InDelta(t, want[id], got, 1e-6, "%q after %q\n%s", tokens[id], input[:i+1], source)
			}
		}
	}
}

// TestProbabilitiesOfZero: where a word keeps nothing of its count (as of 3 with a discount
// of 3), or add-k adds next to nothing, the program can be read and is the model, of words
// and of classes, and so is the ARPA file.
func TestProbabilitiesOfZero(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	zeros := 0
	for _, content := range []string{"b c\nb b\n", "c\ne\nd e\n\n", fewWords(r), fewWords(r), fewWords(r), fewWords(r)} {
		for order := 1; order <= 4; order++ {
			for _, s := range []Smoothing{AddK, WittenBell, KneserNey} {
				in := inClasses(t, content, "b X\nc X\ne Y\n", Options{Order: order, Split: text.Words})
				c, err := Count(reader(content), Options{Order: order, Split: text.Words})
				require.NoError(t, err)
				if in.PlainUnigrams, c.PlainUnigrams = true, true; s != AddK && r.IntN(2) == 0 {
					require.NoError(t, in.Prune([]int{0, 1}[:min(order, 2)]))
					require.NoError(t, c.Prune([]int{0, 1}[:min(order, 2)]))
				}
				classes, err := in.Estimate(s, 1e-320)
				require.NoError(t, err)
				expanded, err := classes.Expand()
				require.NoError(t, err)
				words, err := c.Estimate(s, 1e-320)
				require.NoError(t, err)
				for _, p := range words.logP[1] {
					if p == logOfNone {
						zeros++
					}
				}
				requireNormalised(t, classes, r, content)
				requireNormalised(t, words, r, content)
				for _, m := range []*Model{words, expanded} {
					require.Empty(t, m.Sums(1e-9), "%s, order %d: %q", s, order, content)
					read, err := ReadARPA(strings.NewReader(arpaOf(t, m)), "")
					require.NoError(t, err)
					for _, before := range contexts(m, min(order-1, 2)) {
						for _, token := range m.Tokens() {
							if token != text.BeginName {
								want := m.Score(before, token)
								require.InDelta(t, math.Exp(want), math.Exp(read.Score(before, token)), 1e-6, "%q after %q: %q", token, before, content)
							}
						}
					}
				}
			}
		}
	}
	require.Greater(t, zeros, 5)
}

// fewWords has some lines of few words.
func fewWords(r *rand.Rand) string {
	var b strings.Builder
	for range 2 + r.IntN(30) {
		b.WriteString([]string{"b", "c", "d", "e", "f"}[min(r.IntN(7), r.IntN(5))])
		b.WriteByte(" \n"[r.IntN(3)/2])
	}
	return b.String() + "b\n"
}

// normalised is what the back-off rule says of each token, over the sum.
func normalised(m programmed, before []string) []float64 {
	var row []float64
	for _, token := range m.Tokens() {
		row = append(row, m.Score(before, token))
	}
	most, total := slices.Max(row), 0.0
	for id, x := range row {
		if row[id] = x - most; row[id] < predict.Zero {
			row[id] = math.Inf(-1)
		}
		total += math.Exp(row[id])
	}
	for id := range row {
		row[id] -= math.Log(total)
	}
	return row
}

// randomARPA is a file of some n-grams over four words.
func randomARPA(r *rand.Rand) string {
	logs := []string{"-99", "-inf", "-0.3", "-1.5", "-0.1"}
	closed := r.IntN(3) // 0: nothing backs off
	entry := func(gram string) string {
		p := logs[2+r.IntN(3)]
		if r.IntN(6) == 0 {
			p = logs[r.IntN(2)]
		}
		switch choice := r.IntN(4); {
		case closed == 0 || choice == 0:
			return fmt.Sprintf("%s\t%s\t%s\n", p, gram, logs[r.IntN(2)])
		case choice == 1:
			return fmt.Sprintf("%s\t%s\n", p, gram)
		}
		return fmt.Sprintf("%s\t%s\t%s\n", p, gram, []string{"-0.2", "-7.5", "0.1"}[r.IntN(3)])
	}
	words := []string{"a", "b", "c", text.EndName}
	levels := [][]string{append([]string{text.BeginName}, words...)}
	for n := 2; n <= 2+r.IntN(3); n++ {
		var grams []string
		for _, before := range levels[n-2] {
			for _, word := range words {
				if !strings.HasSuffix(before, text.EndName) && r.IntN(2) == 0 {
					grams = append(grams, before+" "+word)
				}
			}
		}
		levels = append(levels, grams)
	}
	head, body := "\\data\\\n", ""
	for i, grams := range levels {
		head += fmt.Sprintf("ngram %d=%d\n", i+1, len(grams))
		body += fmt.Sprintf("\n\\%d-grams:\n", i+1)
		for _, gram := range grams {
			body += entry(gram)
		}
	}
	return head + body + "\n\\end\\\n"
}
