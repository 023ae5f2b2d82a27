package verify

import (
	"fmt"

	"rasp/lang/value"
	"rasp/runtime/model"
)

// Values reads tokens of a model. The error names one that is not a JSON scalar.
func Values(tokens []model.Token) ([]value.Value, error) {
	return Reader{}.Values(tokens, nil)
}

// Reader reads tokens, remembering those that it has met.
type Reader map[model.Token]value.Value

// remembered bounds the memory of a Reader: numeric outputs may have any number
// of values.
const remembered = 1 << 16

// Values reads tokens into room, if that is large enough. The error names a
// token that is not a JSON scalar, or is a *model.UndefinedError.
func (r Reader) Values(tokens []model.Token, room []value.Value) ([]value.Value, error) {
	room = room[:0]
	for i, t := range tokens {
		if t == model.Undefined {
			return nil, &model.UndefinedError{Position: i}
		}
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
