package noise

import (
	"math"

	"rasp/compiler/construct"
	"rasp/runtime/model"
)

// An arithmetic with fewer digits is noise that is known: each weight is off by what it is
// rounded by, each number by a part of itself, and a number with few digits not at all.

// Holds reports that the model is right in an arithmetic, see construct.Precision. That is a
// bound of the same kind as the certificate.
func (a Analysis) Holds(in construct.Precision) bool { return a.holds(mode{precision: in}) }

// ErrorsIn are how far each column may be off at the end, by dim, in an arithmetic in which the
// model is right.
func (a Analysis) ErrorsIn(in construct.Precision) []float64 {
	return a.run(mode{precision: in}).errors()
}

// factor is a weight as a factor of a product.
func (p *pass) factor(weight float64) float64 { return construct.ToBits(weight, p.precision.Factor) }

// storedOff is how far a weight is off that is written down.
func (p *pass) storedOff(weight float64) float64 {
	return math.Abs(construct.ToBits(weight, p.precision.Stored) - weight)
}

// written is how far a number of a size at most is off once it is written down.
func (p *pass) written(size float64) float64 {
	if p.precision.Stored == 0 || size == 0 {
		return 0
	}
	p.within(size)
	return float64(construct.Unit(p.precision.Stored)*size) + p.precision.Least
}

// within records that there is a number of a size.
func (p *pass) within(size float64) {
	if p.precision.Largest > 0 {
		p.require(errs{fixed: size}, p.precision.Largest, model.Label{What: "the largest number"})
	}
}

// asFactor is how far a number is off as a factor of a product, beside what it is off already. What is written down with as
// few digits is one.
func (p *pass) asFactor(lo, hi, off float64) float64 {
	if p.precision.Factor == 0 || p.precision.Stored > 0 || off == 0 && lo == hi && construct.ToBits(lo, p.precision.Factor) == lo {
		return 0
	}
	return float64(construct.Unit(p.precision.Factor) * (max(math.Abs(lo), math.Abs(hi)) + off))
}

// store writes a number down: one that should be a number with few digits, and is near it, is
// that then.
func (p *pass) store(n *number) {
	if p.precision.Stored == 0 {
		return
	}
	p.within(n.reach)
	off := p.most(*n)
	if n.lo == n.hi && construct.ToBits(n.lo, p.precision.Stored) == n.lo && off < float64(construct.Unit(p.precision.Stored)*math.Abs(n.lo)/2) {
		n.err, n.own = errs{}, errs{}
		return
	}
	n.own.fixed += p.written(n.size() + off)
}

// attended is by what part of itself a weight of attention may be off, of a head in which a key
// has at least so much: exponentials are written down, above and below the line, and so is their
// quotient, which is a factor.
func (p *pass) attended(least float64) float64 {
	return float64(3*construct.Unit(p.precision.Stored)) + construct.Unit(p.precision.Factor) + float64(2*p.precision.Least/least)
}
