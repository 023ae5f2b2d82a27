package analysis

import (
	"math"
	"slices"

	"rasp/compiler/construct"
	"rasp/compiler/linear"
	"rasp/lang/diag"
	"rasp/lang/graph"
	"rasp/lang/value"
)

// A model adds up a linear form of means as a whole, in any order, and terms that cancel
// are not even there; the interpreter goes step by step, and float64 rounds each result.
// By how much the two differ is bounded as in Higham 2002, section 3.1: an operation
// rounds by at most half an ulp of its result, and what it is given is off by what the
// operations before it have rounded. With the form f over leaves that are read as they are,
//
//	size(f) = |constant| + sum of |factor| size(leaf)
//	off(n)  = sum of |factor| off(operand) + rounded (size(f) + that)
//
// and what a leaf, a mean, is off by itself counts once, by its factor in f. u + big - big
// is u, as a form, with an off of an ulp of big. A form stands for the program's arithmetic
// only where the sum of both is below lost size(f), a 256th of what float32 rounds.
const (
	rounded = 1.0 / (1 << 52) // a result, and the reciprocal of a divisor
	lost    = 1.0 / (1 << 32)
)

// arithmetic is a number as the interpreter computes it, beside its linear form.
type arithmetic struct {
	form    linear.Form[*graph.Node] // over leaves
	off     float64                  // by which the operations above the leaves round it
	largest float64                  // size of a number on the way
}

// arithmeticOf is that of a linear form of operands.
func (a *Analysis) arithmeticOf(lin *linear.Form[*graph.Node]) arithmetic {
	x := arithmetic{form: linear.Constant[*graph.Node](lin.Constant)}
	for _, t := range lin.Terms {
		y := a.readAs(t.Of)
		x.form = x.form.Plus(y.form.Times(t.Factor))
		x.off += float64(math.Abs(t.Factor) * y.off)
		x.largest = max(x.largest, y.largest)
	}
	size, _ := a.sizeOf(x.form)
	x.off += float64(rounded * (size + x.off))
	x.largest = max(x.largest, size)
	return x
}

// readAs is how a form reads an s-op: as a form again if it is one of means, else as it is.
// It is found once a node.
func (a *Analysis) readAs(n *graph.Node) arithmetic {
	x, known := a.readings[n]
	if known {
		return x
	}
	if lin := a.Linear(n); lin != nil && a.Quotients[n] == nil && (a.Table(n).Unbounded || a.IsMean(n)) {
		x = a.arithmeticOf(lin)
	} else {
		size, _ := a.leaf(n)
		x = arithmetic{form: linear.Of(n), largest: size}
	}
	a.readings[n] = x
	return x
}

// sizeOf is how large a form can be, and by how much its leaves may be off.
func (a *Analysis) sizeOf(f linear.Form[*graph.Node]) (size, off float64) {
	size = math.Abs(f.Constant)
	for _, t := range f.Terms {
		s, o := a.leaf(t.Of)
		size, off = size+float64(math.Abs(t.Factor)*s), off+float64(math.Abs(t.Factor)*o)
	}
	return size, off
}

// leaf is how large an s-op that is read as it is can be, and by how much the interpreter
// rounds it: a mean of as many as n numbers by n operations.
func (a *Analysis) leaf(n *graph.Node) (size, off float64) {
	if q := a.Quotients[n]; q != nil {
		return max(-q.Lo, q.Hi), q.Off
	}
	if n.Op != graph.Aggregate || !a.Table(n).Unbounded && a.MeanVariable(n) == nil {
		return a.Size(n), 0
	}
	if known, ok := a.leaves[n]; ok { // means share what they average
		return known[0], known[1]
	}
	values := a.readAs(n.Args[1])
	size, off = a.sizeOf(values.form)
	off += values.off + float64(rounded*float64(a.Domain.Length)*(size+values.off))
	size = max(size, math.Abs(n.Value.Float64()))
	a.leaves[n] = [2]float64{size, off}
	return size, off
}

// tooRounded reports that a linear form does not compute what the interpreter does, since
// that rounds on the way.
func (a *Analysis) tooRounded(lin *linear.Form[*graph.Node]) bool {
	x := a.arithmeticOf(lin)
	size, off := a.sizeOf(x.form)
	return !(x.off+off <= lost*size)
}

// tellsApart reports that a linear form of numbers that are listed tells its values apart
// as the interpreter does, which rounds the result once: if it rounds nothing, all terms
// being multiples of a power of two of which float64 has as many digits, or next to
// nothing beside the least distance of two values.
func (a *Analysis) tellsApart(lin *linear.Form[*graph.Node], values []value.Value) bool {
	noFloat := func(v value.Value) bool { // a large int, or not finite
		return !value.Equal(v, value.OfFloat(v.Float64())) || math.IsInf(v.Float64(), 0)
	}
	size, grid := math.Abs(lin.Constant), construct.PowerOfTwo(lin.Constant)
	for _, t := range lin.Terms {
		of := a.Table(t.Of).Values
		if slices.ContainsFunc(of, noFloat) {
			return false
		}
		size += float64(math.Abs(t.Factor) * a.Size(t.Of))
		for _, v := range of {
			grid = min(grid, construct.PowerOfTwo(t.Factor)*construct.PowerOfTwo(v.Float64()))
		}
	}
	if slices.ContainsFunc(values, noFloat) {
		return false
	}
	if size <= grid/construct.Ulp64 {
		return true
	}
	least := math.Inf(1)
	for i := 1; i < len(values); i++ {
		if x, y := values[i-1].Float64(), values[i].Float64(); x != y {
			least = min(least, y-x)
		}
	}
	return rounded*size <= lost*least
}

// roundedOnTheWay refuses a number of which no table can be made and that is no linear
// form, since it is rounded on the way.
func (a *Analysis) roundedOnTheWay(n *graph.Node, lin *linear.Form[*graph.Node]) *diag.Diagnostic {
	x := a.arithmeticOf(lin)
	return diag.Errorf(n.Span, diag.Limit, "%s is computed by way of numbers as large as %.3g, where float64 rounds by up to %.1g in all: a model does not round like that",
		graph.Describe(n), x.largest, x.off).WithHint("add and subtract numbers of one size")
}
