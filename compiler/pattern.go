package compiler

import (
	"rasp/compiler/construct"
)

func (l *demands) sideWhen(s side, f []float64) int {
	if s.variable == nil {
		return 0
	}
	return l.when(s.variable, s.spread(f))
}

func (l *demands) sideRead(s side, f []float64) form {
	if s.variable == nil {
		return constantForm(f[0])
	}
	return l.read(s.variable, s.spread(f))
}

// pattern is the QK circuit of a condition and the time at which its codes are
// there. alone says that it is the only condition of a head that brings a value.
func (l *demands) pattern(c *condition, alone bool) *timedPattern {
	key := patternKey{c, alone}
	p := l.patterns[key]
	if p == nil {
		p = l.choosePattern(c, alone)
		l.patterns[key] = p
	}
	return p
}

type patternKey struct {
	condition *condition
	alone     bool
}

type timedPattern struct {
	construct.Pattern
	when int
}

// choosePattern takes the pattern whose codes are there first, then the one with
// the fewest dimensions. The bits of a number that steps between fractions tell apart
// carry the rounding of as many steps as they change; what is 1 for one kind and 0
// for all others, that of two.
func (l *demands) choosePattern(c *condition, alone bool) *timedPattern {
	table := construct.Table(c.allowed)
	candidates := []construct.Pattern{construct.KeyOneHot(table), construct.QueryOneHot(table)}
	if query, key, count, ok := construct.Matching(table); ok && !l.oneHot {
		candidates = append(candidates, construct.Bits(query, key, count))
		if count <= 64 && l.parabola {
			candidates = append(candidates, construct.Parabola(floats(query), floats(key), false))
		}
	}
	if query, key, ok := l.equalIntegers(c); ok && !l.oneHot {
		if l.parabola {
			candidates = append(candidates, construct.Parabola(query, key, false))
		}
		if alone && l.alwaysMet(c) {
			candidates = append(candidates, construct.Parabola(query, key, true))
		}
	}
	var best *timedPattern
	for _, p := range candidates {
		t := 0
		for _, d := range p.Dims {
			t = max(t, l.sideWhen(c.query, d.Query), l.sideWhen(c.key, d.Key))
		}
		if best == nil || t < best.when || t == best.when && len(p.Dims) < len(best.Dims) {
			best = &timedPattern{p, t}
		}
	}
	return best
}

func floats(ints []int) []float64 {
	f := make([]float64, len(ints))
	for i, x := range ints {
		f[i] = float64(x)
	}
	return f
}
