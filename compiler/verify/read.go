package verify

import (
	"fmt"
	"math"
	"slices"
	"unsafe"

	"rasp/lang/value"
	"rasp/runtime/model"
)

// Values reads tokens of a model. The error names one that is not a JSON scalar.
func Values(tokens []model.Token) ([]value.Value, error) {
	return new(Reader).Values(tokens, nil)
}

// Reader reads tokens, remembering those that it has met. The zero Reader has met none.
type Reader struct {
	met    map[model.Token]*value.Printed
	recent [places]reading // by place
}

// reading is a token and what it says.
type reading struct {
	token   model.Token
	printed *value.Printed
}

// remembered bounds the memory of a Reader: numeric outputs may have any number
// of values.
const remembered = 1 << 16

// places is how many tokens are found without a search: of small vocabularies and small
// numbers nearly all.
const places = math.MaxUint8 + 1

// Values reads tokens into room, if that is large enough. The error names a
// token that is not a JSON scalar, or is a *model.UndefinedError.
func (r *Reader) Values(tokens []model.Token, room []value.Value) ([]value.Value, error) {
	room = slices.Grow(room[:0], len(tokens))[:len(tokens)]
	for i, t := range tokens {
		recent := &r.recent[place(t)]
		if t == model.Undefined || !identical(recent.token, t) {
			if err := r.read(recent, t, i); err != nil {
				return nil, err
			}
		}
		room[i] = recent.printed.Value
	}
	return room, nil
}

// Printed is Values with what they print as.
func (r *Reader) Printed(tokens []model.Token, room []*value.Printed) ([]*value.Printed, error) {
	room = slices.Grow(room[:0], len(tokens))[:len(tokens)]
	for i, t := range tokens {
		recent := &r.recent[place(t)]
		if t == model.Undefined || !identical(recent.token, t) {
			if err := r.read(recent, t, i); err != nil {
				return nil, err
			}
		}
		room[i] = recent.printed
	}
	return room, nil
}

// identical reports whether tokens are the same memory, as those of the same class or count
// are: nearly all, and a call less than to compare what they say.
func identical(a, b model.Token) bool {
	return len(a) == len(b) && unsafe.StringData(string(a)) == unsafe.StringData(string(b))
}

// read has the token at a position in its place.
func (r *Reader) read(place *reading, t model.Token, position int) error {
	if t == model.Undefined {
		return &model.UndefinedError{Position: position}
	}
	if place.token == t {
		return nil
	}
	p, err := r.search(t)
	if err != nil {
		return fmt.Errorf("token %d of the model, %q: %w", position, t, err)
	}
	*place = reading{t, p}
	return nil
}

// place is where a token is remembered: by its ends, since a quoted character differs from
// others in the middle, and a number in its digits.
func place(t model.Token) uint8 {
	if len(t) == 0 {
		return 0
	}
	return t[0] + 17*t[len(t)/2] + 101*t[len(t)-1] + 7*uint8(len(t))
}

// search reads a token that has no place.
func (r *Reader) search(t model.Token) (*value.Printed, error) {
	if p, ok := r.met[t]; ok {
		return p, nil
	}
	v, err := value.ParseAtom(string(t))
	if err != nil {
		return nil, err
	}
	p := value.Print(v)
	if r.met == nil {
		r.met = map[model.Token]*value.Printed{}
	}
	if len(r.met) < remembered {
		r.met[t] = p
	}
	return p, nil
}
