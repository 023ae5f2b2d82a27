package heads

import (
	"math"

	"rasp/compiler/construct"
	"rasp/compiler/demand"
	"rasp/compiler/facts"
	"rasp/lang/elementary"
)

// Number is what a variable can be read as before it is decoded, nil if there is none
// that tells what f tells apart. Shares are decoded first: among other inputs of a table they
// would take a neuron for each number and each state of these.
func (l *Attention) Number(v *facts.Variable, f []float64) *demand.Scalar {
	if s := l.Brought(v, f); s != nil && !s.Uneven && !l.Robust {
		return s
	}
	return nil
}

// Brought is what heads bring of a variable, be it a share; nil if f needs more of it.
func (l *Attention) Brought(v *facts.Variable, f []float64) *demand.Scalar {
	switch v.Source {
	case facts.Length:
		w := l.width(nil, l.FullSelection())
		return w.Scalar(w.Numbers[1:])
	case facts.Width:
		w := l.width(v.Node, l.Selection(v.Node.Args[0], nil))
		return w.Scalar(w.Numbers)
	case facts.Whole:
		if c := l.wholeNumber(v); c != nil && l.Tells(c.Numbers, f) {
			return c.Scalar(c.Numbers)
		}
	case facts.Computed:
		if lin := v.Linear; lin != nil {
			if c := l.LinearNumber(v, lin); c.Scalar(nil).Unit > 0 && l.Tells(c.Numbers, f) {
				return c.Scalar(c.Numbers)
			}
		}
		return l.Undecoded(v, f)
	case facts.Mean:
		if w := widthsOf(v); l.Tells(w, f) {
			return l.width(v.Node, l.Selection(v.Node.Args[0], nil)).Scalar(w)
		}
		if s := l.sum(v); s != nil && l.Tells(s.Numbers, f) {
			return s.Scalar(s.Numbers)
		}
		if m := l.meanNumber(v, f); m != nil {
			return m
		}
		if m := l.Moments(v); m != nil && l.Tells(m.Numbers, f) {
			return m.Scalar(m.Numbers)
		}
	}
	return nil
}

// widthsOf is the width of the row, by state of a mean.
func widthsOf(v *facts.Variable) []float64 {
	w := make([]float64, v.Size)
	for s := range w {
		w[s] = float64(v.Sums[s].Width)
	}
	return w
}

// meanNumber is the value of a mean, if f depends on nothing else.
func (l *Attention) meanNumber(v *facts.Variable, f []float64) *demand.Scalar {
	n := v.Node
	sel := l.Selection(n.Args[0], nil)
	if len(sel.Parts) != 1 || !n.Value.IsNumber() {
		return nil
	}
	y := v.Numbers()
	if !l.Tells(y, f) {
		return nil
	}
	gap := demand.LeastGap(l.Points(y, f))
	if math.IsInf(gap, 1) || gap < l.resolution(v) {
		return nil
	}
	a := l.meanColumn(n, sel.Parts[0], construct.Grid(gap))
	a.Y = y
	return &a
}

// resolution is the distance below which means surely cannot be told apart by the
// output of a head: how far float32 may be off at either end.
func (l *Attention) resolution(v *facts.Variable) float64 {
	roundings := 3.0
	if v.Per == 0 || v.Per != math.Exp2(math.Round(elementary.Log2(v.Per))) {
		roundings = float64(l.Domain.Length + 4)
	}
	return 4 * roundings * construct.Ulp * l.Size(v.Node.Args[1])
}
