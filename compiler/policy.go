package compiler

import (
	"slices"

	"rasp/compiler/construct"
	"rasp/compiler/demand"
	"rasp/runtime/model"
)

// policiesFor lists what to try, in order: a prediction may need fine logits, and is
// spelled with fine logits only.
func (c *compilation) policiesFor(prediction bool) []demand.Policy {
	if c.options.Robust {
		return robustPolicies(c.domain.Length)
	}
	list := policies(c.options.Level)
	if !prediction {
		return list
	}
	list = slices.DeleteFunc(list, func(p demand.Policy) bool { return p.OneHotValues })
	return append(list, demand.Policy{Parabola: true, Bits: true, Packed: true, TwoColumns: true},
		demand.Policy{Bits: true, Packed: true, OneHotValues: true, TwoColumns: true}, demand.Policy{Bits: true, Centred: true, TwoColumns: true})
}

// robustPolicies lists what to try for a model that stands noise, whatever the level.
func robustPolicies(length int) []demand.Policy {
	share := construct.RobustShare(length)
	var list []demand.Policy
	for choices := range 4 {
		list = append(list, demand.Policy{Robust: true, Centred: true, Packed: choices < 2, Share: share, FewOneHot: true, Twice: choices%2 == 1})
	}
	return list
}

// policies lists what to try, in order. The robust and the spelled ones stand
// last, for programs for which the others leave too little margin.
func policies(level int) []demand.Policy {
	switch level {
	case 0:
		return []demand.Policy{{Packed: true, Share: 1, FewOneHot: true}, {Packed: true}, {}, {Centred: true}, {Packed: true, OneHotValues: true}, {OneHotValues: true, OneHotKeys: true}}
	case 1:
		return []demand.Policy{
			{Parabola: true, Bits: true, Packed: true, Asked: true}, {Parabola: true, Bits: true, Packed: true},
			{Bits: true, Packed: true, Asked: true}, {Parabola: true, Bits: true}, {Bits: true, Centred: true}, {Centred: true},
			{Bits: true, Packed: true, OneHotValues: true}, {Bits: true, OneHotValues: true}, {Bits: true, OneHotValues: true, OneHotKeys: true},
		}
	}
	var all []demand.Policy
	for choices := range 16 {
		all = append(all, demand.Policy{Asked: choices&1 == 0, Bits: choices&2 == 0, Parabola: choices&4 == 0, Packed: choices&8 == 0})
	}
	return append(all, demand.Policy{Bits: true, Centred: true}, demand.Policy{Centred: true}, demand.Policy{Bits: true, Packed: true, OneHotValues: true}, demand.Policy{Bits: true, OneHotValues: true},
		demand.Policy{Bits: true, OneHotValues: true, OneHotKeys: true})
}

// better reports that a model of a plan would be taken rather than the best so far: a smaller one,
// or, where it is to stand noise, one of fewer parameters that has one layer more at most.
func (c *compilation) better(shape model.Config) bool {
	if c.best.plan == nil {
		return true
	}
	best := c.best.plan.Shape(c.domain)
	if !c.options.Robust {
		return smaller(shape, best)
	}
	return shape.Layers <= best.Layers+1 && parameters(shape) < parameters(best)
}

// smaller compares models by layers, then by parameters.
func smaller(a, b model.Config) bool {
	if a.Layers != b.Layers {
		return a.Layers < b.Layers
	}
	return parameters(a) < parameters(b)
}

// parameters counts the weights of the blocks and of a row of the embedding.
func parameters(c model.Config) int64 {
	layers, heads, dModel, dHead, dMLP := int64(c.Layers), int64(c.Heads), int64(c.DModel), int64(c.DHead), int64(c.DMLP)
	attention := heads * (4*dModel*dHead + 3*dHead)
	mlp := 2*dModel*dMLP + dMLP
	return layers*(attention+mlp+2*dModel) + dModel
}

// enough ends the search for smaller models once there is one: at level 0 at
// once; at level 1 unless the next policy differs in a choice that mattered, and
// the model is small; at level 2 when a lot of weights have been planned.
func (c *compilation) enough(next demand.Policy) bool {
	if c.options.Robust {
		return !next.Twice
	}
	if next.Centred || next.OneHotValues || next.TwoColumns {
		return true
	}
	switch c.options.Level {
	case 0:
		return true
	case 1:
		return !c.best.plan.Asked || !next.Packed || next.Asked || c.work > maxSecond
	}
	return c.work > maxSearched
}

// The search for smaller models ends when so many weights have been planned: a
// second or so at level 1, some seconds at level 2.
const (
	maxSecond   = 1 << 21
	maxSearched = 1 << 27
)

const (
	// maxWeights is how many weights are not 0: 4 GB while they are collected.
	maxWeights = 1 << 27
	// maxPositions is how many weights W_pos has, zeros included, since the runtime
	// unfolds it: 2 GB.
	maxPositions = 1 << 29
)
