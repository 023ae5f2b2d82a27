package verify

import (
	"math"

	"rasp/lang/elementary"
	"rasp/lang/predict"
	"rasp/lang/value"
	"rasp/runtime/model"
)

// tolerance is how far an output of a model may be from the interpreter's: what the
// certificate says, and nothing else.
type tolerance struct {
	// within is absolute, of a probability relative to itself.
	within float64
	// relative is for a model without a certificate, which claims nothing: so much of the
	// largest number that the program gives on the input.
	relative float64
	numeric  bool // read as a number: -0.0 is 0.0
}

// unclaimed is what numbers and probabilities of a model without a certificate may be
// off: float32 in a few layers.
const unclaimed = 1e-5

// toleranceOf is that of an output.
func toleranceOf(m *model.Model, output int) tolerance {
	t := tolerance{numeric: m.Outputs[output].Numeric()}
	switch within := m.Certificate.Within; {
	case within != nil:
		t.within = within[output]
	case m.Outputs[output].Next:
		t.within = unclaimed
	default:
		t.relative = unclaimed
	}
	return t
}

// differ finds the first position at which the model gives something else than the
// interpreter, -1 if there is none; of a distribution also the first token with
// another probability there.
func (t tolerance) differ(interpreter, model predict.Result) (position, token int) {
	for i, row := range interpreter.Next {
		for token, want := range row {
			if !t.sameProbability(want, model.Next[i][token]) {
				return i, token
			}
		}
	}
	if t.relative > 0 {
		t.within = t.relative * largest(interpreter.Sequence)
	}
	for i, want := range interpreter.Sequence {
		if !t.sameValue(want, model.Sequence[i]) {
			return i, 0
		}
	}
	return -1, 0
}

// largest is the largest finite absolute value of a sequence.
func largest(sequence []value.Value) float64 {
	x := 0.0
	for _, v := range sequence {
		if y := math.Abs(v.Float64()); !math.IsInf(y, 0) && y > x {
			x = y
		}
	}
	return x
}

// sameValue reports whether a model's value is the interpreter's: the same kind,
// and the same value, but for the rounding of floats.
func (t tolerance) sameValue(interpreter, model value.Value) bool {
	if interpreter == model {
		return true
	}
	if interpreter.Kind() != value.Float {
		return false
	}
	want, got := interpreter.Float64(), model.Float64()
	switch {
	case math.IsNaN(want) || math.IsInf(want, 0):
		return interpreter.JSON() == model.JSON() // JSON writes them as strings
	case model.Kind() != value.Float:
		return false
	}
	return (t.numeric || t.within > 0) && math.Abs(want-got) <= t.within
}

// sameProbability compares two probabilities by their logarithms: none is exactly
// none.
func (t tolerance) sameProbability(interpreter, model float64) bool {
	if math.IsInf(interpreter, -1) || math.IsInf(model, -1) {
		return interpreter == model
	}
	return math.Abs(elementary.Expm1(model-interpreter)) <= t.within
}
