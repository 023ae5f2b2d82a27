// Package predict is the meaning of a program that predicts the next token: a
// probability for each token of the vocabulary, at each position of an input.
//
// In comes a lang.Prediction, whose s-ops the interpreter evaluates; out go
// natural logarithms of probabilities, in float64:
//
//	weights w   ln w(t) - ln(sum of w)
//	logits l    l(t) - ln(sum of exp l)
//	a token s   ln p where t = s, else ln((1-p) / (V-1)) for V tokens
//
// A token that is exp(Zero) times as likely as the likeliest, or less, has no
// probability at all: the softmax of a transformer in float32 has no such
// numbers.
package predict

import (
	"fmt"
	"math"

	"rasp/lang"
	"rasp/lang/diag"
	"rasp/lang/interp"
	"rasp/lang/value"
)

// Zero is how far below the largest a logarithm of probability means none: half
// of the smallest float32 is exp(-103.97).
const Zero = -104

// tie is how far apart two logarithms of probability count as equal, so that of
// equals the first is the most likely, whatever the rounding of its logit.
const tie = 1.0 / (1 << 16)

// Predictor evaluates a prediction, over and over, in buffers that it keeps. It
// is not safe for concurrent use; several predictors of one program are.
type Predictor struct {
	*lang.Prediction
	evaluator *interp.Evaluator
	vocab     []value.Value
	places    *value.Index // of vocab
	columns   []int        // by token of the prediction: its place in vocab
	rows      [][]float64
}

// New prepares a prediction over a vocabulary, with causal selectors or not.
func New(p *lang.Prediction, vocab []value.Value, causal bool) *Predictor {
	r := &Predictor{Prediction: p, vocab: vocab, places: value.NewIndex(vocab)}
	if p.Token != nil {
		r.evaluator = interp.New(causal, p.Token)
		return r
	}
	r.evaluator = interp.New(causal, p.Scores...)
	for _, t := range p.Tokens {
		r.columns = append(r.columns, Place(vocab, r.places, t))
	}
	return r
}

// Place is where an atom stands in a vocabulary, of which places is the index:
// the same atom, or else an equal one; -1 for nowhere.
func Place(vocab []value.Value, places *value.Index, t value.Value) int {
	at := places.Find(t)
	if at < 0 || vocab[at] == t {
		return at
	}
	for i, v := range vocab {
		if v == t {
			return i
		}
	}
	return at
}

// Run predicts what comes after each position of an input: [position][token of
// the vocabulary], the natural logarithm of its probability, -Inf for none. The
// result is valid until the next call. The error is an *interp.Fault: the program
// fails, or what it gives at some position is no distribution.
func (r *Predictor) Run(input []value.Value) ([][]float64, error) {
	if err := r.evaluator.Run(input); err != nil {
		return nil, err
	}
	r.resize(len(input))
	for i, row := range r.rows {
		var fault *interp.Fault
		if r.Token != nil {
			fault = r.certain(i, row)
		} else {
			fault = r.scored(i, row)
		}
		if fault != nil {
			return nil, fault
		}
	}
	return r.rows, nil
}

// resize makes n rows of no probability.
func (r *Predictor) resize(n int) {
	for len(r.rows) < n {
		r.rows = append(r.rows[:len(r.rows):len(r.rows)], make([]float64, len(r.vocab)))
	}
	r.rows = r.rows[:n]
	for _, row := range r.rows {
		for t := range row {
			row[t] = math.Inf(-1)
		}
	}
}

// certain is a row where the s-op is the next token itself.
func (r *Predictor) certain(i int, row []float64) *interp.Fault {
	v := r.evaluator.Sequence(r.Token)[i]
	at := Place(r.vocab, r.places, v)
	if at < 0 {
		return &interp.Fault{Kind: diag.Value, Message: value.Describe(v) + " is not a token of the vocabulary", Node: r.Token, Position: i}
	}
	if r.Confidence < 1 {
		for t := range row {
			row[t] = math.Log((1 - r.Confidence) / float64(len(row)-1))
		}
	}
	row[at] = math.Log(r.Confidence)
	return nil
}

// scored is a row of weights or logits.
func (r *Predictor) scored(i int, row []float64) *interp.Fault {
	most := math.Inf(-1)
	for k, n := range r.Scores {
		v := r.evaluator.Sequence(n)[i]
		x := v.Float64()
		switch {
		case !v.IsNumber(), math.IsNaN(x), math.IsInf(x, 0):
			return r.fault(k, i, v)
		case !r.Logits && x < 0:
			return r.fault(k, i, v)
		case !r.Logits:
			x = math.Log(x)
		}
		row[r.columns[k]] = x
		most = max(most, x)
	}
	if math.IsInf(most, -1) {
		return &interp.Fault{Kind: diag.Value, Message: "all weights are 0: no token can come next", Node: r.Scores[0], Position: i}
	}
	total := 0.0
	for t, x := range row {
		if x -= most; x <= Zero {
			x = math.Inf(-1)
		}
		row[t] = x
		total += math.Exp(x)
	}
	total = math.Log(total)
	for t := range row {
		row[t] -= total
	}
	return nil
}

// fault says what a score cannot be.
func (r *Predictor) fault(k, position int, v value.Value) *interp.Fault {
	what, wanted := "weight", "a number, 0 or above"
	if r.Logits {
		what, wanted = "logit", "a number, and finite"
	}
	kind := diag.Value
	if !v.IsNumber() {
		kind = diag.Type
	}
	return &interp.Fault{Kind: kind, Node: r.Scores[k], Position: position,
		Message: fmt.Sprintf("the %s of %s is %s; it must be %s", what, value.Describe(r.Tokens[k]), value.Describe(v), wanted)}
}

// MostLikely is the place of the most likely token in a row of Run, the first of
// equals.
func MostLikely(row []float64) int {
	most := math.Inf(-1)
	for _, x := range row {
		most = max(most, x)
	}
	for t, x := range row {
		if x >= most-tie {
			return t
		}
	}
	return 0
}
