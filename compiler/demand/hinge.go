package demand

import (
	"cmp"
	"math"
	"slices"

	"rasp/compiler/facts"
	"rasp/compiler/linear"
	"rasp/compiler/plan"
)

// Of a condition it is often enough to know whether it is broken. A hinge is 0 where a number y
// is within some ends, and grows beyond them:
//
//	relu(k y - k (high + gap/4)) + relu(k (low - gap/4) - k y),   k = 2/gap
//
// is 3/2 at the next values that y can have, or more, and still 0 or at least 1 if y is off by a
// quarter of the gap. A step would need two neurons on either side, of which each has an input
// many times larger than 1, so that what weights are off does not cancel. Neurons and read-outs
// are closed by hinges, and so are scores, by such as end at 3: where the residual stream is
// rotated, what is large there blurs what is 0.

type hingeKey struct {
	variable *facts.Variable
	broken   string
	capped   bool
}

// hingeCap is where a hinge for scores ends: high enough for two neurons with large inputs to be
// off by more than 1.
const hingeCap = 3

// Hinge offers a number that is 0 where broken is, a function of v that is 0 or 1, and 1 or more
// where that is 1; nil if v is not there as a number, or is not whole between two ends.
func (l *Demands) Hinge(v *facts.Variable, broken []float64) *Offer {
	return l.hingeTo(v, broken, false)
}

func (l *Demands) hingeTo(v *facts.Variable, broken []float64, capped bool) *Offer {
	if !l.Robust || v == nil {
		return nil
	}
	key := hingeKey{v, facts.FunctionKey(broken), capped}
	o, known := l.hinges[key]
	if !known {
		o = l.hinge(v, broken, capped)
		l.hinges[key] = o
	}
	return o
}

func (l *Demands) hinge(v *facts.Variable, broken []float64, capped bool) *Offer {
	if isCoded(v) {
		return nil
	}
	s := l.BroughtOf(v, broken)
	if s == nil {
		return nil
	}
	points := Clean(PointsOf(s.Y, broken))
	if len(points) == 0 || !separable(points) || !zerosTogether(points) {
		return nil
	}
	t := plan.NextMLP(s.When)
	_, steps := staircaseFrom(points, zeroOf(points, 0))
	return &Offer{When: t, Cost: Cost{Neurons: len(steps), Columns: 1}, Make: func() plan.Form {
		c := l.NewColumn(t, l.Label(v, broken))
		c.Zeros, c.Hinge = true, true
		c.Holds(0)
		form, holds := s.Form(), slices.Clone(broken)
		for _, r := range steps {
			ramp := s.Ramp(l.Policy, form, r, r.High.Y-r.Low.Y)
			l.hingeNeuron(t/2, ramp, 0).Write(c, 1)
			most := math.Inf(1)
			if capped {
				l.hingeNeuron(t/2, ramp, hingeCap).Write(c, -1)
				most = hingeCap
			}
			for _, p := range points {
				c.Holds(min(max(0, r.beyond(p.Y, ramp)), most))
			}
			for state, y := range s.Y {
				if broken[state] == 1 { // NaN stays
					holds[state] += min(max(0, r.beyond(y, ramp)), most)
				}
			}
		}
		for state, x := range broken {
			holds[state] -= x // which it began with
		}
		l.NoteForm(v, holds, linear.Of(c))
		return linear.Of(c)
	}}
}

// hingeNeuron is open from where a hinge is at.
func (l *Demands) hingeNeuron(layer int, s ramp, at float64) *plan.Neuron {
	in := s.in.Plus(plan.Constant(-at))
	n := l.neuron(neuronKey{layer: layer, in: plan.Key(in), margin: true, hinge: true}, in, s.Label)
	n.Margin, n.Hinge = s.margin, true
	return n
}

// beyond is the input of the first neuron of a step at y.
func (r step) beyond(y float64, s ramp) float64 {
	low, high := r.Low.Y, r.High.Y
	if r.Down {
		low, high, y = -high, -low, -y
	}
	return float64((y-float64((low+high)/2))*s.Reach) + 0.5
}

// AsScored is an offer of a function of v as a score adds it up: where it is 0 or one other
// number, it may be more of that.
func (l *Demands) AsScored(v *facts.Variable, f []float64) *Offer {
	if x, broken, ok := ofOneKind(f); ok {
		if o := l.hingeTo(v, broken, true); o != nil {
			return o.times(x)
		}
		if o := l.cleanedTwice(v, broken); o != nil {
			return o.times(x)
		}
	}
	return l.AsHeadsRead(v, f)
}

func (o *Offer) times(x float64) *Offer {
	return &Offer{When: o.When, Make: func() plan.Form { return o.Get().Times(x) }}
}

// ofOneKind is the number that a function is where it is not 0, and where that is; false if it
// has several.
func ofOneKind(f []float64) (x float64, where []float64, ok bool) {
	for _, y := range f {
		switch {
		case math.IsNaN(y) || y == 0:
		case x != 0 && x != y:
			return 0, nil, false
		default:
			x = y
		}
	}
	if x == 0 {
		return 0, nil, false
	}
	where = make([]float64, len(f))
	for s, y := range f {
		switch {
		case math.IsNaN(y):
			where[s] = y
		case y == x:
			where[s] = 1
		}
	}
	return x, where, true
}

// Broken is an offer of a number that is 0 where broken is and 1 or more where that is 1, at the
// time when: a hinge, if it is there, or that function itself.
func (l *Demands) Broken(v *facts.Variable, broken []float64, when int) *Offer {
	if o := l.Hinge(v, broken); o != nil && o.When <= when {
		return o
	}
	return l.Later(v, broken)
}

// Runs are the states of v at which a function is 1, in the order of its number: those between
// which it is not 0 stand together. nil if v is not there as a number.
func (l *Demands) Runs(v *facts.Variable, member []float64) (runs [][]int) {
	if v == nil || isCoded(v) {
		return nil
	}
	s := l.BroughtOf(v, member)
	if s == nil {
		return nil
	}
	var order []int
	for state, x := range member {
		if !math.IsNaN(x) && !math.IsNaN(s.Y[state]) {
			order = append(order, state)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(s.Y[a], s.Y[b]) })
	for i, state := range order {
		if member[state] == 0 {
			continue
		}
		if i == 0 || member[order[i-1]] == 0 {
			runs = append(runs, nil)
		}
		runs[len(runs)-1] = append(runs[len(runs)-1], state)
	}
	for _, run := range runs {
		slices.Sort(run)
	}
	return runs
}

// isCoded reports that functions of v are there as they are, not as steps of a number.
func isCoded(v *facts.Variable) bool {
	switch v.Source {
	case facts.Token, facts.Position, facts.Fetched, facts.Any, facts.Row:
		return true
	}
	return false
}
