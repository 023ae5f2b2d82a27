package demand

import (
	"math"
	"slices"

	"rasp/compiler/facts"
	"rasp/compiler/linear"
	"rasp/compiler/plan"
	"rasp/lang/graph"
	"rasp/runtime/model"
)

// Number is an integer-valued linear form of offers: it is there
// as soon as they are, but a function of it other than itself needs an MLP.
type Number struct {
	linear.Form[*Offer]
	Numbers []float64 // its value, by state
	Cost    Cost      // of the heads that bring it
	rough   bool      // it reads the output of a head that averages, with its error
	Label   model.Label
}

// Add adds another number, times a factor.
func (c *Number) Add(d *Number, factor float64) {
	scaled := d.Times(factor)
	c.Terms = append(c.Terms, scaled.Terms...)
	c.Constant += scaled.Constant
	c.Cost = c.Cost.Plus(d.Cost)
}

func (c *Number) When() int {
	t := 0
	for _, r := range c.Terms {
		t = max(t, r.Of.When)
	}
	return t
}

func (c *Number) Sum() plan.Form {
	sum := plan.Constant(c.Constant)
	for _, t := range c.Terms {
		sum.AddForm(t.Of.Get().Times(t.Factor))
	}
	return sum
}

// OfShares reports that the number is made of counts that are shares before they are decoded.
func (c *Number) OfShares() bool {
	return !slices.ContainsFunc(c.Terms, func(t linear.Term[*Offer]) bool { return t.Of.Share == nil })
}

// Scalar is the number as it is before it is decoded; y by state of what it is read for.
func (c *Number) Scalar(y []float64) *Scalar {
	if len(c.Terms) == 1 && c.Terms[0].Of.Share != nil {
		return c.Terms[0].Of.Share.Of(y, c.Terms[0].Factor, c.Constant)
	}
	if s := c.near(y); s != nil {
		return s
	}
	unit := UnitOf(c.Numbers)
	if c.rough {
		unit = 0
	}
	return &Scalar{When: c.When(), Form: c.Sum, Unit: unit, Label: c.Label, Y: y}
}

// UnitOf is a power of two of which all numbers are multiples, 0 if there is
// none of moderate size.
func UnitOf(numbers []float64) float64 {
	for unit := 1.0; unit >= 1.0/1024; unit /= 2 {
		if !slices.ContainsFunc(numbers, func(x float64) bool { return !math.IsNaN(x) && x/unit != math.Trunc(x/unit) }) {
			return unit
		}
	}
	return 0
}

// OfNumber offers a function f of a number: itself up to scale and shift
// directly, any other by steps. f must depend on the numbers alone. nil if float32 cannot
// tell them apart.
func (l *Demands) OfNumber(c *Number, f, numbers []float64) *Offer {
	if o := l.Scaled(c, f, numbers); o != nil && c.near(numbers) == nil {
		return o
	}
	o := l.Steps(*c.Scalar(numbers), f)
	if o == nil {
		return nil
	}
	o.Near = c.ScaledNear(f, numbers)
	o.Cost = o.Cost.Plus(c.Cost)
	return o
}

// Scaled offers a number up to scale and shift; nil if f is another function.
func (l *Demands) Scaled(c *Number, f, numbers []float64) *Offer {
	scale, shift, ok := facts.Affine(f, numbers)
	if !ok {
		return nil
	}
	return &Offer{When: c.When(), Cost: c.Cost, Make: func() plan.Form { return c.Sum().Times(scale).Plus(plan.Constant(shift)) }}
}

// LinearNumber is the linear form of a computed variable.
func (l *Demands) LinearNumber(v *facts.Variable, lin *linear.Form[*graph.Node]) *Number {
	c := l.Linears[v]
	if c != nil {
		return c
	}
	c = &Number{Form: linear.Constant[*Offer](lin.Constant), Numbers: l.StateNumbers(v), Label: LabelOf(v.Node, graph.Describe(v.Node))}
	c.rough = slices.ContainsFunc(lin.Over(), func(n *graph.Node) bool { return l.IsMean(n) && !l.All(n, facts.IsInteger) })
	for _, t := range lin.Terms {
		n := t.Of
		if src := l.Source(n); src == nil {
			c.Constant += float64(t.Factor * l.Table(n).Values[0].Float64())
		} else {
			f := l.Numbers(n)
			g, scale, shift := facts.Normal(f)
			c.Constant += float64(t.Factor * shift)
			if scale != 0 {
				c.Terms = append(c.Terms, linear.Term[*Offer]{Of: l.Demand(src, g), Factor: t.Factor * scale})
			}
		}
	}
	l.Linears[v] = c
	return c
}
