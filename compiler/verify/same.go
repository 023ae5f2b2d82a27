package verify

import (
	"math"

	"rasp/lang/predict"
	"rasp/lang/value"
)

// Floats of a model are float32 computed from float32. They may differ from the
// interpreter's doubles by relativeError of their size, or by absoluteError
// where terms of ordinary size cancel; probabilities by relativeError.
const (
	relativeError = 1e-5
	absoluteError = 1e-6
)

// differ finds the first position at which the model gives something else than the
// interpreter, -1 if there is none; of a distribution also the first token with
// another probability there.
func differ(interpreter, model predict.Result) (position, token int) {
	for i, row := range interpreter.Next {
		for t, want := range row {
			if !sameProbability(want, model.Next[i][t]) {
				return i, t
			}
		}
	}
	for i, want := range interpreter.Sequence {
		if !sameValue(want, model.Sequence[i]) {
			return i, 0
		}
	}
	return -1, 0
}

// sameValue reports whether a model's value is the interpreter's: the same kind,
// and the same value, but for the rounding of floats.
func sameValue(interpreter, model value.Value) bool {
	if interpreter == model {
		return true
	}
	if interpreter.Kind() != value.Float {
		return false
	}
	want, got := interpreter.Float64(), model.Float64()
	if math.IsNaN(want) || math.IsInf(want, 0) {
		return interpreter.JSON() == model.JSON() // JSON writes them as strings
	}
	return model.Kind() == value.Float && math.Abs(want-got) <= max(relativeError*math.Abs(want), absoluteError)
}

// sameProbability compares two probabilities by their logarithms: none is exactly
// none.
func sameProbability(interpreter, model float64) bool {
	if math.IsInf(interpreter, -1) || math.IsInf(model, -1) {
		return interpreter == model
	}
	return math.Abs(math.Expm1(model-interpreter)) <= relativeError
}
