package perplexity

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rasp/runtime"
	"rasp/runtime/model"
	"rasp/runtime/next"
)

// bigram is a model without layers: the residual stream is a one-hot of the token,
// the unembedding a table of logits [token][next].
func bigram(table [][]float32) *model.Model {
	v := len(table)
	m := &model.Model{Config: model.Config{DModel: v, NCtx: 9, Causal: true}}
	next := model.Output{Name: "next", Next: true}
	for i := range v {
		m.Vocab = append(m.Vocab, model.Token(`"`+"abc"[i:i+1]+`"`))
	}
	next.Classes = m.Vocab
	m.Outputs = []model.Output{next}
	tokens := model.NewBuilder(v+1, v)
	for i := range table {
		tokens.Add(i, i, 1)
	}
	m.WE, m.WPos = tokens.Matrix(), model.NewBuilder(9, v).Matrix()
	m.WU, m.BU = model.Dense(v, v, slices.Concat(table...)), make([]float32, v)
	return m
}

func TestModel(t *testing.T) {
	m := bigram([][]float32{{0, 1, 2}, {1, -1, 0.5}, {3, -200, 0}})
	require.NoError(t, m.Validate())
	p, err := next.Find(m, "")
	require.NoError(t, err)
	text := strings.Repeat("abcaacabbca", 50)
	want := 0.0
	for i := range len(text) - 1 {
		row := m.WU.Floats()[3*(text[i]-'a'):][:3]
		sum := math.Exp(float64(row[0])) + math.Exp(float64(row[1])) + math.Exp(float64(row[2]))
		want += float64(row[text[i+1]-'a']) - math.Log(sum)
	}
	for _, threads := range []int{1, 3} {
		s, err := OfModel(m, runtime.NewSession(m, runtime.Threads(threads)), p)
		require.NoError(t, err)
		for _, stride := range []int{0, 1, 8} {
			r, err := Measure(context.Background(), strings.NewReader(text), abc(false), s, Options{Longest: 8, Stride: stride}, nil)
			require.NoError(t, err)
			require.Equal(t, len(text)-1, r.Tokens)
			require.InEpsilon(t, want, r.Log, 1e-6)
		}
	}
	m.Causal = false
	_, err = OfModel(m, runtime.NewSession(m), p)
	require.ErrorIs(t, err, runtime.ErrBidirectional)
}
