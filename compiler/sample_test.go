package compiler_test

import (
	"math/rand/v2"

	"rasp/compiler"
	"rasp/lang/value"
)

// sample is all inputs of the domain if there are at most n, else n of them:
// those of length 1 first, then random ones. Half of these draw from few tokens,
// so that equal tokens meet, and one in four is as long as can be.
func sample(d compiler.Domain, n int) [][]value.Value {
	if all := exhaust(d, n); all != nil {
		return all
	}
	var inputs [][]value.Value
	for _, v := range d.Vocab[:min(len(d.Vocab), n/4)] {
		inputs = append(inputs, []value.Value{v})
	}
	r := rand.New(rand.NewPCG(1, 2))
	for len(inputs) < n {
		length := 1 + r.IntN(d.Length)
		if r.IntN(4) == 0 {
			length = d.Length
		}
		tokens := d.Vocab
		if r.IntN(2) == 0 {
			few := 1 + r.IntN(min(3, len(d.Vocab)))
			tokens = make([]value.Value, few)
			for i := range tokens {
				tokens[i] = d.Vocab[r.IntN(len(d.Vocab))]
			}
		}
		input := make([]value.Value, length)
		for i := range input {
			input[i] = tokens[r.IntN(len(tokens))]
		}
		inputs = append(inputs, input)
	}
	return inputs
}

// exhaust is all inputs of the domain, nil if there are more than limit.
func exhaust(d compiler.Domain, limit int) [][]value.Value {
	var all [][]value.Value
	shorter := [][]value.Value{nil}
	for range d.Length {
		if len(all)+len(shorter)*len(d.Vocab) > limit {
			return nil
		}
		var longer [][]value.Value
		for _, s := range shorter {
			for _, v := range d.Vocab {
				longer = append(longer, append(append([]value.Value(nil), s...), v))
			}
		}
		all = append(all, longer...)
		shorter = longer
	}
	return all
}
