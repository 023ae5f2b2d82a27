package agree

import (
	"math"

	"rasp/runtime/model"
	"rasp/runtime/next"
)

// Next compares the prediction of a model with that of the interpreter.
type Next struct {
	prediction *next.Prediction
	width      int // of the logits
	got        []float64
}

// NewNext prepares the comparison of an output of m that predicts the next token.
func NewNext(m *model.Model, o model.Output) (*Next, error) {
	p, err := next.Of(m, o)
	if err != nil {
		return nil, err
	}
	return &Next{prediction: p, width: len(m.BU), got: make([]float64, len(m.Vocab))}, nil
}

// Differ is the first position at which the predictions differ, -1 if they are
// the same. Rows are the interpreter's, [position][token], as package predict
// gives them; logits the model's, [position+1][width], the first row that of BOS.
func (n *Next) Differ(rows [][]float64, logits []float32) int {
	for i, row := range rows {
		if n.DifferAt(row, logits[(i+1)*n.width:(i+2)*n.width]) >= 0 {
			return i
		}
	}
	return -1
}

// DifferAt is the first token whose probability differs at a position, -1 if none
// does.
func (n *Next) DifferAt(row []float64, logits []float32) int {
	for t, got := range n.Log(logits) {
		if !SameProbability(row[t], got) {
			return t
		}
	}
	return -1
}

// Log is what the model predicts at a position: the natural logarithm of the
// probability of each token, valid until the next call.
func (n *Next) Log(logits []float32) []float64 {
	n.prediction.Log(n.got, logits)
	return n.got
}

// SameProbability compares two probabilities by their logarithms: none is exactly
// none, others may differ by relativeError.
func SameProbability(interpreter, model float64) bool {
	if math.IsInf(interpreter, -1) || math.IsInf(model, -1) {
		return interpreter == model
	}
	return math.Abs(math.Expm1(model-interpreter)) <= relativeError
}
