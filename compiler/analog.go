package compiler

import (
	"rasp/compiler/linear"

	"fmt"
	"math"
	"slices"

	"rasp/compiler/construct"
	"rasp/runtime/model"
)

// analog is a number that a neuron can read before it has been decoded.
type analog struct {
	when int
	form func() form
	// unit: the number is an exact multiple of it; 0 for a number that carries
	// an error and needs steps with a margin.
	unit float64
	// grid: it is a multiple of that, off by an error or not; 0 if not known.
	grid  float64
	label model.Label
	y     []float64 // the number by state of what it is read for
}

// point is a value of an analog number, and what a function is there.
type point struct{ y, f float64 }

// rung is a change of a function between two neighbouring points.
type rung struct {
	low, high point
	// down: the step is 1 below the change and 0 above.
	down bool
}

// leastRise is the least gap between the points of a rung.
func leastRise(rungs []rung) float64 {
	gap := math.Inf(1)
	for _, r := range rungs {
		gap = min(gap, r.high.y-r.low.y)
	}
	return gap
}

// delta is what the step adds where it is 1.
func (r rung) delta() float64 {
	if r.down {
		return r.low.f - r.high.f
	}
	return r.high.f - r.low.f
}

// ladder writes a function as its value at a base point plus a step at each
// change: up above the base, down below it. The base is the middle point, so that
// what the neurons add up stays small.
func ladder(points []point) (base point, rungs []rung) {
	at := len(points) / 2
	for i := 1; i < len(points); i++ {
		if points[i].f != points[i-1].f {
			rungs = append(rungs, rung{points[i-1], points[i], i <= at})
		}
	}
	return points[at], rungs
}

// steps reads a function of an analog number, given at the points where the
// number can be, by its ladder: two neurons a step.
func (l *demands) steps(a analog, f []float64) *offer {
	points := clean(pointsOf(a.y, f))
	if len(points) == 0 || !changes(points) {
		x := 0.0
		if len(points) > 0 {
			x = points[0].f
		}
		return constantOffer(x)
	}
	t := nextMLP(a.when)
	if values := l.spelling(a.y, f); values != nil {
		return spelled(t, values, func(x float64) *offer {
			return l.steps(a, functionThat(f, x))
		})
	}
	base, rungs := ladder(points)
	return &offer{when: t, cost: cost{neurons: 2 * len(rungs), columns: 1}, make: func() form {
		c := l.newColumn(t, a.label)
		for _, p := range points {
			c.holds(p.f - base.f)
		}
		in, gap := a.form(), leastRise(rungs)
		for _, r := range rungs {
			l.addStep(t/2, a.step(l.robust, in, r, gap), form{}).write(c, r.delta())
		}
		return linear.Of(c).Plus(constantForm(base.f))
	}}
}

// step is the neurons' input at a change: below 0 before it, above 1 after.
type step struct {
	in     form
	reach  float64 // what the input can grow to
	margin float64 // how far it may be off; 0: what it is off shows in the step
	label  model.Label
}

// step chooses the ramp between two neighbouring values. Exact numbers rise
// within one unit from the lower one, so that neighbouring steps share neurons;
// others, and all if robust, rise in the middle, as steeply as the least gap of the
// ladder demands.
func (a analog) step(robust bool, in form, r rung, gap float64) step {
	low, high := r.low.y, r.high.y
	s := step{label: a.label}
	s.label.What = fmt.Sprintf("%s above %.6g", a.label.What, (low+high)/2)
	if r.down {
		s.label.What = fmt.Sprintf("%s below %.6g", a.label.What, (low+high)/2)
		low, high, in = -high, -low, in.Times(-1)
	}
	ramp := construct.Ramp{Slope: 1 / a.unit, At: low / a.unit}
	if a.unit == 0 || robust {
		ramp = construct.Step(low, high, gap, max(a.grid, gridOf(in)))
		s.margin = ramp.Slope * ramp.Margin(low, high)
	}
	s.in = in.Times(ramp.Slope).Plus(constantForm(-ramp.At))
	s.reach = ramp.Slope
	return s
}

// stepPair is the two neurons of a step.
type stepPair [2]*neuron

// addStep adds the neurons of a step to a layer; gates is added to their input
// to keep them closed.
func (l *demands) addStep(layer int, s step, gates form) stepPair {
	var p stepPair
	for i := range p {
		p[i] = l.neuron(layer, s.in.Plus(constantForm(-float64(i))).Plus(gates), s.margin > 0, s.label)
		if p[i].margin == 0 || s.margin < p[i].margin {
			p[i].margin = s.margin
		}
	}
	return p
}

func (p stepPair) write(c *column, delta float64) {
	p[0].write(c, delta)
	p[1].write(c, -delta)
}

// gridOf is the grid of a form over rounded columns, 0 if it has none.
func gridOf(f form) float64 {
	grid := 0.0
	for _, t := range f.Terms {
		if t.Of.grid == 0 {
			return 0
		}
		if grid == 0 || t.Of.grid < grid {
			grid = t.Of.grid
		}
	}
	return grid
}

// clean sorts points, and drops those that never matter.
func clean(points []point) []point {
	points = slices.DeleteFunc(points, func(p point) bool { return math.IsNaN(p.f) || math.IsNaN(p.y) })
	slices.SortFunc(points, func(p, q point) int {
		switch {
		case p.y < q.y:
			return -1
		case p.y > q.y:
			return 1
		}
		return 0
	})
	return slices.CompactFunc(points, func(p, q point) bool { return p.y == q.y })
}

// pointsOf pairs numbers with the values of a function.
func pointsOf(y, f []float64) []point {
	points := make([]point, len(f))
	for s := range f {
		points[s] = point{y[s], f[s]}
	}
	return points
}

// leastGap is the least distance between neighbouring points at which the
// function differs, infinite for a constant.
func leastGap(points []point) float64 {
	gap := math.Inf(1)
	for i := 1; i < len(points); i++ {
		if points[i].f != points[i-1].f {
			gap = min(gap, points[i].y-points[i-1].y)
		}
	}
	return gap
}

func changes(points []point) bool {
	return slices.ContainsFunc(points, func(p point) bool { return p.f != points[0].f })
}
