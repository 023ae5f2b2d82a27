package compiler

import (
	"math"
	"math/bits"
	"slices"

	"rasp/lang/diag"
	"rasp/lang/graph"
	"rasp/lang/value"
	"rasp/runtime/model"
)

// readOut asks for what the unembedding needs to show an s-op: for values that
// can be listed a logit each, for means the number itself and whether it is a
// float.
func (l *lowering) readOut(b graph.Output, n *graph.Node) {
	r := l.table(n)
	out := output{name: b.Name}
	switch {
	case !r.unbounded && len(r.values) == 0:
		l.fail(diag.Errorf(b.Span, diag.Value, "%s fails on every input of the domain", b.Name))
		return
	case r.unbounded || l.isMean(n) && !l.all(n, isInteger) && !slices.ContainsFunc(r.values, isBool):
		number, _ := l.rounded(n, 0)
		out.logits = []form{number.get(), l.isFloat(n).get()}
	case l.tooManyNeurons(n):
		out.logits = []form{l.sumOfScalars(n).get(), l.sumIsFloat(n).get()}
	case l.soonerAsNumber(n):
		out.logits = []form{l.scalar(n).get(), {}}
	default:
		codes := l.classes(n, &out)
		out.logits = l.classLogits(n, codes, len(out.classes))
	}
	l.outputs = append(l.outputs, out)
}

// tooManyNeurons reports whether a linear form of numbers, some of them fractions,
// takes more neurons to tell its values apart than a layer may have.
func (l *lowering) tooManyNeurons(n *graph.Node) bool {
	v := l.source(n)
	if v == nil || v.node != n || v.kind != computedVariable || l.linear(n) == nil || l.all(n, isInteger) {
		return false
	}
	u := l.unit(v)
	return u == nil || u.boxes > maxNeurons
}

// soonerAsNumber reports whether an s-op of ints is there as a number before its
// values are told apart: a layer before, or if they are many, a half.
func (l *lowering) soonerAsNumber(n *graph.Node) bool {
	count := len(l.table(n).values)
	if !l.kindIs(n, value.Int) || count == 1 || l.linear(n) == nil && count <= maxClasses || l.size(n) > 1<<20 {
		return false
	}
	f := make([]float64, len(l.idsBySource(n)))
	for s, id := range l.idsBySource(n) {
		f[s] = math.Sqrt(float64(id) + 2) // no linear function of the values
	}
	number, classes := l.scalar(n).when, l.when(l.source(n), f)
	return (number+1)/2 < (classes+1)/2 || count > maxClasses && number < classes
}

// maxClasses is how many classes are surely cheaper than a number.
const maxClasses = 256

// typesClash reports that an s-op is a mean whose sum and width do not tell whether
// it is an int or a float.
func (l *lowering) typesClash(n *graph.Node) bool {
	v := l.source(n)
	if n.Op != graph.Aggregate || v == nil || v.kind != meanVariable || v.node != n || !n.Value.IsNumber() {
		return false
	}
	r := l.table(n)
	kinds := map[sum]value.Kind{}
	for s, x := range v.sums {
		kind := r.values[r.cells[s]].Kind()
		if old, ok := kinds[x]; ok && old != kind {
			return true
		}
		kinds[x] = kind
	}
	return false
}

// classes gives each value a class of its own, but for those that differ in
// rounding alone, and a number to write it by.
func (l *lowering) classes(n *graph.Node, out *output) (code classCode) {
	r := l.table(n)
	code.byValue, code.inBits = make([]int32, len(r.values)), l.typesClash(n)
	last := -1
	for id, twin := range r.representatives() {
		v := r.values[id]
		if int(twin) != id {
			code.byValue[id] = code.byValue[twin]
			continue
		}
		number := int32(len(out.classes))
		if code.inBits { // the type has bits of its own, since it is read apart
			if last < 0 || v.Float64() != r.values[last].Float64() {
				code.types += 4
			}
			number = code.types + int32(v.Kind())
		}
		last, code.byValue[id] = id, number
		code.byClass = append(code.byClass, number)
		out.classes = append(out.classes, model.Token(v.JSON()))
	}
	return code
}

// classCode is the numbers by which classes are told apart.
type classCode struct {
	byValue, byClass []int32
	inBits           bool // only as bits
	types            int32
}

// classLogits writes the value of n so that the logit of its class is the
// largest: by bits of the class's number, written as -1 and +1, whose product is
// larger by 2 at least for equal numbers than for others; or by a column for
// each class.
func (l *lowering) classLogits(n *graph.Node, classes classCode, count int) []form {
	logits := make([]form, count)
	if count == 1 {
		return logits
	}
	ids := l.idsBySource(n)
	code := func(f func(number int32) float64) form {
		g := make([]float64, len(ids))
		for s, id := range ids {
			g[s] = math.NaN()
			if id != none {
				g[s] = f(classes.byValue[id])
			}
		}
		return l.read(l.source(n), g)
	}
	if !classes.inBits && (count <= 3 || !l.bits && count*len(ids) < maxOneHot) {
		for c, number := range classes.byClass {
			logits[c] = code(func(x int32) float64 { return indicate(x == number) })
		}
		return logits
	}
	for b := range bits.Len32(uint32(slices.Max(classes.byClass))) {
		sign := func(x int32) float64 { return float64(2*(x>>b&1) - 1) }
		bit := code(sign)
		for c, number := range classes.byClass {
			logits[c] = logits[c].Plus(bit.Times(sign(number)))
		}
	}
	return logits
}

// maxOneHot bounds the work on read-outs with a column for each class: classes
// times states of the variable.
const maxOneHot = 1 << 22
