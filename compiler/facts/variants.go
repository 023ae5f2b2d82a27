package facts

import (
	"slices"

	"rasp/lang/value"
)

// Replay is what an automaton finds out about a mean.
type Replay struct {
	Sums     []Sum             // by state of the mean when it was made,
	Values   []value.Value     // and what that is: of a mean of other states it knows nothing
	Variants map[Sum][]float64 // the values of a mean of that sum and width, ascending
	// Label is the number of each variant, one for those that need not be told apart; sums
	// that are not here have nothing to tell apart.
	Label map[Sum][]int32
	// Spread is, by root of the program, how far apart values of it are that become one
	// with these labels.
	Spread []float64
}

// Of is the label of a state of the mean, false if its sum has none.
func (r *Replay) Of(state int) (label int32, ok bool) {
	labels := r.Label[r.Sums[state]]
	if labels == nil {
		return 0, false
	}
	return labels[slices.Index(r.Variants[r.Sums[state]], r.Values[state].Float64())], true
}
