package demand

import (
	"rasp/compiler/facts"
	"rasp/compiler/linear"
	"rasp/compiler/plan"
)

// Embedded: any function of the token alone or of the position alone is free,
// it is written in the embedding.
func (l *Demands) Embedded(v *facts.Variable, g []float64) *Offer {
	return &Offer{Cost: Cost{Columns: 1}, Make: func() plan.Form {
		c := l.NewColumn(0, l.Label(v, g))
		if v.Source == facts.Token {
			c.Tokens = plan.NonZero(g)
		} else {
			c.Positions = plan.NonZero(g)
		}
		return linear.Of(c)
	}}
}
