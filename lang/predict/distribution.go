package predict

import (
	"fmt"
	"math"

	"rasp/lang/diag"
	"rasp/lang/elementary"
	"rasp/lang/graph"
	"rasp/lang/interp"
	"rasp/lang/value"
)

// Zero is how far below the largest a logarithm of probability means none: half
// of the smallest float32 is exp(-103.97).
const Zero = -104

// tie is how far apart two logarithms of probability count as equal, so that of
// equals the first is the most likely, whatever the rounding of its logit.
const tie = 1.0 / (1 << 16)

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

// predictor of a distribution, in buffers that it keeps.
type predictor struct {
	*graph.Distribution
	at      diag.Span // of the name that is the output
	vocab   []value.Value
	places  *value.Index // of vocab
	columns []int        // by token of the distribution: its place in vocab
	made    [][]float64  // as many rows as the longest input took
	rows    [][]float64  // those of this one
}

func newPredictor(o graph.Output, vocab []value.Value) *predictor {
	p := &predictor{Distribution: o.Next, at: o.Span, vocab: vocab, places: value.NewIndex(vocab)}
	for _, t := range o.Next.Tokens {
		p.columns = append(p.columns, Place(vocab, p.places, t))
	}
	return p
}

// run predicts what comes after each of n positions, from the s-ops that e has
// evaluated: [position][token of the vocabulary].
func (p *predictor) run(e *interp.Evaluator, n int) ([][]float64, *interp.Fault) {
	p.makeRows(n)
	for i, row := range p.rows {
		for t := range row {
			row[t] = math.Inf(-1)
		}
		var fault *interp.Fault
		if p.Token != nil {
			fault = p.certain(i, e.Sequence(p.Token)[i], row)
		} else {
			fault = p.scored(e, i, row)
		}
		if fault != nil {
			return nil, fault
		}
	}
	return p.rows, nil
}

// makeRows makes n rows, of any content.
func (p *predictor) makeRows(n int) {
	for len(p.made) < n {
		p.made = append(p.made, make([]float64, len(p.vocab)))
	}
	p.rows = p.made[:n]
}

// certain is a row where an s-op is the next token itself, v at position i.
func (p *predictor) certain(i int, v value.Value, row []float64) *interp.Fault {
	at := Place(p.vocab, p.places, v)
	if at < 0 {
		return &interp.Fault{Kind: diag.Value, Message: value.Describe(v) + " is not a token of the vocabulary", Node: p.Token, Position: i, Span: p.Token.Span}
	}
	if p.Confidence < 1 {
		for t := range row {
			row[t] = elementary.Log((1 - p.Confidence) / float64(len(row)-1))
		}
	}
	row[at] = elementary.Log(p.Confidence)
	return nil
}

// scored is a row of weights or logits.
func (p *predictor) scored(e *interp.Evaluator, i int, row []float64) *interp.Fault {
	most := math.Inf(-1)
	for k, n := range p.Scores {
		v := e.Sequence(n)[i]
		x := v.Float64()
		switch {
		case !v.IsNumber(), math.IsNaN(x), math.IsInf(x, 0):
			return p.fault(k, i, v)
		case !p.Logits && x < 0:
			return p.fault(k, i, v)
		case !p.Logits:
			x = elementary.Log(x)
		}
		row[p.columns[k]] = x
		most = max(most, x)
	}
	if math.IsInf(most, -1) {
		return &interp.Fault{Kind: diag.Value, Message: "all weights are 0: no token can come next", Node: p.Scores[0], Position: i, Span: p.at}
	}
	normalise(row, most)
	return nil
}

// normalise makes logarithms of probabilities of logits, of which the largest is known.
func normalise(row []float64, most float64) {
	total := 0.0
	for t, x := range row {
		if x -= most; x <= Zero {
			x = math.Inf(-1)
		}
		row[t] = x
		total += elementary.Exp(x)
	}
	total = elementary.Log(total)
	for t := range row {
		row[t] -= total
	}
}

// fault says what a score cannot be.
func (p *predictor) fault(k, position int, v value.Value) *interp.Fault {
	what, wanted := "weight", "a number, 0 or above"
	if p.Logits {
		what, wanted = "logit", "a number, and finite"
	}
	kind := diag.Value
	if !v.IsNumber() {
		kind = diag.Type
	}
	return &interp.Fault{Kind: kind, Node: p.Scores[k], Position: position, Span: p.Scores[k].Span,
		Message: fmt.Sprintf("the %s of %s is %s; it must be %s", what, value.Describe(p.Tokens[k]), value.Describe(v), wanted)}
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
