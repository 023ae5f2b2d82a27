package open

import (
	"errors"
	"slices"

	"rasp/compiler/verify"
	"rasp/lang/domain"
	"rasp/lang/golden"
	"rasp/lang/value"
	"rasp/runtime/model"
)

// Example is an input of a model: the first that its program gives as one (package golden)
// and that it takes, else one of its domain.
func Example(m *model.Model) ([]value.Value, error) {
	chunks, err := golden.Read("", m.Source)
	if err == nil && len(chunks[0].Cases) > 0 {
		input := chunks[0].Cases[0].Input
		if _, err := IDs(m, domain.Text(input)); err == nil {
			return input, nil
		}
	}
	d, err := verify.DomainOf(m)
	if err != nil {
		return nil, err
	}
	pairs, err := Pairs(m)
	if err != nil {
		return nil, err
	}
	const tries, atLeast, atMost = 500, 4, 10
	var input []value.Value
	for p := range pairs(tries, 1) {
		if input = d.Values(p.Input, nil); len(input) >= atLeast && len(input) <= atMost {
			break
		}
	}
	if input == nil {
		return nil, errors.New("no input was found on which its program has a value")
	}
	return input, nil
}

// longerBy is how much longer than an input those beside it may be.
const longerBy = 4

// Beside are inputs to show beside one: where the model predicts, the beginnings of that
// text, the longest first; else others of the domain, about as long. There may be fewer
// than n.
func Beside(m *model.Model, input []value.Value, n int) ([][]value.Value, error) {
	d, err := verify.DomainOf(m)
	if err != nil {
		return nil, err
	}
	if d.Causal && slices.ContainsFunc(m.Outputs, func(o model.Output) bool { return o.Next }) {
		return beginnings(d, m, input, n), nil
	}
	pairs, err := Pairs(m)
	if err != nil {
		return nil, err
	}
	const tries = 50 // for each
	var list [][]value.Value
	for p := range pairs(tries*n, 1) {
		other := d.Values(p.Input, nil)
		if len(list) == n {
			break
		}
		same := func(known []value.Value) bool { return slices.Equal(known, other) }
		if len(other) > 1 && len(other) <= len(input)+longerBy && !same(input) && !slices.ContainsFunc(list, same) {
			list = append(list, other)
		}
	}
	return list, nil
}

// beginnings are those of a text that are in the domain, without all of it.
func beginnings(d domain.Domain, m *model.Model, input []value.Value, n int) (list [][]value.Value) {
	ids := make([]int, len(input))
	for i, v := range input {
		ids[i] = slices.Index(m.Vocab, model.Token(v.JSON()))
	}
	for length := len(input) - 1; length > 0 && len(list) < n; length-- {
		if d.Has(ids[:length]) {
			list = append(list, input[:length])
		}
	}
	return list
}
