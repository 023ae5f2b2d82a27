// Package agree compares what a model answers with what the interpreter says:
// the same types and values, but for the rounding of floats.
package agree

import (
	"fmt"
	"math"

	"rasp/lang/value"
	"rasp/runtime/model"
)

// Floats of a model are float32 computed from float32. They may differ from the
// interpreter's doubles by relativeError of their size, or by absoluteError
// where terms of ordinary size cancel.
const (
	relativeError = 1e-5
	absoluteError = 1e-6
)

// Same reports whether a model's value is the interpreter's: the same kind, and
// the same value, but for the rounding of floats.
func Same(interpreter, model value.Value) bool {
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

// Differ is the first position at which the sequences differ, -1 if they are
// the same.
func Differ(interpreter, model []value.Value) int {
	for i := range min(len(interpreter), len(model)) {
		if !Same(interpreter[i], model[i]) {
			return i
		}
	}
	if len(interpreter) != len(model) {
		return min(len(interpreter), len(model))
	}
	return -1
}

// Values reads tokens of a model.
func Values(tokens []model.Token) ([]value.Value, error) {
	return Reader{}.Values(tokens, nil)
}

// Reader reads tokens, remembering those that it has met.
type Reader map[model.Token]value.Value

// remembered bounds the memory of a Reader: numeric outputs may have any number
// of values.
const remembered = 1 << 16

// Values reads tokens into room, if that is large enough. The error names a
// token that is not a JSON scalar.
func (r Reader) Values(tokens []model.Token, room []value.Value) ([]value.Value, error) {
	room = room[:0]
	for i, t := range tokens {
		v, ok := r[t]
		if !ok {
			var err error
			if v, err = value.ParseAtom(string(t)); err != nil {
				return nil, fmt.Errorf("token %d of the model, %q: %w", i, t, err)
			}
			if len(r) < remembered {
				r[t] = v
			}
		}
		room = append(room, v)
	}
	return room, nil
}
