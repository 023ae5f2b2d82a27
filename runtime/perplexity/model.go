package perplexity

import (
	"rasp/runtime"
	"rasp/runtime/model"
	"rasp/runtime/next"
)

// ofModel scores by the prediction of a model.
type ofModel struct {
	engine     runtime.Engine
	prediction *next.Prediction
	batch      [][]int
}

// OfModel makes a scorer of a causal model: in a bidirectional one a prediction
// sees the very token that it should predict.
func OfModel(m *model.Model, e runtime.Engine, p *next.Prediction) (Scorer, error) {
	if !m.Causal {
		return nil, runtime.ErrBidirectional
	}
	return &ofModel{engine: e, prediction: p}, nil
}

func (s *ofModel) Score(windows []Window) error {
	s.batch = s.batch[:0]
	for _, w := range windows {
		s.batch = append(s.batch, w.IDs[:len(w.IDs)-1])
	}
	// Position 0 is BOS, so what stands at position p predicts token p.
	return s.engine.Each(s.batch, func(n, position int, logits []float32) {
		if w := &windows[n]; position >= w.From {
			w.Logs[position-w.From] = s.prediction.LogOf(w.IDs[position], logits)
		}
	})
}
