// Package domain is the inputs for which a program is compiled, and the one source
// of those on which it is tried.
//
// The inputs of a domain have an order: first those of length 1, then of length 2,
// and so on, each length in the order of a counter whose last digit runs fastest
// and whose digits are the tokens as they stand in the vocabulary. Beside them
// there are random ones, of shapes on which attention is likely to fail
// (random.go). Which inputs are tried is said by Inputs; each depends on its number
// and the seed alone.
package domain

import (
	"iter"
	"math"
	"math/rand/v2"
	"strings"

	"rasp/lang/elementary"
	"rasp/lang/value"
	"rasp/runtime/form"
)

// Domain is a set of inputs: the sequences of 1 to Length tokens of Vocab that are of a
// form, or all of them. Causal says whether position i of an input sees only the positions
// up to i; then all that an input can begin with is one, too.
type Domain struct {
	Vocab  []value.Value
	Length int
	Causal bool
	Form   *form.Form // nil: of any form
}

// Of is the part of a domain whose inputs are of a form, an expression of package form.
// The error is a *form.Error.
func (d Domain) Of(expression string) (Domain, error) {
	names := make([]string, len(d.Vocab))
	for i, t := range d.Vocab {
		if names[i] = t.JSON(); t.Kind() == value.String {
			names[i] = t.Text()
		}
	}
	f, err := form.Parse(expression, names)
	if err != nil {
		return d, err
	}
	if d.Causal {
		f = f.Beginnings()
	}
	d.Form = f
	return d, nil
}

// Has reports that tokens are an input of the domain.
func (d Domain) Has(ids []int) bool {
	if d.Form == nil || len(ids) == 0 || len(ids) > d.Length {
		return 0 < len(ids) && len(ids) <= d.Length
	}
	_, ok := d.Form.Leaves(ids)
	return ok
}

// Lengths lists those that some input has.
func (d Domain) Lengths() []int {
	if d.Form != nil {
		return d.Form.Lengths(d.Length)
	}
	lengths := make([]int, d.Length)
	for i := range lengths {
		lengths[i] = i + 1
	}
	return lengths
}

// CountOf is the number of inputs of a length; false if it is above 10^18 (2^30 on machines
// of 32 bits).
func (d Domain) CountOf(length int) (count int, exact bool) {
	if d.Form != nil {
		return d.Form.Count(length)
	}
	count = 1
	for range length {
		if count > limit/len(d.Vocab) {
			return limit, false
		}
		count *= len(d.Vocab)
	}
	return count, true
}

// LogCountOf is the natural logarithm of the number of inputs of a length.
func (d Domain) LogCountOf(length int) float64 {
	if d.Form != nil {
		return d.Form.LogCount(length)
	}
	return float64(length) * elementary.Log(float64(len(d.Vocab)))
}

// Fill makes ids input k of their length, in order; there must be so many.
func (d Domain) Fill(ids []int, k int) {
	if d.Form != nil {
		d.Form.Word(ids, k)
		return
	}
	for i := len(ids) - 1; i >= 0; i-- {
		ids[i] = k % len(d.Vocab)
		k /= len(d.Vocab)
	}
}

// Draw makes ids an input of their length, each as likely as another; there must be one.
func (d Domain) Draw(r *rand.Rand, ids []int) {
	if d.Form != nil {
		d.Form.Draw(r, ids)
		return
	}
	uniform(r, len(d.Vocab), ids)
}

// limit keeps sums of two counts inside an int.
const limit = min(1_000_000_000_000_000_000, math.MaxInt/2)

// Count is the number of inputs; math.MaxInt, and false, if it is above 10^18 (2^30 on machines of 32 bits).
func (d Domain) Count() (count int, exact bool) {
	length, count := d.UpTo(limit)
	if length < d.Length {
		return math.MaxInt, false
	}
	return count, true
}

// UpTo is the longest length, of those up to Length, up to which there are at most
// so many inputs, and how many.
func (d Domain) UpTo(most int) (length, count int) {
	if d.Form != nil {
		return d.upToOfForm(most)
	}
	for here := 1; length < d.Length; length++ {
		if here > limit/len(d.Vocab) {
			break
		}
		if here *= len(d.Vocab); here > most-count {
			break
		}
		count += here
	}
	return length, count
}

func (d Domain) upToOfForm(most int) (length, count int) {
	for ; length < d.Length; length++ {
		here, exact := d.Form.Count(length + 1)
		if !exact || here > most-count {
			break
		}
		count += here
	}
	return length, count
}

// Shorter has the inputs of up to n tokens alone; all, if there are none.
func (d Domain) Shorter(n int) Domain {
	if d.Form == nil || len(d.Form.Lengths(n)) > 0 {
		d.Length = min(d.Length, n)
	}
	return d
}

// input k of all inputs in order, in room if that is large enough.
func (d Domain) input(k int, room []int) []int {
	if d.Form != nil {
		return d.inputOfForm(k, room)
	}
	n, here := 1, len(d.Vocab)
	for ; k >= here; n++ {
		k -= here
		here *= len(d.Vocab)
	}
	ids := resize(room, n)
	d.Fill(ids, k)
	return ids
}

func (d Domain) inputOfForm(k int, room []int) []int {
	for n := 1; ; n++ {
		here, exact := d.Form.Count(n)
		if exact && k >= here {
			k -= here
			continue
		}
		ids := resize(room, n)
		d.Form.Word(ids, k)
		return ids
	}
}

func resize(s []int, n int) []int {
	if cap(s) < n {
		return make([]int, n)
	}
	return s[:n]
}

// Values are the tokens of an input, in room if that is large enough.
func (d Domain) Values(ids []int, room []value.Value) []value.Value {
	room = room[:0]
	for _, id := range ids {
		room = append(room, d.Vocab[id])
	}
	return room
}

// Inputs are inputs of a domain to try: the first so many in order, of which there
// must be as many, then random ones.
type Inputs struct {
	Domain
	First, Random int
	Seed          uint64 // of the random ones
}

// Len is how many they are.
func (s Inputs) Len() int { return s.First + s.Random }

// IDs are the token ids of input k, from 0, in room if that is large enough.
func (s Inputs) IDs(k int, room []int) []int {
	if k < s.First {
		return s.input(k, room)
	}
	return s.random(s.Seed, k-s.First, room)
}

// All goes through the inputs, each valid during its turn.
func (s Inputs) All() iter.Seq[[]value.Value] {
	return func(yield func([]value.Value) bool) {
		ids, input := make([]int, 0, s.Length), make([]value.Value, 0, s.Length)
		for k := range s.Len() {
			ids = s.IDs(k, ids)
			if input = s.Values(ids, input); !yield(input) {
				return
			}
		}
	}
}

// Text writes an input for a message, as a list of JSON.
func Text(input []value.Value) string {
	tokens := make([]string, len(input))
	for i, t := range input {
		tokens[i] = t.JSON()
	}
	return "[" + strings.Join(tokens, ", ") + "]"
}
