package compiler

import (
	"math"
	"slices"

	"rasp/compiler/linear"
	"rasp/lang/graph"
	"rasp/runtime/model"
)

// combination is an integer-valued linear form of other readings: it is there
// as soon as they are, but a function of it other than itself needs an MLP.
type combination struct {
	linear.Form[*offer]
	numbers []float64 // its value, by state
	cost    cost      // of the heads that bring it
	rough   bool      // it reads the output of a head that averages, with its error
	label   model.Label
}

// add adds another combination, times a factor.
func (c *combination) add(d *combination, factor float64) {
	scaled := d.Times(factor)
	c.Terms = append(c.Terms, scaled.Terms...)
	c.Constant += scaled.Constant
	c.cost = c.cost.plus(d.cost)
}

func (c *combination) when() int {
	t := 0
	for _, r := range c.Terms {
		t = max(t, r.Of.when)
	}
	return t
}

func (c *combination) form() form {
	sum := constantForm(c.Constant)
	for _, t := range c.Terms {
		sum = sum.Plus(t.Of.get().Times(t.Factor))
	}
	return sum
}

// analog is the number as it is before it is decoded; y by state of what it is read for.
func (c *combination) analog(y []float64) *analog {
	unit := unitOf(c.numbers)
	if c.rough {
		unit = 0
	}
	return &analog{when: c.when(), form: c.form, unit: unit, label: c.label, y: y}
}

// unitOf is a power of two of which all numbers are multiples, 0 if there is
// none of moderate size.
func unitOf(numbers []float64) float64 {
	for unit := 1.0; unit >= 1.0/1024; unit /= 2 {
		if !slices.ContainsFunc(numbers, func(x float64) bool { return !math.IsNaN(x) && x/unit != math.Trunc(x/unit) }) {
			return unit
		}
	}
	return 0
}

// combined reads a function f of a combination: itself up to scale and shift
// directly, any other by steps. f must depend on the numbers alone.
func (l *demands) combined(c *combination, f, numbers []float64) *offer {
	if o := l.scaled(c, f, numbers); o != nil {
		return o
	}
	o := l.steps(*c.analog(numbers), f)
	o.cost = o.cost.plus(c.cost)
	return o
}

// scaled reads a combination up to scale and shift; nil if f is another function.
func (l *demands) scaled(c *combination, f, numbers []float64) *offer {
	scale, shift, ok := affine(f, numbers)
	if !ok {
		return nil
	}
	return &offer{when: c.when(), cost: c.cost, make: func() form { return c.form().Times(scale).Plus(constantForm(shift)) }}
}

// combination is the linear form of a computed variable.
func (l *demands) combination(v *variable, lin *linear.Form[*graph.Node]) *combination {
	c := l.linears[v]
	if c != nil {
		return c
	}
	c = &combination{Form: linear.Constant[*offer](lin.Constant), numbers: l.stateNumbers(v), label: labelOf(v.node, graph.Describe(v.node))}
	c.rough = slices.ContainsFunc(lin.Over(), func(n *graph.Node) bool { return l.isMean(n) && !l.all(n, isInteger) })
	for _, t := range lin.Terms {
		n := t.Of
		if src := l.source(n); src == nil {
			c.Constant += t.Factor * l.table(n).values[0].Float64()
		} else {
			f := l.numbers(n)
			g, scale, shift := normal(f)
			c.Constant += t.Factor * shift
			if scale != 0 {
				c.Terms = append(c.Terms, linear.Term[*offer]{Of: l.demand(src, g), Factor: t.Factor * scale})
			}
		}
	}
	l.linears[v] = c
	return c
}
