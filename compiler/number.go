package compiler

import (
	"math"

	"rasp/compiler/construct"
)

// number is what a variable can be read as before it is decoded, nil if there is none
// that tells what f tells apart.
func (l *attention) number(v *variable, f []float64) *analog {
	switch v.kind {
	case lengthVariable:
		w := l.width(l.fullSelection())
		return w.analog(w.numbers[1:])
	case widthVariable:
		w := l.width(l.selection(v.node.Args[0], nil))
		return w.analog(w.numbers)
	case computedVariable:
		if lin := v.linear; lin != nil {
			if c := l.combination(v, lin); c.analog(nil).unit > 0 && functionOf(f, c.numbers) {
				return c.analog(c.numbers)
			}
		}
		return l.undecoded(v, f)
	case meanVariable:
		if w := widthsOf(v); functionOf(f, w) {
			return l.width(l.selection(v.node.Args[0], nil)).analog(w)
		}
		if s := l.sum(v); s != nil && functionOf(f, s.numbers) {
			return s.analog(s.numbers)
		}
		if m := l.meanNumber(v, f); m != nil {
			return m
		}
		if m := l.moments(v); m != nil && functionOf(f, m.numbers) {
			return m.analog(m.numbers)
		}
	}
	return nil
}

// widthsOf is the width of the row, by state of a mean.
func widthsOf(v *variable) []float64 {
	w := make([]float64, v.size)
	for s := range w {
		w[s] = float64(v.sums[s].width)
	}
	return w
}

// meanNumber is the value of a mean, if f depends on nothing else.
func (l *attention) meanNumber(v *variable, f []float64) *analog {
	n := v.node
	sel := l.selection(n.Args[0], nil)
	if len(sel.parts) != 1 || !n.Value.IsNumber() {
		return nil
	}
	y := v.numbers()
	if !functionOf(f, y) {
		return nil
	}
	gap := leastGap(clean(pointsOf(y, f)))
	if math.IsInf(gap, 1) || gap < l.resolution(v) {
		return nil
	}
	a := l.meanColumn(n, sel.parts[0], construct.Grid(gap))
	a.y = y
	return &a
}

// resolution is the distance below which means surely cannot be told apart by the
// output of a head: how far float32 may be off at either end.
func (l *attention) resolution(v *variable) float64 {
	roundings := 3.0
	if v.per == 0 || v.per != math.Exp2(math.Round(math.Log2(v.per))) {
		roundings = float64(l.domain.Length + 4)
	}
	return 4 * roundings * construct.Ulp * l.size(v.node.Args[1])
}
