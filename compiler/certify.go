package compiler

import (
	"fmt"
	"math"
	"slices"

	"rasp/compiler/construct"
	"rasp/lang/diag"
	"rasp/runtime"
)

// The certificate follows the numbers through the model in float32 and bounds
// how far each can be from what it should be. Most are never off at all: a sum
// of products is exact in float32, in whatever order it is added, if all terms
// are multiples of a power of two (the grid) and neither the positive nor the
// negative ones add up to more than 2^24 grids. Errors enter at the softmax of
// heads that average or count, and the offset of the columns that they write
// rounds them to a grid again. What remains is compared with the margin at each
// place where a value is decoded: a step, a pattern, an argmax.

// ulp is the relative rounding error of float32, 2^-24.
const ulp = 1.0 / (1 << 24)

// bound says what a number can be.
type bound struct {
	lo, hi float64
	grid   float64 // it is a multiple of grid; 0 if of none
	err    float64 // how far it may be from its ideal value
}

func (b bound) size() float64 { return max(math.Abs(b.lo), math.Abs(b.hi)) }

// certifier checks the decoding places of a plan.
type certifier struct {
	plan   *plan
	length int
	checks int
	slack  float64
	worst  runtime.Label
	// number is the largest error of a numeric output.
	number float64
}

// certify bounds the errors of all columns in the order of time and checks every
// margin; the result is exact if the least slack is above 1.
func certify(p *plan, length int) *certifier {
	c := &certifier{plan: p, length: length, slack: math.Inf(1)}
	byColumn := map[*column][]neuronTerm{}
	for _, n := range p.neurons {
		for _, o := range n.outs {
			byColumn[o.column] = append(byColumn[o.column], neuronTerm{n, o.factor})
		}
	}
	written := map[*column]bool{}
	for _, col := range p.columns {
		if col.when == 0 {
			c.embedded(col)
		}
	}
	for t := 1; t <= 2*p.layers(); t++ {
		for _, h := range p.heads {
			if 2*h.layer-1 == t {
				c.head(h, written)
			}
		}
		for _, n := range p.neurons {
			if 2*n.layer == t {
				c.neuron(n)
			}
		}
		for _, col := range p.columns {
			if col.when == t && t%2 == 0 {
				c.mlpColumn(col, byColumn[col])
			}
		}
	}
	c.outputs()
	return c
}

type neuronTerm struct {
	neuron *neuron
	factor float64
}

// require records a decoding place: an error against the margin that it has.
func (c *certifier) require(err, margin float64, label runtime.Label) {
	c.checks++
	slack := math.Inf(1)
	if err > 0 {
		slack = margin / err
	}
	if margin <= 0 {
		slack = 0
	}
	if slack < c.slack {
		c.slack, c.worst = slack, label
	}
}

func (c *certifier) embedded(col *column) {
	values := append(slices.Clone(col.tokens), col.positions...)
	b := bound{grid: math.Inf(1)}
	for _, x := range append(values, col.bos) {
		b.lo, b.hi = min(b.lo, x), max(b.hi, x)
		b.grid = min(b.grid, powerOfTwo(x))
		b.err = max(b.err, math.Abs(float64(float32(x))-x))
	}
	if b.err > 0 {
		b.grid = 0
	}
	b.err += col.slop
	col.bound = b
}

// powerOfTwo is the largest power of two that divides x, infinite for 0.
func powerOfTwo(x float64) float64 {
	if x == 0 {
		return math.Inf(1)
	}
	mantissa, exp := math.Frexp(x)
	m := int64(math.Abs(mantissa) * (1 << 53))
	return math.Ldexp(float64(m&-m), exp-53)
}

// form bounds a linear form as float32 computes it from the stored columns,
// offsets included.
func (c *certifier) form(f form) bound {
	s := newDot(f.constant)
	for _, t := range f.terms {
		s.add(t.factor, t.column.bound, t.column.offset)
	}
	return s.bound()
}

// dot bounds a sum of products.
type dot struct {
	ideal    bound // lo, hi and err of the value, offsets taken out
	bias     float64
	grid     float64
	pos, neg float64 // largest sums of the positive and of the negative terms
	rounding float64 // of weights that float32 cannot hold
	terms    int
}

func newDot(constant float64) *dot {
	return &dot{ideal: bound{lo: constant, hi: constant, grid: powerOfTwo(constant)}, bias: constant, grid: math.Inf(1)}
}

func (s *dot) add(factor float64, b bound, offset float64) {
	lo, hi := factor*b.lo, factor*b.hi
	if factor < 0 {
		lo, hi = hi, lo
	}
	s.ideal.lo += lo
	s.ideal.hi += hi
	s.ideal.err += math.Abs(factor) * b.err
	s.ideal.grid = min(s.ideal.grid, powerOfTwo(factor)*b.grid)
	s.grid = min(s.grid, powerOfTwo(factor)*min(b.grid, powerOfTwo(offset)))
	slop := math.Abs(factor) * b.err
	s.pos += max(0, hi+factor*offset+slop)
	s.neg += max(0, -lo-factor*offset+slop)
	s.rounding += math.Abs(float64(float32(factor))-factor) * (b.size() + math.Abs(offset))
	s.bias -= factor * offset
	s.terms++
}

func (s *dot) bound() bound {
	s.rounding += math.Abs(float64(float32(s.bias)) - s.bias)
	s.pos += max(0, s.bias)
	s.neg += max(0, -s.bias)
	grid := min(s.grid, powerOfTwo(s.bias))
	b := s.ideal
	if s.rounding > 0 || grid == 0 || max(s.pos, s.neg) > grid/ulp {
		b.err += s.rounding + float64(s.terms+1)*ulp*1.01*(s.pos+s.neg)
		b.grid = 0
	}
	return b
}

// head bounds what a head writes. Scores of selected keys are equal if they are
// exact; otherwise their weights differ by a factor of exp(2 err) at most.
func (c *certifier) head(h *head, written map[*column]bool) {
	scores, inexact := newDot(0), 0.0
	for _, d := range h.dims {
		q, k := c.form(d.query), c.form(d.key)
		inexact += construct.Gap * (q.err*k.size() + k.err*q.size() + q.err*k.err)
		scores.add(construct.Gap, bound{-q.size() * k.size(), q.size() * k.size(), q.grid * k.grid, 0}, 0)
	}
	scores.add(1, bound{-h.base * construct.Gap, h.base * construct.Gap, construct.Gap / 4, 0}, 0)
	scoreErr := inexact + scores.bound().err
	c.require(2*scoreErr, construct.Gap/2-104, h.label)
	for _, v := range h.values {
		b := c.headValue(h, v, scoreErr)
		if written[v.out] {
			b = bound{min(b.lo, v.out.bound.lo), max(b.hi, v.out.bound.hi), min(b.grid, v.out.bound.grid), b.err + v.out.bound.err}
		}
		v.out.bound = b
		written[v.out] = true
	}
}

func (c *certifier) headValue(h *head, v headValue, scoreErr float64) bound {
	b := c.form(v.value)
	b.lo, b.hi = min(b.lo, v.bos, 0), max(b.hi, v.bos, 0)
	spread := math.Expm1(2 * scoreErr)
	switch v.kind {
	case bringsOne:
	case bringsMean:
		rounding := 3 * ulp
		if b.grid == 0 || scoreErr > 0 || float64(c.length)*b.size() > b.grid/ulp {
			rounding = float64(c.length+4) * ulp
		}
		b.err += b.size() * (rounding + spread)
		b.grid = 0
	case bringsShare:
		// d x = x (1-x) d(log weight), and x (1-x) <= 1/4.
		weight := ulp*(math.Abs(h.sink)+4) + spread + float64(c.length+2)*ulp
		b.err = weight/4 + 2*ulp
		b.grid = 0
	case bringsAny:
		b.err = spread + float64(c.length+4)*ulp
		b.grid = 0
	}
	return c.rounded(v, b)
}

// rounded is the effect of a column's offset: the sum is rounded to the grid. A
// value that is 0 or 1 up to less than half a grid is then exactly that.
func (c *certifier) rounded(v headValue, b bound) bound {
	grid := v.out.grid
	if grid == 0 {
		return b
	}
	if v.kind == bringsAny {
		c.require(b.err, grid/2, v.out.label)
		return bound{0, 1, 1, 0}
	}
	b.err += grid / 2
	b.grid = grid
	return b
}

// neuron bounds a neuron. Where it is part of a step, its input must be off by
// less than the step's margin; both neurons of the step are off by the same, so
// their difference is right.
func (c *certifier) neuron(n *neuron) {
	b := c.form(n.in)
	if n.margin > 0 {
		c.require(b.err, n.margin, n.label)
		b.err = 0
	}
	n.bound = bound{0, max(0, b.hi), b.grid, b.err}
}

func (c *certifier) mlpColumn(col *column, terms []neuronTerm) {
	s := newDot(0)
	for _, t := range terms {
		s.add(t.factor, t.neuron.bound, 0)
	}
	b := s.bound()
	col.bound = bound{col.low, col.high, 0, b.err}
	if b.grid > 0 && b.err == 0 {
		col.bound.grid = max(b.grid, col.unit)
	}
}

// outputs checks that the right class wins: logits of neighbouring classes
// differ by 1 at least.
func (c *certifier) outputs() {
	for _, o := range c.plan.outputs {
		label := runtime.Label{What: "read-out of " + o.name}
		if len(o.classes) == 0 {
			if len(o.logits[1].terms) == 0 && o.logits[1].constant == 0 { // an int, which is rounded
				c.require(c.form(o.logits[0]).err, 0.5, label)
				continue
			}
			value := c.form(o.logits[0])
			c.number = max(c.number, value.err)
			c.require(value.err, 1e-5*value.size(), label)
			c.require(c.form(o.logits[1]).err, 0.5, label)
			continue
		}
		for _, f := range o.logits {
			c.require(2*c.form(f).err, 1, label)
		}
	}
}

func (c *certifier) exact() bool { return c.slack > 1 }

// certificate is the claim for the model file.
func (c *certifier) certificate() runtime.Certificate {
	claim := fmt.Sprintf("exact for every input over this vocabulary up to length %d", c.length)
	if c.number > 0 {
		claim += fmt.Sprintf(" (numbers to within %.1g)", c.number)
	}
	slack := c.slack
	if math.IsInf(slack, 1) {
		slack = math.MaxFloat64
	}
	return runtime.Certificate{Exact: true, Length: c.length, Claim: claim, Checks: c.checks, Slack: slack, Worst: c.worst.What}
}

// refusal explains why there is no certificate.
func (c *certifier) refusal(where diag.Span) *diag.Diagnostic {
	return diag.Errorf(where, diag.Limit, "float32 cannot separate the values at length %d: at %q the error bound is %.2g of the margin",
		c.length, c.worst.What, 1/c.slack).WithHint("use a shorter #rasp:length")
}
