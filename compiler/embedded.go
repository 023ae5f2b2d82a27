package compiler

import (
	"rasp/compiler/linear"

	"math"
	"slices"
)

// embedded: any function of the token alone or of the position alone is free,
// it is written in the embedding.
func (l *demands) embedded(v *variable, g []float64) *offer {
	return &offer{cost: cost{columns: 1}, make: func() form {
		c := l.newColumn(0, l.label(v, g))
		values := slices.Clone(g)
		for i, x := range values {
			if math.IsNaN(x) {
				values[i] = 0
			}
		}
		if v.kind == tokenVariable {
			c.tokens = values
		} else {
			c.positions = values
		}
		return linear.Of(c)
	}}
}
