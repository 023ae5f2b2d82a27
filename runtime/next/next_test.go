package next

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"rasp/runtime/model"
)

var vocab = []model.Token{`"a"`, `"b"`, "3", `"d"`, `"e"`}

// predicting is a model with the outputs; the package looks at nothing else.
func predicting(outputs ...model.Output) *model.Model {
	m := &model.Model{Vocab: vocab}
	for _, o := range outputs {
		if n := len(m.Outputs); n > 0 {
			o.Column = m.Outputs[n-1].Column + m.Outputs[n-1].Width()
		}
		m.Outputs = append(m.Outputs, o)
	}
	return m
}

func TestLogProbabilities(t *testing.T) {
	m := predicting(model.Output{Name: "number"}, model.Output{Name: "next", Classes: []model.Token{`"b"`, "3", `"d"`, `"e"`}, Next: true})
	p, err := Find(m, "")
	require.NoError(t, err)
	require.Equal(t, "next", p.Name())
	logits := []float32{7, 7, 90, 91, -14, -12.5}
	logs := make([]float64, len(vocab))
	p.Log(logs, logits)
	total := math.Log(math.Exp(90) + math.Exp(91) + math.Exp(-12.5))
	want := []float64{math.Inf(-1), 90 - total, 91 - total, math.Inf(-1), -12.5 - total}
	for id := range want {
		if math.IsInf(want[id], -1) {
			require.Equal(t, want[id], logs[id], "token %d", id)
		} else {
			require.InDelta(t, want[id], logs[id], 1e-12, "token %d", id)
		}
		require.Equal(t, logs[id], p.LogOf(id, logits))
	}
}

// Sums of exp neither overflow nor vanish, and a logit that is not a number is
// never taken for one.
func TestLogProbabilitiesAtTheEdge(t *testing.T) {
	p, err := Find(predicting(model.Output{Classes: vocab, Next: true}), "")
	require.NoError(t, err)
	require.InDelta(t, -math.Log(2), p.LogOf(0, []float32{3e38, 3e38, 0, 0, 0}), 1e-12)
	require.InDelta(t, -math.Log(5), p.LogOf(4, []float32{-3e38, -3e38, -3e38, -3e38, -3e38}), 1e-12)
	require.InDelta(t, -103.99, p.LogOf(1, []float32{0, -103.99, -200, -200, -200}), 1e-5)
	require.Equal(t, math.Inf(-1), p.LogOf(1, []float32{0, -104, -200, -200, -200}))
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	require.True(t, p.Defined([]float32{3e38, -3e38, 0, 0, -inf}))
	require.False(t, p.Defined([]float32{0, inf, 0, 0, 0}))
	require.False(t, p.Defined([]float32{-inf, -inf, -inf, -inf, -inf}))
	logs := make([]float64, 5)
	for place := range 5 {
		logits := []float32{0, 1, 2, 3, -300}
		logits[place] = nan
		require.False(t, p.Defined(logits))
		p.Log(logs, logits)
		for id := range logs {
			require.True(t, math.IsNaN(logs[id]), "NaN at %d, token %d", place, id)
			require.True(t, math.IsNaN(p.LogOf(id, logits)))
		}
	}
}

// An output that is no distribution is sure of its value.
func TestSure(t *testing.T) {
	p, err := Find(predicting(model.Output{Name: "x", Classes: []model.Token{`"e"`, "3"}}), "x")
	require.NoError(t, err)
	logs := make([]float64, len(vocab))
	inf := math.Inf(-1)
	p.Log(logs, []float32{1, 2})
	require.Equal(t, []float64{inf, inf, 0, inf, inf}, logs)
	p.Log(logs, []float32{2, 2})
	require.Equal(t, []float64{inf, inf, inf, inf, 0}, logs)
	require.Equal(t, 0.0, p.LogOf(4, []float32{2, 2}))
	require.Equal(t, inf, p.LogOf(2, []float32{2, 2}))
	s := p.Sampler(Choice{Temperature: 9, TopP: 1}, 1, 1)
	for range 50 {
		require.Equal(t, 2, s.Draw([]float32{1, 2}))
	}
}

func TestFind(t *testing.T) {
	next := model.Output{Name: "p", Classes: vocab[1:3], Next: true}
	sure := model.Output{Name: "q", Classes: vocab[:1]}
	other := model.Output{Name: "r", Classes: []model.Token{`"a"`, "true"}}
	number := model.Output{Name: "n"}
	for _, c := range []struct {
		outputs     []model.Output
		name, found string
	}{
		{[]model.Output{number, other, sure}, "", "q"},
		{[]model.Output{sure, next}, "", "p"}, // what is marked is meant
		{[]model.Output{sure, next}, "q", "q"},
	} {
		p, err := Find(predicting(c.outputs...), c.name)
		require.NoError(t, err)
		require.Equal(t, c.found, p.Name())
	}
	for _, c := range []struct {
		outputs     []model.Output
		name, error string
	}{
		{[]model.Output{sure, sure}, "", "several outputs predict the next token: q, q"},
		{[]model.Output{sure}, "z", "the model has no output z"},
		{[]model.Output{other, number}, "", "does not predict the next token: output r can be true, which is not in the vocabulary; output n is a number"},
		{[]model.Output{sure, number}, "n", "output n is a number"},
	} {
		_, err := Find(predicting(c.outputs...), c.name)
		require.ErrorContains(t, err, c.error)
	}
}
