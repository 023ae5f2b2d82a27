package sample

import (
	"math/rand/v2"
	"slices"
	"strings"

	"rasp/lang/domain"
	"rasp/lang/value"
)

// toTry begins a comment that has an input, for which the program was made.
const toTry = "# try "

// Inputs are those for which a program was made, and n random inputs of the domain of a program, token ids, that favour the
// tokens of which its text speaks: they are alone, or beside a few others, in all
// lengths.
func Inputs(r *rand.Rand, text string, d domain.Domain, n int) [][]int {
	spoken, inputs := spokenOf(text, d), tried(r, text, d)
	for range n {
		input := make([]int, 1+r.IntN(d.Length))
		few := []int{spoken[r.IntN(len(spoken))], spoken[r.IntN(len(spoken))], r.IntN(len(d.Vocab))}[:1+r.IntN(3)]
		for i := range input {
			input[i] = few[r.IntN(len(few))]
			if r.IntN(8) == 0 {
				input[i] = r.IntN(len(d.Vocab))
			}
		}
		inputs = append(inputs, input)
	}
	for i, ids := range inputs {
		inputs[i] = d.Nearest(r, ids)
	}
	return inputs
}

// tried are the inputs in comments, and some that have the same tokens in another order.
func tried(r *rand.Rand, text string, d domain.Domain) (inputs [][]int) {
	for _, line := range strings.Split(text, "\n") {
		found, ok := strings.CutPrefix(line, toTry)
		if !ok {
			continue
		}
		var ids []int
		for _, word := range strings.Split(strings.Trim(found, "[]"), ", ") {
			if id := slices.IndexFunc(d.Vocab, func(v value.Value) bool { return v.JSON() == word }); id >= 0 {
				ids = append(ids, id)
			}
		}
		if len(ids) == 0 {
			continue
		}
		for range 8 {
			inputs = append(inputs, slices.Clone(ids))
			r.Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
		}
	}
	return inputs
}

// spokenOf are the ids of the tokens that occur in the text, or all if none does.
func spokenOf(text string, d domain.Domain) (ids []int) {
	words := map[string]bool{}
	for _, line := range strings.Split(text, "\n") {
		if !strings.HasPrefix(line, "#") {
			for _, word := range strings.FieldsFunc(line, func(c rune) bool { return strings.ContainsRune(" ()[]{},:;+*^<>=", c) }) {
				words[word] = true
			}
		}
	}
	for id, v := range d.Vocab {
		if words[v.JSON()] {
			ids = append(ids, id)
		}
	}
	if len(ids) > 0 {
		return ids
	}
	for id := range d.Vocab {
		ids = append(ids, id)
	}
	return ids
}
