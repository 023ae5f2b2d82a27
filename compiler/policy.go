package compiler

import (
	"slices"

	"rasp/runtime/model"
)

// policiesFor lists what to try, in order: a prediction may need fine logits, and is
// spelled with fine logits only.
func policiesFor(level int, prediction bool) []policy {
	list := policies(level)
	if !prediction {
		return list
	}
	list = slices.DeleteFunc(list, func(p policy) bool { return p.spelled })
	return append(list, policy{parabola: true, bits: true, packed: true, fine: true},
		policy{bits: true, packed: true, spelled: true, fine: true}, policy{bits: true, robust: true, fine: true})
}

// policies lists what to try, in order. The robust and the spelled ones stand
// last, for programs for which the others leave too little margin.
func policies(level int) []policy {
	switch level {
	case 0:
		return []policy{{packed: true}, {}, {robust: true}, {packed: true, spelled: true}, {spelled: true, oneHot: true}}
	case 1:
		return []policy{
			{parabola: true, bits: true, packed: true, asked: true}, {parabola: true, bits: true, packed: true},
			{bits: true, packed: true, asked: true}, {parabola: true, bits: true}, {bits: true, robust: true}, {robust: true},
			{bits: true, packed: true, spelled: true}, {bits: true, spelled: true}, {bits: true, spelled: true, oneHot: true},
		}
	}
	var all []policy
	for choices := range 16 {
		all = append(all, policy{asked: choices&1 == 0, bits: choices&2 == 0, parabola: choices&4 == 0, packed: choices&8 == 0})
	}
	return append(all, policy{bits: true, robust: true}, policy{robust: true}, policy{bits: true, packed: true, spelled: true}, policy{bits: true, spelled: true},
		policy{bits: true, spelled: true, oneHot: true})
}

// smaller compares models by layers, then by parameters.
func smaller(a, b model.Config) bool {
	if a.Layers != b.Layers {
		return a.Layers < b.Layers
	}
	return parameters(a) < parameters(b)
}

// parameters counts the weights of the blocks and of a row of the embedding.
func parameters(c model.Config) int {
	attention := c.Heads * (4*c.DModel*c.DHead + 3*c.DHead)
	mlp := 2*c.DModel*c.DMLP + c.DMLP
	return c.Layers*(attention+mlp+2*c.DModel) + c.DModel
}

// enough ends the search for smaller models once there is one: at level 0 at
// once; at level 1 unless the next policy differs in a choice that mattered, and
// the model is small; at level 2 when a lot of weights have been planned.
func (c *compilation) enough(next policy) bool {
	if next.robust || next.spelled || next.fine {
		return true
	}
	switch c.options.Level {
	case 0:
		return true
	case 1:
		return !c.best.plan.asked || !next.packed || next.asked || c.work > maxSecond
	}
	return c.work > maxSearched
}

// The search for smaller models ends when so many weights have been planned: a
// second or so at level 1, some seconds at level 2.
const (
	maxSecond   = 1 << 21
	maxSearched = 1 << 27
)

// maxParameters is 2 GB of weights.
const maxParameters = 1 << 29
