package facts

import (
	"rasp/lang/value"
)

// Replay is what an automaton finds out about a mean.
type Replay struct {
	Variants map[Sum][]float64 // the values of a mean of that sum and width, ascending
	// Label is the number of a variant, or of another with which all agrees; sums
	// that are not here have nothing to tell apart.
	Label map[Sum][]int32
}

// Value of a state of a mean in a variant.
func (r *Replay) Value(v *Variable, s, label int) value.Value {
	list, x := r.Variants[v.Sums[s]], v.Values[s]
	if r.Label[v.Sums[s]] == nil || label >= len(list) || x.Kind() != value.Float {
		return x
	}
	return value.OfFloat(list[label])
}
