package facts

import "rasp/lang/graph"

// A Quotient is a number that is a fraction of whole numbers over a power of another one, w,
// which has few values, all of them 1 or more:
//
//	(sum over terms of Factor * w^Power * Of) / (Scale * w^Degree)
//
// Of a product of two means over the rows of one selector w is how many keys a row has. The
// interpreter gives it as float64 has it, which differs by Off at most, and the type that
// its operations give.
type Quotient struct {
	Divisor *graph.Node
	Degree  int
	Scale   float64 // a power of two
	Terms   []QuotientTerm
	Lo, Hi  float64
	Off     float64
}

// QuotientTerm is a term of the numerator; Factor is whole, and so is the value of Of, nil
// for 1.
type QuotientTerm struct {
	Factor float64
	Power  int
	Of     *graph.Node
}

// IsBrought reports that a number is read as it is, with no linear form: as a head brings a
// mean, or as neurons divide.
func (f *Facts) IsBrought(n *graph.Node) bool {
	return n.Op == graph.Aggregate || f.Quotients[n] != nil
}
