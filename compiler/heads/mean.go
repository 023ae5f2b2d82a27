package heads

import (
	"math"

	"rasp/compiler/construct"
	"rasp/compiler/demand"
	"rasp/compiler/facts"
	"rasp/compiler/linear"
	"rasp/compiler/plan"
	"rasp/lang/diag"
	"rasp/lang/graph"
	"rasp/lang/value"
)

// The mean itself, a fraction, as it comes out of a head:
//
//	z = (sum of v_j over the w selected keys) / w, the default at BOS where w = 0
//
// Exact up to construct.MeanError, which the certificate compares with what reads it.

// MeanItself reads the mean up to scale and shift, unless it is an int: that is read
// exactly.
func (l *Attention) MeanItself(v *facts.Variable, g []float64) *demand.Offer {
	if _, _, itself := facts.Affine(g, v.Numbers()); !itself || l.All(v.Node, facts.IsInteger) || l.wholeOnly(v, g) {
		return nil
	}
	return l.Thresholds(v, g)
}

// tooLarge says why a mean cannot be computed.
func tooLarge(n *graph.Node, lo, hi float64) *diag.Diagnostic {
	x := value.OfFloat(max(-lo, hi, math.Abs(n.Value.Float64())))
	if math.IsNaN(x.Float64()) || math.IsInf(x.Float64(), 0) {
		return diag.Errorf(n.Span, diag.Limit, "%s averages %s, or has it as its default: a model computes with numbers up to 2^100", graph.Describe(n), x).
			WithHint("values that are not averaged can be inf or nan")
	}
	return diag.Errorf(n.Span, diag.Limit, "%s averages numbers as large as %s: a model computes with numbers up to 2^100", graph.Describe(n), x).
		WithHint("values that are not averaged can be of any size")
}

// tooSmall says why a mean cannot be computed: float32 has less than all digits of what is
// below 2^-126.
func tooSmall(n *graph.Node, size float64) *diag.Diagnostic {
	return diag.Errorf(n.Span, diag.Limit, "%s averages numbers no larger than %g: a model computes with numbers from 2^-126", graph.Describe(n), size).
		WithHint("values that are not averaged can be of any size")
}

// meanColumn is the output of the head that averages the values of n over part
// p: a number between the least and the largest value, the default where
// nothing is selected. grid > 0 rounds it, for thresholds.
func (l *Attention) meanColumn(n *graph.Node, p *facts.Conjunct, grid float64) demand.Scalar {
	lo, hi := l.Between(n.Args[1])
	switch size := max(-lo, hi, math.Abs(n.Value.Float64())); {
	case !(size <= construct.LargestNumber):
		return demand.Scalar{When: demand.NotAtAll, Form: func() plan.Form { return l.Fail(tooLarge(n, lo, hi)) }}
	case 0 < size && size < construct.LeastNormal:
		return demand.Scalar{When: demand.NotAtAll, Form: func() plan.Form { return l.Fail(tooSmall(n, size)) }}
	}
	values, fallback := l.averaged(n.Args[1]), n.Value.Float64()
	t := l.HeadWhen(p, values.When, l.MeanSink())
	label := demand.LabelOf(n, "mean "+graph.Describe(n))
	return demand.Scalar{When: t, Label: label, Form: func() plan.Form {
		h, value := l.Head(p, t, l.MeanSink(), n), l.OnTokens(values.Get())
		key := demand.BroughtKey{Head: h, What: plan.Key(value) + facts.FunctionKey([]float64{grid, fallback})}
		c := l.Moved[key]
		if c == nil {
			c = l.NewColumn(t, label)
			c.Bos = fallback
			if grid > 0 {
				l.Round(c, grid, l.Size(n.Args[1])+math.Abs(fallback))
			}
			h.Bring(plan.Value{Kind: plan.Averages, Value: value, Bos: fallback, Out: c, For: n.ID})
			l.Moved[key] = c
		}
		return linear.Of(c)
	}}
}

// averaged reads the values under a mean.
func (l *Attention) averaged(n *graph.Node) *demand.Offer {
	if r := l.Table(n); l.Robust && !r.Unbounded && l.Source(n) != nil {
		return l.AsHeadsRead(l.Source(n), l.Numbers(n))
	}
	return l.Scalar(n)
}
