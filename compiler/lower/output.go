package lower

import (
	"fmt"
	"math"
	"math/bits"
	"slices"

	"rasp/compiler/construct"
	"rasp/compiler/demand"
	"rasp/compiler/facts"
	"rasp/compiler/neurons"
	"rasp/compiler/plan"
	"rasp/compiler/sums"
	"rasp/lang/diag"
	"rasp/lang/graph"
	"rasp/lang/value"
	"rasp/runtime/model"
)

// readOut asks for what the unembedding needs to show an s-op: for values that
// can be listed a logit each, for means the number itself and whether it is a
// float.
func (l *lowering) readOut(b graph.Output, n *graph.Node) {
	r := l.Table(n)
	out := plan.Output{Name: b.Name}
	switch {
	case !r.Unbounded && len(r.Values) == 0:
		l.Fail(diag.Errorf(b.Span, diag.Value, "%s fails on every input of the domain", b.Name))
		return
	case len(r.Beside) > 0:
		l.Fail(diag.Errorf(b.Span, diag.Limit, "%s is %s on some inputs, and on others a number that a model shows as a number, and nothing else: %s",
			b.Name, value.Describe(r.Beside[0]), l.unlisted(n)).WithHint("use a number in its place, or average fewer different numbers"))
		return
	case r.Unbounded && !l.ofOrdinarySize(n):
		l.Fail(l.oddSize(b, n))
		return
	case r.Unbounded || l.IsMean(n) && l.ofOrdinarySize(n) && !l.All(n, facts.IsInteger) && !slices.ContainsFunc(r.Values, facts.IsBool):
		l.asNumber(n, &out)
		number, _ := l.AsBrought(n, 0)
		out.Logits = []plan.Form{number.Get(), l.IsFloat(n).Get()}
	case l.ofOrdinarySize(n) && l.tooManyNeurons(n):
		l.asNumber(n, &out)
		out.Logits = []plan.Form{l.SumOfScalars(n).Get(), l.SumIsFloat(n).Get()}
	case l.productShown(n) != nil:
		l.asNumber(n, &out)
		out.Rounding += float64(4 * construct.Ulp64 * out.Size) // a product with the inverse is rounded twice
		out.Logits = []plan.Form{l.productShown(n).Get(), plan.Constant(1)}
	case l.soonerAsNumber(n):
		l.asNumber(n, &out)
		out.Logits = []plan.Form{l.Scalar(n).Get(), {}}
	default:
		out.Rounding = l.classSpread(n)
		codes := l.classes(b, n, &out)
		l.checkClasses(b, n, codes, out)
		if out.Logits = l.brokenClasses(n, codes); out.Logits != nil {
			out.Broken = true
		} else {
			out.Logits = l.classLogits(n, codes, len(out.Classes))
		}
	}
	l.Outputs = append(l.Outputs, out)
}

// asNumber says how large the number is that an output shows, and how far what is planned
// may be from the interpreter's.
func (l *lowering) asNumber(n *graph.Node, out *plan.Output) {
	out.Size = l.Largest(n)
	if lin := l.Linear(n); lin != nil { // it may be over fewer combinations of values than the table
		lo, hi := l.RangeOf(*lin)
		out.Size = min(out.Size, max(math.Abs(lo), math.Abs(hi)))
	}
	out.Rounding = max(l.Float64Error(n), l.classSpread(n))
}

// ofOrdinarySize reports that float32 has the numbers that an s-op can be.
func (l *lowering) ofOrdinarySize(n *graph.Node) bool {
	size := l.Largest(n)
	return size == 0 || construct.LeastNumber <= size && size <= construct.LargestNumber
}

// oddSize says why a number cannot be shown.
func (l *lowering) oddSize(b graph.Output, n *graph.Node) *diag.Diagnostic {
	size := l.Largest(n)
	if math.IsInf(size, 0) || math.IsNaN(size) {
		return diag.Errorf(b.Span, diag.Limit, "%s can be inf or nan, which a model gives only where all values are listed: %s", b.Name, l.unlisted(n)).
			WithHint("decide before what is to be done with such numbers")
	}
	return diag.Errorf(b.Span, diag.Limit, "%s is %g at most: a model computes with numbers of 2^-100 to 2^100, and gives others only where all values are listed: %s", b.Name, size, l.unlisted(n)).
		WithHint("scale it, or average fewer different numbers")
}

// unlisted says why the values of a number are not listed.
func (l *lowering) unlisted(n *graph.Node) string {
	for _, m := range graph.Reachable(n) {
		if m.Op != graph.Aggregate || !l.Table(m).Unbounded {
			continue
		}
		for _, v := range l.Table(m.Args[1]).Values {
			if v.IsNumber() && !sums.Adds(v) {
				return fmt.Sprintf("%s in line %d averages %s, and sums are listed of numbers up to 2^53", graph.Describe(m), m.Span.Line(), value.Describe(v))
			}
		}
	}
	return "there are too many"
}

// classSpread is how far apart values of an output are that count as one: those that the
// order of an addition alone tells apart, and those that replays of it made one before.
func (l *lowering) classSpread(n *graph.Node) float64 { return l.Table(n).Spread() + l.Merged[n] }

// tooManyNeurons reports whether a linear form of numbers, some of them fractions,
// takes more neurons to tell its values apart than a layer may have.
func (l *lowering) tooManyNeurons(n *graph.Node) bool {
	v := l.Source(n)
	if v == nil || v.Node != n || v.Source != facts.Computed || l.Linear(n) == nil || l.All(n, facts.IsInteger) {
		return false
	}
	u := l.BoxesFor(v)
	return u == nil || u.Count > neurons.MaxNeurons
}

// manyProducts is how many classes cost more than the bits of one factor.
const manyProducts = 64

// productShown offers a product of many values, all floats, as a number; nil if it is none.
func (l *lowering) productShown(n *graph.Node) *demand.Offer {
	if len(l.Table(n).Values) <= manyProducts || !l.KindIs(n, value.Float) || !l.ofOrdinarySize(n) {
		return nil
	}
	return l.Product(n)
}

// soonerAsNumber reports whether an s-op of ints is there as a number before its
// values are told apart: a layer before, or if they are many, a half.
func (l *lowering) soonerAsNumber(n *graph.Node) bool {
	count := len(l.Table(n).Values)
	if !l.KindIs(n, value.Int) || count == 1 || l.Linear(n) == nil && count <= maxClasses || l.Size(n) > 1<<20 {
		return false
	}
	f := make([]float64, len(l.IdsBySource(n)))
	for s, id := range l.IdsBySource(n) {
		f[s] = math.Sqrt(float64(id) + 2) // no linear function of the values
	}
	number, classes := l.Scalar(n).When, l.When(l.Source(n), f)
	return (number+1)/2 < (classes+1)/2 || count > maxClasses && number < classes || count > manyClasses && number <= classes
}

// maxClasses is how many classes are surely cheaper than a number.
const maxClasses = 16

// manyClasses is from how many on a logit each, at each position, is more than a number
// costs by far.
const manyClasses = 1 << 12

// typesClash reports that an s-op is a mean whose sum and width do not tell whether
// it is an int or a float.
func (l *lowering) typesClash(n *graph.Node) bool {
	v := l.Source(n)
	if n.Op != graph.Aggregate || v == nil || v.Source != facts.Mean || v.Node != n || !n.Value.IsNumber() {
		return false
	}
	r := l.Table(n)
	kinds := map[facts.Sum]value.Kind{}
	for s, x := range v.Sums {
		kind := r.Values[r.Cells[s]].Kind()
		if old, ok := kinds[x]; ok && old != kind {
			return true
		}
		kinds[x] = kind
	}
	return false
}

// classes gives each value a class of its own, but for those that differ in
// rounding alone, and a number to write it by.
func (l *lowering) classes(b graph.Output, n *graph.Node, out *plan.Output) (code classCode) {
	r := l.Table(n)
	code.byValue, code.inBits = make([]int32, len(r.Values)), l.typesClash(n)
	last, labels := -1, map[string]int{}
	for id, twin := range r.Representatives() {
		v := r.Values[id]
		if int(twin) != id {
			code.byValue[id] = code.byValue[twin]
			continue
		}
		label := v.JSON()
		if old, ok := labels[label]; ok { // nan has several bit patterns, and prints one way
			if r.Values[old].Kind() != v.Kind() {
				l.Fail(diag.Errorf(b.Span, diag.Limit, "%s can be %s and %s, which a model writes alike: %s",
					b.Name, value.Describe(r.Values[old]), value.Describe(v), label).WithHint("use another string"))
			}
			code.byValue[id] = code.byValue[old]
			continue
		}
		labels[label] = id
		number := int32(len(out.Classes))
		if code.inBits { // the type has bits of its own, since it is read apart
			if last < 0 || v.Float64() != r.Values[last].Float64() || v.Kind() == r.Values[last].Kind() {
				code.types += 4
			}
			number = code.types + int32(v.Kind())
		}
		last, code.byValue[id] = id, number
		code.byClass = append(code.byClass, number)
		out.Classes = append(out.Classes, model.Token(label))
	}
	return code
}

// checkClasses checks that the class of each value that an s-op can have is read as that
// very value, of that type: that no two classes have one number, and that what is written
// for a class is the value, or one that differs from it by the order of an addition.
func (l *lowering) checkClasses(b graph.Output, n *graph.Node, code classCode, out plan.Output) {
	place := map[int32]int{}
	for c, number := range code.byClass {
		place[number] = c
	}
	for id, v := range l.Table(n).Values {
		c, ok := place[code.byValue[id]]
		if !ok || len(place) != len(out.Classes) || !writes(out.Classes[c], v, out.Rounding) {
			l.Fail(diag.Errorf(b.Span, diag.Internal, "%s is not read as %s where it is that; this is a fault of the compiler, not of the program", b.Name, value.Describe(v)))
			return
		}
	}
}

// writes reports that a token is what a model writes for a value, but for rounding.
func writes(t model.Token, v value.Value, rounding float64) bool {
	read, err := value.ParseAtom(string(t))
	if x := v.Float64(); v.Kind() == value.Float && x-x != 0 {
		return string(t) == v.JSON() // nan and infinities are strings
	}
	if err != nil || read.Kind() != v.Kind() {
		return false
	}
	return read == v || v.Kind() == value.Float && rounding > 0 && math.Abs(read.Float64()-v.Float64()) <= rounding
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
func (l *lowering) classLogits(n *graph.Node, classes classCode, count int) []plan.Form {
	logits := make([]plan.Form, count)
	if count == 1 {
		return logits
	}
	ids := l.IdsBySource(n)
	code := func(f func(number int32) float64) plan.Form {
		return l.Read(l.Source(n), facts.ByState(ids, func(id int32) float64 { return f(classes.byValue[id]) }))
	}
	if !classes.inBits && (count <= 3 || !l.Bits && count*len(ids) < maxOneHot) {
		for c, number := range classes.byClass {
			logits[c] = code(func(x int32) float64 { return facts.Indicate(x == number) })
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

// brokenClasses are logits that are 0 for the class of the value and -1 or less for others, by
// hinges of a number (demand.Hinge); nil if there is none, or a class is not whole.
func (l *lowering) brokenClasses(n *graph.Node, classes classCode) []plan.Form {
	var offers []*demand.Offer
	source, ids := l.Source(n), l.IdsBySource(n)
	for _, number := range classes.byClass {
		o := l.Hinge(source, facts.ByState(ids, func(id int32) float64 { return facts.Indicate(classes.byValue[id] != number) }))
		if o == nil {
			return nil
		}
		offers = append(offers, o)
	}
	logits := make([]plan.Form, len(offers))
	for c, o := range offers {
		logits[c] = o.Get().Times(-1)
	}
	return logits
}

// maxOneHot bounds the work on read-outs with a column for each class: classes
// times states of the variable.
const maxOneHot = 1 << 22
