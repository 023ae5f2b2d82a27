package demand

import (
	"math"
	"slices"

	"rasp/compiler/construct"
	"rasp/compiler/facts"
	"rasp/compiler/linear"
	"rasp/compiler/plan"
	"rasp/lang/elementary"
	"rasp/runtime/model"
)

// A model that stands noise (Policy.Robust) has no number that is 0 because large ones cancel.
// If each weight is off by a part of itself,
//
//   - what is 0 because nothing is written stays 0: a function that a head or a neuron reads is
//     a column of its own, up to scale, and steps begin where it is 0 (normal, zeroOf);
//   - a key that is selected scores 0 with a 0 in each product (withoutCancelling);
//   - a number that a head brings, a copy too, is decoded by steps before another head reads it,
//     which costs no layer (decoded);
//   - what heads bring stands on the tokens, and 0 at BOS (OnTokens).

// normal is f up to what its column leaves to the reader: scale and shift, or where zeros must
// stay so the scale alone.
func (l *Demands) normal(f []float64) (g []float64, scale, shift float64) {
	g, scale, shift = facts.Normal(f)
	if !l.Robust || scale == 0 {
		return g, scale, shift
	}
	if shift != 0 {
		scale, shift = commonFactor(f), 0
	}
	g = slices.Clone(f)
	for i := range g {
		g[i] = g[i]/scale + 0 // no -0, which would be another function
	}
	return g, scale, shift
}

// commonFactor is the largest number of which all that a function is are multiples, with the sign
// of the first that is not 0; 1 for fractions, but for a single one and its negative.
func commonFactor(f []float64) (factor float64) {
	for _, x := range f {
		switch {
		case math.IsNaN(x) || x == 0 || math.Abs(x) == math.Abs(factor):
		case factor == 0 && x != math.Trunc(x):
			factor = x
		case x != math.Trunc(x) || factor != math.Trunc(factor) || math.Abs(x) >= 1<<24:
			return 1
		case factor == 0:
			factor = x
		default:
			factor = math.Copysign(facts.Gcd(math.Abs(factor), math.Abs(x)), factor)
		}
	}
	return factor
}

// zeroOf is the point of a staircase from which its steps go up and down: the middle one at
// which the function is 0, that of the others if there is none.
func zeroOf(points []Point, other int) int {
	var zeros []int
	for i, p := range points {
		if p.F == 0 {
			zeros = append(zeros, i)
		}
	}
	if len(zeros) == 0 {
		return other
	}
	if points[other].F == 0 {
		return other
	}
	return zeros[len(zeros)/2]
}

// zerosTogether reports that no other value stands between points at which a function is 0: then
// all steps are closed there.
func zerosTogether(points []Point) bool {
	runs := 0
	for i, p := range points {
		if p.F == 0 && (i == 0 || points[i-1].F != 0) {
			runs++
		}
	}
	return runs == 1
}

// Decode reads the function f of v as a head does.
func (l *Demands) Decode(v *facts.Variable, f []float64) plan.Form {
	g, scale, shift := l.normal(f)
	if scale == 0 {
		return plan.Constant(shift)
	}
	o := l.Demand(v, g)
	if l.Robust {
		o = l.cleaned(v, g, o)
	}
	return o.Get().Times(scale).Plus(plan.Constant(shift))
}

// decoded is an offer of that.
func (l *Demands) decoded(v *facts.Variable, f []float64) *Offer {
	g, scale, _ := l.normal(f)
	if scale == 0 {
		return &Offer{}
	}
	o := l.Demand(v, g)
	if l.Robust {
		o = l.cleaned(v, g, o)
	}
	return o
}

// AsHeadsRead is an offer of the function f of v as a head reads it.
func (l *Demands) AsHeadsRead(v *facts.Variable, f []float64) *Offer {
	return &Offer{When: l.decoded(v, f).When, Make: func() plan.Form { return l.Decode(v, f) }}
}

// cleaned decodes what a head brings by steps, in the MLP after it, unless it takes many of
// them.
func (l *Demands) cleaned(v *facts.Variable, g []float64, o *Offer) *Offer {
	if o.When%2 == 0 {
		return o
	}
	known := l.clean[o]
	if known == nil {
		known = o
		points := Clean(PointsOf(g, g))
		if len(points) <= mostCleaned && separable(points) {
			known = l.noted(v, g, l.Steps(Scalar{When: o.When, Form: o.Get, Label: l.Label(v, g), Y: g}, g))
			known.Cost = known.Cost.Plus(o.Cost)
		}
		l.clean[o] = known
	}
	return known
}

// noted is an offer of the function g of v, which notes what its column holds: with that scores
// are bounded state by state.
func (l *Demands) noted(v *facts.Variable, g []float64, o *Offer) *Offer {
	noting := *o
	noting.Make = func() plan.Form {
		form := o.Get()
		l.NoteForm(v, g, form)
		return form
	}
	return &noting
}

// mostCleaned is how many values a number has that is decoded for heads; means have more.
const mostCleaned = 64

// OnTokens is a form without its constant, which a column brings that is 1 at each token: at
// BOS, where it is 0, nothing has to cancel.
func (l *Demands) OnTokens(f plan.Form) plan.Form {
	if !l.Robust || f.Constant == 0 {
		return f
	}
	if l.tokens == nil {
		l.tokens = l.NewColumn(0, model.Label{What: "is a token"})
		l.tokens.Tokens = plan.NonZero(slices.Repeat([]float64{0.5}, len(l.Domain.Vocab)))
		l.tokens.Positions = plan.NonZero(slices.Repeat([]float64{0.5}, l.Domain.Length))
	}
	constant := f.Constant
	f.Constant = 0
	return f.Plus(linear.Of(l.tokens).Times(constant))
}

// MeanSink is the sink of a head that averages: one of its own where selected keys may weigh a
// part more or less than each other for those that fetch.
func (l *Demands) MeanSink() sinkKind {
	if l.Twice {
		return SinkMean
	}
	return SinkDefault
}

// gapOf a head: BOS stands half of it below the keys that are selected, if it has no weight of
// its own.
func (l *Demands) gapOf(sink sinkKind) float64 {
	if !l.Robust {
		return construct.Gap
	}
	gap := construct.RobustGap(l.Domain.Length)
	if sink == SinkDefault || sink == SinkMean {
		return 2 * gap
	}
	return gap
}

// near is the number as heads bring it, where it is to be told by steps and no share; nil if it
// is there as it is.
func (c *Number) near(y []float64) *Scalar {
	if !slices.ContainsFunc(c.Terms, func(t linear.Term[*Offer]) bool { return t.Of.Near != nil }) {
		return nil
	}
	s := &Scalar{Unit: UnitOf(c.Numbers), Label: c.Label, Y: y}
	for _, t := range c.Terms {
		if t.Of.Near != nil {
			s.When = max(s.When, t.Of.Near.When)
		} else {
			s.When = max(s.When, t.Of.When)
		}
	}
	s.Form = func() plan.Form {
		sum := plan.Constant(c.Constant)
		for _, t := range c.Terms {
			read := t.Of.Get
			if t.Of.Near != nil {
				read = t.Of.Near.Form
			}
			sum = sum.Plus(read().Times(t.Factor))
		}
		return sum
	}
	return s
}

// ScaledNear is that of a function f of the number that is it up to scale and shift; nil for
// another function.
func (c *Number) ScaledNear(f, numbers []float64) *Scalar {
	s := c.near(numbers)
	scale, shift, ok := facts.Affine(f, numbers)
	if s == nil || !ok {
		return nil
	}
	return s.scaled(scale, shift)
}

// scaled is a number, times a factor and with a constant beside it; nil if there is none.
func (s *Scalar) scaled(factor, constant float64) *Scalar {
	if s == nil {
		return nil
	}
	scaled, form := *s, s.Form
	scaled.Form = func() plan.Form { return form().Times(factor).Plus(plan.Constant(constant)) }
	return &scaled
}

// weighSums gives BOS its weight in a head that brings sums, when it is known what they are of.
// Column and value have their scale from SumOf.
func (l *Demands) weighSums(h *plan.Head) {
	h.Weight = construct.SumWeight(l.Domain.Length, h.Weight)
	h.Sink = elementary.Log(h.Weight)
	for i, v := range h.Values {
		h.Values[i].Value = v.Value.Times(construct.SumScale(l.Domain.Length, h.Weight))
	}
}

// spreadSinks spreads the score of BOS over all dimensions that are there for other heads, where
// it is spread, and what heads average: several weights together are off by less than one.
func (l *Demands) spreadSinks() {
	most := 0
	if !l.Robust {
		return
	}
	for _, h := range l.Heads {
		most = max(most, h.SinkDims()+len(h.Dims), len(h.Values))
	}
	for _, h := range l.Heads {
		if h.Sinks > 0 {
			h.Sinks = most - len(h.Dims)
		}
		if n := len(h.Values); n > 0 && h.Values[0].Kind != plan.Copies {
			h.Spread = int(math.Exp2(math.Floor(elementary.Log2(float64(max(most/n, 1))))))
		}
	}
}

// Inside is the input of a neuron that is 1 where gates add up to 0 and closed where they are -1
// or less; where noise is to be stood already at -1/2, so that what is 0 outside stays so.
func (l *Demands) Inside(gates plan.Form) plan.Form {
	if l.Robust {
		gates = gates.Times(2)
	}
	return gates.Plus(plan.Constant(1))
}
