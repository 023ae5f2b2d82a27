package circuit

import (
	"math"

	"rasp/runtime/model"
	"rasp/runtime/next"
)

// tolerance is how far apart, relative to itself, a number or a probability may be
// that counts as the same: what rounding makes of them, and far less than what a
// program means by another.
const tolerance = 1e-4

// changed is the first position and output in which two passes answer differently.
// BOS is no position of an input.
func (n *network) changed(a, b pass) (position int, output string, changed bool) {
	x, y := a.logits(), b.logits()
	for i := 1; i < len(x); i++ {
		for _, o := range n.model.Outputs {
			if !same(o, x[i], y[i]) {
				return i, o.Name, true
			}
		}
	}
	return 0, "", false
}

func same(o model.Output, a, b []float32) bool {
	switch {
	case o.Numeric():
		return near(float64(a[o.Column]), float64(b[o.Column])) && (a[o.Column+1] > 0.5) == (b[o.Column+1] > 0.5)
	case o.Next:
		return sameDistribution(a[o.Column:o.Column+o.Width()], b[o.Column:o.Column+o.Width()])
	default:
		return o.Class(a) == o.Class(b)
	}
}

func near(a, b float64) bool {
	return a == b || math.Abs(a-b) <= tolerance*math.Max(math.Abs(a), math.Abs(b))
}

// sameDistribution compares the probabilities of all tokens.
func sameDistribution(a, b []float32) bool {
	p, q := Probabilities(a), Probabilities(b)
	for c := range p {
		if !near(p[c], q[c]) {
			return false
		}
	}
	return true
}

// Probabilities are the softmax of the logits of a prediction: none at all for what is that
// much less likely than the likeliest.
func Probabilities(logits []float32) []float64 {
	most, total := math.Inf(-1), 0.0
	for _, l := range logits {
		most = math.Max(most, float64(l))
	}
	p := make([]float64, len(logits))
	for c, l := range logits {
		if float64(l) > most-next.Impossible {
			p[c] = math.Exp(float64(l) - most)
		}
		total += p[c]
	}
	for c := range p {
		p[c] /= total
	}
	return p
}
