package verify

import (
	"fmt"

	"rasp/lang/value"
	"rasp/runtime/model"
)

// Values reads tokens of a model. The error names one that is not a JSON scalar.
func Values(tokens []model.Token) ([]value.Value, error) {
	return new(Reader).Values(tokens, nil)
}

// Reader reads tokens, remembering those that it has met. The zero Reader has met none.
type Reader struct {
	met    map[model.Token]value.Value
	recent [places]reading // by place
}

// reading is a token and what it says.
type reading struct {
	token model.Token
	value value.Value
}

// remembered bounds the memory of a Reader: numeric outputs may have any number
// of values.
const remembered = 1 << 16

// places is how many tokens are found without a search: of small vocabularies and small
// numbers nearly all.
const places = 1 << 8

// Values reads tokens into room, if that is large enough. The error names a
// token that is not a JSON scalar, or is a *model.UndefinedError.
func (r *Reader) Values(tokens []model.Token, room []value.Value) ([]value.Value, error) {
	if cap(room) < len(tokens) {
		room = make([]value.Value, len(tokens))
	}
	room = room[:len(tokens)]
	for i, t := range tokens {
		if t == model.Undefined {
			return nil, &model.UndefinedError{Position: i}
		}
		recent := &r.recent[place(t)]
		if recent.token != t {
			v, err := r.search(t)
			if err != nil {
				return nil, fmt.Errorf("token %d of the model, %q: %w", i, t, err)
			}
			*recent = reading{t, v}
		}
		room[i] = recent.value
	}
	return room, nil
}

// place is where a token, which is not empty, is remembered: by its ends, since a quoted
// character differs from others in the middle, and a number in its digits.
func place(t model.Token) int {
	return (int(t[0]) + 17*int(t[len(t)/2]) + 101*int(t[len(t)-1]) + 7*len(t)) % places
}

// search reads a token that has no place.
func (r *Reader) search(t model.Token) (value.Value, error) {
	if v, ok := r.met[t]; ok {
		return v, nil
	}
	v, err := value.ParseAtom(string(t))
	if err != nil {
		return value.Value{}, err
	}
	if r.met == nil {
		r.met = map[model.Token]value.Value{}
	}
	if len(r.met) < remembered {
		r.met[t] = v
	}
	return v, nil
}
