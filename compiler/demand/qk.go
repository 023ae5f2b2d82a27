package demand

import (
	"math"
	"slices"

	"rasp/compiler/construct"
	"rasp/compiler/facts"
	"rasp/compiler/plan"
)

func (l *Demands) sideWhen(s facts.Side, f []float64) int {
	if s.Variable == nil {
		return 0
	}
	return l.AsScored(s.Variable, s.Spread(f)).When
}

func (l *Demands) sideRead(s facts.Side, f []float64) plan.Form {
	if s.Variable == nil {
		return plan.Constant(f[0])
	}
	return l.AsScored(s.Variable, s.Spread(f)).Get()
}

// pattern is the QK circuit of a condition and the time at which its codes are
// there.
func (l *Demands) pattern(c *facts.Condition, use patternUse) *timedPattern {
	key := patternKey{c, use}
	p := l.patterns[key]
	if p == nil {
		p = l.choosePattern(c, use)
		l.patterns[key] = p
	}
	return p
}

// patternUse is what a head does with the scores of a pattern.
type patternUse uint8

const (
	shared patternUse = iota // selected keys must have the same score in all rows
	alone                    // the only condition of a head that brings a value: a row may have a base of its own
	sloped                   // scores are made larger, and a slope is added: they must be small (construct/latest.go)
	loose                    // of a model that stands noise, where selected keys may weigh a part more or less than each other
)

type patternKey struct {
	condition *facts.Condition
	use       patternUse
}

type timedPattern struct {
	construct.Pattern
	when int
}

// choosePattern takes the pattern whose codes are there first, then the one with
// the fewest dimensions. The bits of a number that steps between fractions tell apart
// carry the rounding of as many steps as they change; what is 1 for one kind and 0
// for all others, that of two.
func (l *Demands) choosePattern(c *facts.Condition, use patternUse) *timedPattern {
	var candidates []construct.Pattern
	if c.Equal != nil {
		candidates = append(candidates, construct.Digits(c.Equal.Query, c.Equal.Key))
		return l.soonest(c, candidates)
	}
	table := construct.Table(c.Allowed)
	if l.Robust {
		return l.soonest(c, l.robustPatterns(c, table, use))
	}
	kinds := construct.KindsOf(table)
	query, key, count, ok := kinds.Matching()
	if !ok || count <= MaxOneHot || l.OneHotKeys {
		candidates = append(candidates, kinds.KeyOneHot(), kinds.QueryOneHot())
	}
	if few := l.FewOneHot && count <= fewOneHot; ok && !l.OneHotKeys && !few {
		candidates = append(candidates, construct.Bits(query, key, count))
		if count <= 64 && l.Parabola && use != sloped {
			candidates = append(candidates, construct.Parabola(floats(query), floats(key), false))
		}
	}
	if query, key, ok := l.EqualIntegers(c); ok && !l.OneHotKeys && use != sloped {
		if l.Parabola {
			candidates = append(candidates, construct.Parabola(query, key, false))
		}
		if use == alone && l.AlwaysMet(c) {
			candidates = append(candidates, construct.Parabola(query, key, true))
		}
	}
	return l.soonest(c, candidates)
}

// fewOneHot is how many kinds are read off a picture of a dimension for each.
const fewOneHot = 32

// soonest is the pattern whose codes are there first, of several that with the fewest
// dimensions. Those are asked first, so that of others hardly a code has to be.
func (l *Demands) soonest(c *facts.Condition, candidates []construct.Pattern) *timedPattern {
	slices.SortStableFunc(candidates, func(a, b construct.Pattern) int { return len(a.Dims) - len(b.Dims) })
	var best *timedPattern
	for _, p := range candidates {
		t, before := 0, math.MaxInt
		if best != nil {
			before = best.when
		}
		for _, d := range p.Dims {
			if t = max(t, l.sideWhen(c.Query, d.Query), l.sideWhen(c.Key, d.Key)); t >= before {
				break
			}
		}
		if t < before {
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
