package next

import "math"

// usual is the logits of a position about which the model knows nothing, the biases of the
// unembedding, and their exps. A model of words says something of a few tokens at each
// position: the logits of all others are these, bit for bit.
type usual struct {
	logits []float32
	top    float64   // the largest of them
	exps   []float64 // exp(logit - top)
}

// manyClasses is from how many classes on the exps of usual logits are kept. With fewer,
// they cost nothing beside the model.
const manyClasses = 256

// farFromUsual is how far the largest logit may be from the largest usual one: within that
// no exp that counts has vanished.
const farFromUsual = 200

func newUsual(logits []float32) *usual {
	u := &usual{logits, top(logits), make([]float64, len(logits))}
	for c, l := range logits {
		u.exps[c] = math.Exp(float64(l) - u.top)
	}
	return u
}

// top is the largest logit, NaN left out.
func top(logits []float32) float64 {
	top := float32(math.Inf(-1))
	for _, l := range logits {
		if l > top {
			top = l
		}
	}
	return float64(top)
}

// normaliser is the largest logit and the logarithm of the sum of all exp(l-top), NaN if a
// logit is.
func (p *Prediction) normaliser(own []float32) (largest, total float64) {
	largest = top(own)
	if u := p.usual; u != nil && math.Abs(u.top-largest) <= farFromUsual {
		return largest, math.Log(u.sum(own, largest))
	}
	sum := 0.0
	for _, l := range own {
		if x := float64(l) - largest; !(x <= -Impossible) {
			sum += math.Exp(x)
		}
	}
	return largest, math.Log(sum)
}

// sum is that of exp(l-largest), of which those of usual logits are known.
func (u *usual) sum(own []float32, largest float64) float64 {
	known, other := 0.0, 0.0
	logits, exps := u.logits[:len(own)], u.exps[:len(own)]
	for c, l := range own {
		x := float64(l) - largest
		switch {
		case x <= -Impossible:
		case l == logits[c]:
			known += exps[c]
		default:
			other += math.Exp(x)
		}
	}
	return known*math.Exp(u.top-largest) + other
}
