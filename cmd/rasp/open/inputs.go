package open

import (
	"slices"

	"rasp/compiler/verify"
	"rasp/lang/domain"
	"rasp/lang/value"
	"rasp/runtime/model"
)

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
