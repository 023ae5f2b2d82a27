package circuit

import (
	"math"

	"rasp/runtime/inspect"
	"rasp/runtime/model"
	"rasp/runtime/next"
)

// tolerance is how far apart, relative to itself, a number or a probability may be
// that counts as the same: what rounding makes of them, and far less than what a
// program means by another.
const tolerance = 1e-4

// changed is the first position and output in which two passes answer differently.
// BOS is no position of an input.
func (n *network[F]) changed(a, b pass[F]) (position int, output string, changed bool) {
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

func same[F inspect.Float](o model.Output, a, b []F) bool {
	switch {
	case o.Numeric():
		return near(float64(a[o.Column]), float64(b[o.Column])) && (a[o.Column+1] > 0.5) == (b[o.Column+1] > 0.5)
	case o.Next:
		return sameDistribution(a[o.Column:o.Column+o.Width()], b[o.Column:o.Column+o.Width()])
	default:
		return class(o, a) == class(o, b)
	}
}

// class is which of its classes an output has: as a model has it, in float32.
func class[F inspect.Float](o model.Output, logits []F) int {
	own := make([]float32, len(logits))
	for c, l := range logits {
		own[c] = float32(l)
	}
	return o.Class(own)
}

func near(a, b float64) bool {
	return a == b || math.Abs(a-b) <= tolerance*math.Max(math.Abs(a), math.Abs(b))
}

// sameDistribution compares the probabilities of all tokens.
func sameDistribution[F inspect.Float](a, b []F) bool {
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
func Probabilities[F inspect.Float](logits []F) []float64 {
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
