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
// are closed by hinges. Scores are not: where the residual stream is rotated, what is large there
// blurs what is 0.

type hingeKey struct {
	variable *facts.Variable
	broken   string
}

// Hinge offers a number that is 0 where broken is, a function of v that is 0 or 1, and 1 or more
// where that is 1; nil if v is not there as a number, or is not whole between two ends.
func (l *Demands) Hinge(v *facts.Variable, broken []float64) *Offer {
	if !l.Robust || v == nil {
		return nil
	}
	key := hingeKey{v, facts.FunctionKey(broken)}
	o, known := l.hinges[key]
	if !known {
		o = l.hinge(v, broken)
		l.hinges[key] = o
	}
	return o
}

func (l *Demands) hinge(v *facts.Variable, broken []float64) *Offer {
	if isCoded(v) {
		return nil
	}
	s := l.Undecoded(v, broken)
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
			n := l.Neuron(t/2, ramp.in, true, ramp.Label)
			n.Margin, n.Hinge = ramp.margin, true
			n.Write(c, 1)
			for _, p := range points {
				c.Holds(math.Max(0, r.beyond(p.Y, ramp)))
			}
			for state, y := range s.Y {
				if broken[state] == 1 { // NaN stays
					holds[state] += math.Max(0, r.beyond(y, ramp))
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

// beyond is the input of the first neuron of a step at y.
func (r step) beyond(y float64, s ramp) float64 {
	low, high := r.Low.Y, r.High.Y
	if r.Down {
		low, high, y = -high, -low, -y
	}
	return float64((y-(low+high)/2)*s.Reach) + 0.5
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
	s := l.Undecoded(v, member)
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
