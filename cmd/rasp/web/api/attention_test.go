package api

import (
	"bytes"
	"io"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/lang/ngram"
	"rasp/runtime/text"
)

// TestLook: the kernel of the forward pass gives softmax(s q k / sqrt d) v.
func TestLook(t *testing.T) {
	h, r := New("test"), rand.New(rand.NewPCG(1, 1))
	random := func(rows, columns int) [][]float32 {
		m := make([][]float32, rows)
		for i := range m {
			for range columns {
				m[i] = append(m[i], float32(r.IntN(41)-20)/10)
			}
		}
		return m
	}
	for _, c := range []struct{ m, n, d, v int }{{1, 4, 2, 1}, {4, 4, 2, 1}, {17, 40, 5, 3}, {64, 64, 64, 64}} {
		for _, causal := range []bool{false, true} {
			p := lookParams{Queries: random(c.m, c.d), Keys: random(c.n, c.d), Values: random(c.n, c.v), Sharpness: 1.5, Causal: causal}
			l := asked[Looked](t, h, "attention.look", p)
			require.Len(t, l.Weights, c.m)
			for i := range c.m {
				seen := c.n
				if causal {
					seen = i + 1
				}
				scores := make([]float64, seen)
				for j := range scores {
					for f := range c.d {
						scores[j] += float64(p.Queries[i][f]) * float64(p.Keys[j][f]) * 1.5 / math.Sqrt(float64(c.d))
					}
				}
				require.Len(t, l.Scores[i], seen)
				for j, w := range softmax(scores) {
					require.InDelta(t, scores[j], l.Scores[i][j], 1e-4)
					require.InDelta(t, w, l.Weights[i][j], 1e-5)
				}
				for f := range c.v {
					mean := 0.0
					for j, w := range softmax(scores) {
						mean += w * float64(p.Values[j][f])
					}
					require.InDelta(t, mean, l.Outputs[i][f], 1e-4)
				}
			}
		}
	}
}

// TestSharpness: at 0 the output is the mean, far above it is that of argmax, of equals the
// mean of these.
func TestSharpness(t *testing.T) {
	h := New("test")
	p := lookParams{Queries: [][]float32{{1, 0}}, Keys: [][]float32{{2, 0}, {2, 1}, {0, 1}}, Values: [][]float32{{10}, {20}, {60}}}
	mean := asked[Looked](t, h, "attention.look", p)
	assert.Equal(t, [][]float32{{30}}, mean.Outputs)
	assert.Equal(t, [][]int{{0, 1, 2}}, mean.Largest)
	p.Sharpness = 100
	sharp := asked[Looked](t, h, "attention.look", p)
	assert.Equal(t, [][]int{{0, 1}}, sharp.Largest)
	assert.Equal(t, [][]float32{{15}}, sharp.Hard)
	assert.Equal(t, sharp.Hard, sharp.Outputs)
}

// TestRecall: n-grams recall from the order on that reaches the name, and attention always;
// a name of no text by attention alone.
func TestRecall(t *testing.T) {
	h := New("test")
	for _, words := range []int{0, 3, 11, 16} {
		for order := 1; order <= ngram.MaxOrder; order++ {
			r := asked[Recall](t, h, "attention.recall", recallParams{"ben", words, order})
			assert.Equal(t, words+5, r.Reach)
			want := 0.25
			switch {
			case order >= r.Reach:
				want = 1
			case order == 1:
				want = 2 / float64(4*(9+words)) // "ben" is said twice among so many tokens, with </s>
			case order == 2: // "is" is followed by each name twice
				want = 0.25
			}
			assert.InDelta(t, want, r.Markov[1], 1e-9, "words %d, order %d", words, order)
			if order < r.Reach {
				assert.Equal(t, order, r.Used)
			}
			assert.InDelta(t, 100.0/123, r.Attention[1], 1e-6)
			assert.Equal(t, 1.0, r.Shares[3], "the head looks at the name")
		}
	}
	r := asked[Recall](t, h, "attention.recall", recallParams{"zoe", 5, 12})
	assert.Zero(t, r.Markov[4])
	assert.Zero(t, r.Used)
	assert.InDelta(t, 100.0/123, r.Attention[4], 1e-6)
}

// TestRecallARPA: the probabilities are those of the ARPA file that rasp ngram writes of
// the text.
func TestRecallARPA(t *testing.T) {
	r := asked[Recall](t, New("test"), "attention.recall", recallParams{"eva", 2, 4})
	counts, err := ngram.Count(func() (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader(strings.Join(r.Training, "\n"))), nil
	}, ngram.Options{Order: 4, Split: text.Words})
	require.NoError(t, err)
	m, err := counts.Estimate(ngram.MLE, 0)
	require.NoError(t, err)
	var file bytes.Buffer
	require.NoError(t, m.ARPA(&file))
	read, err := ngram.ReadARPA(&file, "text")
	require.NoError(t, err)
	for i, name := range r.Names[:4] {
		assert.InDelta(t, math.Exp(read.Score(append([]string{"<s>"}, r.Text...), name)), r.Markov[i], 1e-6)
	}
}

// TestHead: of each head the weights are the softmax of the scores, and what the circuit
// says is the scores, less a number for each query.
func TestHead(t *testing.T) {
	h := New("test")
	for _, program := range []string{"shift", "histogram", "reverse", "sort", "induction", "dyck1"} {
		first := asked[HeadView](t, h, "attention.head", headParams{Program: program})
		compared := 0
		for _, name := range first.Heads {
			v := asked[HeadView](t, h, "attention.head", headParams{Program: program, Input: first.Input, Head: name.Name})
			assert.Equal(t, name, v.Head)
			for i, row := range v.Scores {
				var scores []float64
				for _, s := range row {
					if s != nil {
						scores = append(scores, float64(*s))
					}
				}
				weights := softmax(less(scores))
				for j := range scores {
					require.InDelta(t, weights[j], v.Weights[i][j], 1e-5, "%s %s", program, name.Name)
				}
				shift, known := 0.0, false
				for j, s := range row {
					if s == nil || v.QK.Sums[i][j] == nil {
						continue
					}
					if !known {
						shift, known = float64(*s)-*v.QK.Sums[i][j], true
					}
					require.InDelta(t, float64(*s), *v.QK.Sums[i][j]+shift, 1e-2, "%s %s", program, name.Name)
					compared++
				}
			}
		}
		assert.Positive(t, compared, program)
	}
}

// less the largest of them.
func less(scores []float64) []float64 {
	most, list := math.Inf(-1), make([]float64, len(scores))
	for _, s := range scores {
		most = max(most, s)
	}
	for j, s := range scores {
		list[j] = s - most
	}
	return list
}
