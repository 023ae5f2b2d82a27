package demand

import (
	"fmt"
	"math"
	"slices"

	"rasp/compiler/construct"
	"rasp/compiler/facts"
	"rasp/compiler/linear"
	"rasp/compiler/plan"
	"rasp/runtime/model"
)

// Scalar is a number that a neuron can read before it has been decoded.
type Scalar struct {
	When int
	Form func() plan.Form
	// Unit: the number is an exact multiple of it; 0 for a number that carries
	// an error and needs steps with a margin.
	Unit float64
	// Grid: it is a multiple of that, off by an error or not; 0 if not known.
	Grid float64
	// Uneven: its points lie the nearer to each other the larger they are. Each step has a
	// slope of its own, and all go up from the least point: so they stay small.
	Uneven bool
	Label  model.Label
	As     string    // what follows the label where it names the number as it stands here
	Y      []float64 // the number by state of what it is read for
}

// Point is a value of a scalar, and what a function is there.
type Point struct{ Y, F float64 }

// step is a change of a function between two neighbouring points.
type step struct {
	Low, High Point
	// Down: the step is 1 below the change and 0 above.
	Down bool
}

// LeastRise is the least gap between the points of a step.
func LeastRise(steps []step) float64 {
	gap := math.Inf(1)
	for _, r := range steps {
		gap = min(gap, r.High.Y-r.Low.Y)
	}
	return gap
}

// delta is what the step adds where it is 1.
func (r step) delta() float64 {
	if r.Down {
		return r.Low.F - r.High.F
	}
	return r.High.F - r.Low.F
}

// Staircase writes a function as its value at a base point plus a step at each
// change: up above the base, down below it. The base is the middle point, so that
// what the neurons add up stays small.
func Staircase(points []Point) (base Point, steps []step) {
	return staircaseFrom(points, len(points)/2)
}

func staircaseFrom(points []Point, at int) (base Point, steps []step) {
	for i := 1; i < len(points); i++ {
		if points[i].F != points[i-1].F {
			steps = append(steps, step{points[i-1], points[i], i <= at})
		}
	}
	return points[at], steps
}

// Tells reports that f depends on the numbers y alone, both by state, and that float32 can
// tell apart those that f does.
func (l *Demands) Tells(y, f []float64) bool {
	return facts.FunctionOf(f, y) && separable(l.Points(y, f))
}

func separable(points []Point) bool {
	return !Changes(points) || construct.Separable(LeastGap(points), max(-points[0].Y, points[len(points)-1].Y))
}

// Steps offers a function of a scalar, given at the points where the number can be, by its
// staircase: two neurons a step. nil if the numbers are too large for the gaps between them.
func (l *Demands) Steps(a Scalar, f []float64) *Offer {
	points := l.Points(a.Y, f)
	if len(points) == 0 || !Changes(points) {
		x := 0.0
		if len(points) > 0 {
			x = points[0].F
		}
		return ConstantOffer(x)
	}
	if !separable(points) {
		return nil
	}
	t := plan.NextMLP(a.When)
	if values := l.OneHotOver(a.Y, f); values != nil {
		return OneHot(t, values, func(x float64) *Offer {
			return l.Steps(a, facts.FunctionThat(f, x))
		})
	}
	at := len(points) / 2
	if a.Uneven {
		at = 0
	}
	if l.Robust {
		at = zeroOf(points, at)
	}
	base, steps := staircaseFrom(points, at)
	return &Offer{When: t, Cost: Cost{Neurons: 2 * len(steps), Columns: 1}, Make: func() plan.Form {
		c := l.NewColumn(t, a.Label)
		c.Zeros = l.Robust && base.F == 0 && zerosTogether(points)
		for _, r := range steps {
			c.Holds(r.Low.F - base.F)
			c.Holds(r.High.F - base.F)
		}
		in, gap := a.Form(), LeastRise(steps)
		for _, r := range steps {
			if a.Uneven {
				gap = r.High.Y - r.Low.Y
			}
			l.AddStep(t/2, a.Ramp(l.Policy, in, r, gap), plan.Form{}).Write(c, r.delta())
		}
		return linear.Of(c).Plus(plan.Constant(base.F))
	}}
}

// ramp is the neurons' input at a step: below 0 before it, above 1 after.
type ramp struct {
	in     plan.Form
	Reach  float64 // what the input can grow to
	margin float64 // how far it may be off; 0: what it is off shows in the step
	Label  model.Label
}

// Plain is the function itself as a column, without a constant beside it: what it is at the
// base is brought by a neuron that is open wherever a token is.
func (l *Demands) Plain(a Scalar, f []float64, label model.Label) *Offer {
	points := l.Points(a.Y, f)
	base, steps := Staircase(points)
	t := plan.NextMLP(a.When)
	return &Offer{When: t, Cost: Cost{Neurons: 2*len(steps) + 1, Columns: 1}, Make: func() plan.Form {
		c := l.NewColumn(t, label)
		for _, p := range points {
			c.Holds(p.F)
		}
		if base.F != 0 {
			l.Neuron(t/2, plan.Constant(1), false, model.Label{What: "there is a token"}).Write(c, base.F)
		}
		in, gap := a.Form(), LeastRise(steps)
		for _, r := range steps {
			l.AddStep(t/2, a.Ramp(l.Policy, in, r, gap), plan.Form{}).Write(c, r.delta())
		}
		return linear.Of(c)
	}}
}

// Ramp goes up between two neighbouring values. Exact numbers rise
// within one unit from the lower one, so that neighbouring steps share neurons;
// others, and all if the policy wants that, rise in the middle, as steeply as the least gap of the
// staircase demands.
func (a Scalar) Ramp(p Policy, in plan.Form, r step, gap float64) ramp {
	low, high := r.Low.Y, r.High.Y
	s := ramp{Label: a.Label}
	s.Label.What = fmt.Sprintf("%s%s above %.6g", a.Label.What, a.As, (low+high)/2)
	if r.Down {
		s.Label.What = fmt.Sprintf("%s%s below %.6g", a.Label.What, a.As, (low+high)/2)
		low, high, in = -high, -low, in.Times(-1)
	}
	ramp := construct.Ramp{Slope: 1 / a.Unit, At: low / a.Unit}
	if a.Unit == 0 || p.Centred {
		grid := max(a.Grid, gridOf(in))
		if grid > 0 { // the columns are on it, a constant beside them need not be
			low, high, in = low-in.Constant, high-in.Constant, in.Plus(plan.Constant(-in.Constant))
		}
		if ramp = construct.Step(low, high, gap, grid); p.Robust {
			ramp = construct.Middle(low, high)
		}
		s.margin = ramp.Slope * ramp.Margin(low, high)
	}
	s.in = in.Times(ramp.Slope).Plus(plan.Constant(-ramp.At))
	s.Reach = ramp.Slope
	return s
}

// stepPair is the two neurons of a step.
type stepPair [2]*plan.Neuron

// AddStep adds the neurons of a step to a layer; gates is added to their input
// to keep them closed.
func (l *Demands) AddStep(layer int, s ramp, gates plan.Form) stepPair {
	var p stepPair
	for i := range p {
		p[i] = l.Neuron(layer, s.in.Plus(plan.Constant(-float64(i))).Plus(gates), s.margin > 0, s.Label)
		if p[i].Margin == 0 || s.margin < p[i].Margin {
			p[i].Margin = s.margin
		}
	}
	return p
}

func (p stepPair) Write(c *plan.Column, delta float64) {
	p[0].Write(c, delta)
	p[1].Write(c, -delta)
}

// gridOf is the grid of a form over rounded columns, 0 if it has none.
func gridOf(f plan.Form) float64 {
	grid := 0.0
	for _, t := range f.Terms {
		if t.Of.Grid == 0 {
			return 0
		}
		if grid == 0 || t.Of.Grid < grid {
			grid = t.Of.Grid
		}
	}
	return grid
}

// Clean sorts points, and drops those that never matter.
func Clean(points []Point) []Point {
	points = slices.DeleteFunc(points, func(p Point) bool { return math.IsNaN(p.F) || math.IsNaN(p.Y) })
	slices.SortFunc(points, func(p, q Point) int {
		switch {
		case p.Y < q.Y:
			return -1
		case p.Y > q.Y:
			return 1
		}
		return 0
	})
	return slices.CompactFunc(points, func(p, q Point) bool { return p.Y == q.Y })
}

// PointsOf pairs numbers with the values of a function.
func PointsOf(y, f []float64) []Point {
	points := make([]Point, len(f))
	for s := range f {
		points[s] = Point{y[s], f[s]}
	}
	return points
}

// LeastGap is the least distance between neighbouring points at which the
// function differs, infinite for a constant.
func LeastGap(points []Point) float64 {
	gap := math.Inf(1)
	for i := 1; i < len(points); i++ {
		if points[i].F != points[i-1].F {
			gap = min(gap, points[i].Y-points[i-1].Y)
		}
	}
	return gap
}

func Changes(points []Point) bool {
	return slices.ContainsFunc(points, func(p Point) bool { return p.F != points[0].F })
}
