package api

import (
	"bytes"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/cmd/rasp/web/rpc/rpctest"
	"rasp/lang/ngram"
	"rasp/runtime/text"
)

// TestRecall: n-grams recall from the order on that reaches the name, and attention always;
// a name of no text by attention alone.
func TestRecall(t *testing.T) {
	h := New("test")
	for _, words := range []int{0, 3, 11, 16} {
		for order := 1; order <= ngram.MaxOrder; order++ {
			r := rpctest.Asked[Recall](t, h, "attention.recall", recallParams{"ben", words, order})
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
	r := rpctest.Asked[Recall](t, h, "attention.recall", recallParams{"zoe", 5, 12})
	assert.Zero(t, r.Markov[4])
	assert.Zero(t, r.Used)
	assert.InDelta(t, 100.0/123, r.Attention[4], 1e-6)
}

// TestRecallARPA: the probabilities are those of the ARPA file that rasp ngram writes of
// the text.
func TestRecallARPA(t *testing.T) {
	r := rpctest.Asked[Recall](t, New("test"), "attention.recall", recallParams{"eva", 2, 4})
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
		first := rpctest.Asked[HeadView](t, h, "attention.head", headParams{Program: program})
		compared := 0
		for _, name := range first.Heads {
			v := rpctest.Asked[HeadView](t, h, "attention.head", headParams{Program: program, Input: first.Input, Head: name.Name})
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

// softmax in float64, the definition.
func softmax(scores []float64) []float64 {
	sum, w := 0.0, make([]float64, len(scores))
	for j, s := range scores {
		w[j] = math.Exp(s)
		sum += w[j]
	}
	for j := range w {
		w[j] /= sum
	}
	return w
}
