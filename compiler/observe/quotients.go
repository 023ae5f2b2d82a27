package observe

import (
	"math"

	"rasp/compiler/construct"
)

// observeQuotient holds a number against the fraction that it is said to be, of whole numbers
// as the interpreter has them.
func (o *observer) observeQuotient(s *sop) bool {
	q := o.Quotients[s.node]
	if q == nil {
		return true
	}
	divisor := o.run.Sequence(q.Divisor)
	for p, want := range s.values {
		w, sum := divisor[p].Float64(), 0.0
		for _, t := range q.Terms {
			of := 1.0
			if t.Of != nil {
				of = o.run.Sequence(t.Of)[p].Float64()
			}
			sum += float64(t.Factor * construct.Power(w, t.Power) * of)
		}
		have, y := sum/(q.Scale*construct.Power(w, q.Degree)), want.Float64()
		switch {
		case !(math.Abs(have-y) <= q.Off+float64(rounding*math.Abs(have))):
			return o.report(s.node, "at position %d it is %s, and as a fraction of whole numbers it would be %g", p, want.JSON(), have)
		case !(q.Lo-q.Off <= have && have <= q.Hi+q.Off):
			return o.report(s.node, "at position %d it is %g, and is said to be from %g to %g", p, have, q.Lo, q.Hi)
		}
	}
	return true
}
