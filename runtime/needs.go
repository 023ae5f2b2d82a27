package runtime

import "rasp/runtime/panel"

// Many neurons can fire only where a certain input is not 0, as those that stand for the cells of
// a table do, and a step of decoding computes them only there: of the table of all pairs of two
// numbers of a machine, 31 x 31 neurons, those of one row.
//
// A neuron is max(0, b + sum_i w_i x_i), at best u = b + sum_i max(w_i lo_i, w_i hi_i). Where
// x_i is 0, it is at best u - max(w_i lo_i, w_i hi_i): if that is 0 or less, the neuron needs
// the input, and without it is 0 in exact arithmetic, and taken to be.

// neededWeights is the most weights of a neuron that is worth computing by itself.
const neededWeights = 48

// needsOf is for each neuron an input that it needs, or -1: the one that is needed by the
// fewest. x bounds the inputs.
func needsOf(in *panel.Sparse, x []interval) []int32 {
	needed := map[int32]int{}
	for o := range in.Outputs {
		for i := range needs(o, x) {
			needed[i]++
		}
	}
	var list []int32
	for o := range in.Outputs {
		best := int32(-1)
		for i := range needs(o, x) {
			if best < 0 || needed[i] < needed[best] {
				best = i
			}
		}
		list = append(list, best)
	}
	return list
}

// needs goes through the inputs that a neuron needs.
func needs(neuron panel.Output, x []interval) func(yield func(input int32) bool) {
	return func(yield func(input int32) bool) {
		if len(neuron.Entries) > neededWeights {
			return
		}
		best := outputBounds(neuron, x).hi
		for _, e := range neuron.Entries {
			if best-x[e.In].times(float64(e.Weight)).hi <= 0 && !yield(e.In) {
				return
			}
		}
	}
}
