package compiler

import (
	"rasp/lang/value"
)

// replay is what an automaton finds out about a mean.
type replay struct {
	variants map[sum][]float64 // the values of a mean of that sum and width, ascending
	// label is the number of a variant, or of another with which all agrees; sums
	// that are not here have nothing to tell apart.
	label map[sum][]int32
}

// value of a state of a mean in a variant.
func (r *replay) value(v *variable, s, label int) value.Value {
	list, x := r.variants[v.sums[s]], v.values[s]
	if r.label[v.sums[s]] == nil || label >= len(list) || x.Kind() != value.Float {
		return x
	}
	return value.OfFloat(list[label])
}
