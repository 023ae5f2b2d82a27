package neurons

import (
	"fmt"
	"math"
	"math/bits"
	"slices"

	"rasp/compiler/construct"
	"rasp/compiler/demand"
	"rasp/compiler/facts"
	"rasp/compiler/linear"
	"rasp/compiler/plan"
	"rasp/lang/graph"
)

// Quotient offers a fraction of whole numbers by neurons for each value of its divisor, see
// construct.QuotientError.
func (l *MLP) Quotient(n *graph.Node) *demand.Offer {
	if known := l.quotients[n]; known != nil {
		return known
	}
	q := l.Quotients[n]
	var terms []*demand.Offer
	t := 0
	for _, x := range q.Terms {
		o := demand.ConstantOffer(1)
		if x.Of != nil {
			o = l.Scalar(x.Of)
		}
		terms, t = append(terms, o), max(t, o.When)
	}
	s := l.switchesOf(q.Divisor)
	t = plan.NextMLP(max(t, s.when))
	o := &demand.Offer{When: t, Cost: demand.Cost{Neurons: 2 * len(s.values), Columns: 1}, Make: func() plan.Form {
		var forms []plan.Form
		for _, o := range terms {
			forms = append(forms, o.Get())
		}
		return l.divide(n, forms, s, t)
	}}
	l.quotients[n] = o
	return o
}

// divide emits the neurons; forms are what the terms are multiplied by.
func (l *MLP) divide(n *graph.Node, forms []plan.Form, s *switches, t int) plan.Form {
	q := l.Quotients[n]
	var c *plan.Column // of what is 0 there is none
	l.choices++
	for _, k := range s.values {
		in, lo, hi := plan.Form{}, 0.0, 0.0
		for i, x := range q.Terms {
			factor := x.Factor * construct.Power(k, x.Power)
			in = in.Plus(forms[i].Times(factor))
			a, b := 1.0, 1.0
			if x.Of != nil {
				a, b = l.Between(x.Of)
			}
			lo, hi = lo+min(factor*a, factor*b), hi+max(factor*a, factor*b)
		}
		add := func(sign, size float64) {
			if c == nil {
				c = l.NewColumn(t, demand.LabelOf(n, graph.Describe(n)))
				c.Low, c.High = min(0, q.Lo), max(0, q.Hi)
			}
			gates := s.gates(k).Times(-construct.GateSize(size))
			label := demand.LabelOf(n, fmt.Sprintf("%s where %s is %g", graph.Describe(n), graph.Describe(q.Divisor), k))
			x := l.Neuron(t/2, in.Times(sign).Plus(gates), false, label)
			x.Gates, x.Choice = gates, l.choices
			x.Write(c, sign/(q.Scale*construct.Power(k, q.Degree)))
		}
		if q.Hi > 0 && hi > 0 {
			add(1, hi)
		}
		if q.Lo < 0 && lo < 0 {
			add(-1, -lo)
		}
	}
	if c == nil {
		return plan.Form{}
	}
	return linear.Of(c)
}

// switches are columns that are 1 where a bit of a whole number is not as it should be.
type switches struct {
	when    int
	values  []float64
	columns map[bit]func() *plan.Column
}

type bit struct {
	place int
	is    bool
}

// switchesOf are those for each bit that not all values of an s-op have alike.
func (l *MLP) switchesOf(n *graph.Node) *switches {
	if known := l.switched[n]; known != nil {
		return known
	}
	s := &switches{columns: map[bit]func() *plan.Column{}}
	l.switched[n] = s
	for _, v := range l.Table(n).Values {
		s.values = append(s.values, v.Float64())
	}
	slices.Sort(s.values)
	s.values = slices.Compact(s.values)
	for b := range bits.Len64(uint64(s.values[len(s.values)-1])) {
		for _, is := range []bool{false, true} {
			isOff := func(k float64) bool { return construct.Mismatched(k, b, is) }
			if !slices.ContainsFunc(s.values, isOff) || !slices.ContainsFunc(s.values, func(k float64) bool { return !isOff(k) }) {
				continue
			}
			when, column := l.switchOf(n, isOff, fmt.Sprintf("bit %d of %s is not %d", b, graph.Describe(n), int(facts.Indicate(is))))
			s.when, s.columns[bit{b, is}] = max(s.when, when), column
		}
	}
	return s
}

// gates adds up the switches that are 0, all of them, where the number is k.
func (s *switches) gates(k float64) (f plan.Form) {
	for b := range bits.Len64(uint64(s.values[len(s.values)-1])) {
		if column := s.columns[bit{b, !construct.Mismatched(k, b, true)}]; column != nil {
			f = f.Plus(linear.Of(column()))
		}
	}
	return f
}

// switchOf is a column that is 1 where isOff holds of a number, and 0 where not, with
// nothing beside it: what it is multiplied by must not be added and taken away again.
func (l *MLP) switchOf(n *graph.Node, isOff func(float64) bool, what string) (when int, column func() *plan.Column) {
	v := l.Source(n)
	f := slices.Clone(l.Numbers(n))
	for s, x := range f {
		if !math.IsNaN(x) {
			f[s] = facts.Indicate(isOff(x))
		}
	}
	var c *plan.Column
	if v.Source == facts.Token || v.Source == facts.Position {
		return 0, func() *plan.Column {
			if c == nil {
				c = l.Embedded(v, f).Make().Terms[0].Of
			}
			return c
		}
	}
	o := l.Plain(*l.Brought(v, f), f, demand.LabelOf(n, what))
	return o.When, func() *plan.Column { return o.Get().Terms[0].Of }
}
