package disguise

import (
	"math"
	"strings"
)

// Residual is what is left over when a disguise is undone in float64: the largest
// difference of a weight from what it was. What no input can bring about is left out.
type Residual struct {
	// Relative is in units of the weight. It is nil if weights that were 0 are not 0 any
	// more.
	Relative *float64 `json:"relative"`
	// Absolute is in units of the root mean square of the weight's tensor.
	Absolute float64 `json:"absolute"`
	// Arithmetic is how far weights would have to be changed, in the same unit, to do what the
	// rounding of sums in float32 does in the new bases; 0 if they are the old ones.
	Arithmetic float64 `json:"arithmetic"`
	// Likely is the standard deviation of that, were roundings independent of each other
	// (Higham and Mary 2019), for the tensor where it is the most.
	Likely float64 `json:"arithmetic_likely"`
	// Tensor is the one with the largest sum of both.
	Tensor string `json:"tensor,omitempty"`
}

// Exact says that not a bit was lost.
func (r Residual) Exact() bool { return r.Absolute == 0 && r.Arithmetic == 0 }

// ulp is the unit roundoff of float32.
const ulp = 0x1p-24

// residual compares the weights of before and after a change.
func (c *Change) residual(before, after weights, mixed bool) Residual {
	exact, undone := c.apply(before), c.undo(after)
	lost := after.minus(exact)
	written := c.undo(lost)
	r, relative := Residual{}, 0.0
	sums := c.roundings(after, mixed)
	writtenOnes, undoneOnes := written.tensors(), undone.tensors()
	for i, t := range before.tensors() {
		rms, largest := t.rms(), 0.0
		for p, was := range t.parts {
			off := *writtenOnes[i].parts[p]
			if t.side != writes {
				off = undoneOnes[i].parts[p].minus(*was)
			}
			if t.side == reads && c.Span.rows > 0 {
				off = c.Span.times(off)
			}
			for k, x := range off.a {
				if x != 0 {
					largest = math.Max(largest, math.Abs(x)/rms)
					relative = math.Max(relative, math.Abs(x/was.a[k]))
				}
			}
		}
		rounding := sums[i].in(rms)
		if largest+rounding.most > r.Absolute+r.Arithmetic {
			r.Absolute, r.Arithmetic, r.Tensor = largest, rounding.most, t.name
		}
		r.Likely = math.Max(r.Likely, rounding.likely)
	}
	if !math.IsInf(relative, 0) {
		r.Relative = &relative
	}
	return r
}

// rounding is how far weights would have to be changed at most to do what rounding does, and
// the standard deviation of that.
type rounding struct{ most, likely float64 }

// in is a rounding in another unit. Nothing comes of what is 0.
func (r rounding) in(unit float64) rounding {
	if r.most == 0 {
		return r
	}
	return rounding{r.most / unit, r.likely / unit}
}

// roundings are those of each tensor. A sum of n products that is rounded at each step is one in
// which each factor is off by n ulp at most, and by the root of n were roundings independent.
func (c *Change) roundings(w weights, mixed bool) []rounding {
	names := w.tensors()
	list := make([]rounding, len(names))
	if !mixed {
		return list
	}
	square := func(x float64) float64 { return x * x }
	most, squares := c.each(math.Abs).undo(w.each(math.Abs)), c.each(square).undo(w.each(square))
	mosts, variances := most.tensors(), squares.tensors()
	for i, t := range names {
		n := w.terms(t.name)
		list[i] = rounding{ulp * n * largestOf(mosts[i]), ulp * math.Sqrt(n*largestOf(variances[i]))}
	}
	return list
}

// terms are how many roundings there are at most on the way of a number through a weight of
// a tensor: of the sum in which it stands, of the sums that what it makes stands in before a weight
// of another tensor has it, and of the stream that has come to it.
func (w weights) terms(name string) float64 {
	dims, stream := w.embed.cols, 2*len(w.layers)+2
	heads, dHead, neurons := 0, 0, 0
	if len(w.layers) > 0 {
		heads, neurons = len(w.layers[0].heads), w.layers[0].in.cols
	}
	if heads > 0 {
		dHead = w.layers[0].heads[0].q.cols
	}
	switch name[strings.LastIndexByte(name, '.')+1:] {
	case "W_Q", "W_K", "b_Q", "b_K":
		return float64(dims + stream + dHead)
	case "W_V", "b_V":
		return float64(dims + stream + w.positions.rows)
	case "W_O", "b_O":
		return float64(heads*dHead + 2)
	case "W_out", "b_out":
		return float64(neurons + 2)
	case "W_E", "W_pos":
		return 2
	}
	return float64(dims + stream)
}

func largestOf(t tensor) float64 {
	largest := 0.0
	for _, p := range t.parts {
		for _, x := range p.a {
			largest = math.Max(largest, math.Abs(x))
		}
	}
	return largest
}

// minus is the difference of all weights.
func (w weights) minus(v weights) weights { return w.with(v, matrix.minus) }
