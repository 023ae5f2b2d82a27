package puzzle

import (
	"math"

	"rasp/lang/elementary"
	"rasp/lang/predict"
	"rasp/lang/value"
)

// rounding is how far apart, relative, two floats are the same: float64 has 16 digits,
// of which a few sums and quotients in another order change the last ones. Programs that
// mean something else are further off on inputs this short.
const rounding = 1e-9

// differs is the first position at which an answer is not what is expected, -1 if there
// is none.
func (p *Puzzle) differs(expected []any, got predict.Result) int {
	for i, want := range expected {
		switch {
		case got.Next == nil && !same(valueOf(want), got.Sequence[i]):
			return i
		case got.Next != nil && !p.sameDistribution(want.(weights), got.Next[i]):
			return i
		}
	}
	return -1
}

// same compares values: ints and floats by number, strings and bools each among
// themselves.
func same(want, got value.Value) bool {
	if kindOf(want) != kindOf(got) {
		return false
	}
	return value.Equal(want, got) || kindOf(want) == "number" && near(want.Float64(), got.Float64())
}

// kindOf a value, as those are told apart here.
func kindOf(v value.Value) string {
	switch v.Kind() {
	case value.String:
		return "string"
	case value.Bool:
		return "bool"
	}
	return "number"
}

func near(want, got float64) bool { return math.Abs(want-got) <= rounding*math.Abs(want) }

// sameDistribution compares weights with natural logarithms of probabilities; what
// cannot come next has none at all.
func (p *Puzzle) sameDistribution(want weights, got []float64) bool {
	for i, probability := range p.probabilities(want) {
		if !near(probability, elementary.Exp(got[i])) {
			return false
		}
	}
	return true
}

// probabilities by token of the vocabulary.
func (p *Puzzle) probabilities(w weights) []float64 {
	total := 0.0
	for _, weight := range w {
		total += weight
	}
	list := make([]float64, len(p.Domain.Vocab))
	for i, t := range p.Domain.Vocab {
		list[i] = w[t.Text()] / total
	}
	return list
}

// valueOf what a specification gives.
func valueOf(x any) value.Value {
	switch x := x.(type) {
	case string:
		return value.OfString(x)
	case bool:
		return value.OfBool(x)
	case float64:
		return value.OfFloat(x)
	}
	return value.OfInt(int64(x.(int)))
}
