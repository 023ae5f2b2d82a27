// Package heads has the constructions of attention: what a head brings, as a number or
// decoded.
//
//	copy.go        the value of the one key that a row selects
//	any.go         whether a row selects something
//	count.go       how many keys a row selects: the head with a heavy BOS (construct/count.go)
//	share.go       the same, as the share that the keys have beside BOS (construct/share.go)
//	sum.go         sums of whole numbers, by the same head
//	zeros.go       count less sum
//	total.go       the sum of a row by itself, in digits, or of remainders
//	moments.go     sum and width as one number
//	mean.go        means, as they come out of the head
//	thresholds.go  other functions of these
//	rounded.go     a mean, rounded
//	kinds.go       whether a mean is an int or a float
//	sign.go        which of two means is larger
//	bymean.go      what a function of a mean asks for; inseparable.go, why it cannot be computed
//	scalar.go, undecoded.go, number.go   numbers before they are told apart
package heads

import (
	"rasp/compiler/demand"
	"rasp/compiler/facts"
	"rasp/lang/graph"
)

// Attention offers what heads bring, as numbers or decoded.
type Attention struct {
	*demand.Demands
	counts       map[selectionFunction]*demand.Offer
	counted      map[*facts.Conjunct]*demand.Offer // those of shares
	remaindersOf map[remainderKey]*demand.Number

	// Of sums, found once: there are more ways to a mean within them than there are sums.
	scalars map[*graph.Node]*demand.Offer
	types   map[*graph.Node]*demand.Offer // see IsFloat
	rounded map[roundedNode]roundedOffer
	factors map[*graph.Node]float64
}

// roundedNode is a sum whose means are rounded to a grid.
type roundedNode struct {
	of   *graph.Node
	grid float64
}

// roundedOffer reads it, as a multiple of a unit.
type roundedOffer struct {
	*demand.Offer
	unit float64
}

func New(d *demand.Demands) *Attention {
	a := &Attention{
		Demands: d, counts: map[selectionFunction]*demand.Offer{}, counted: map[*facts.Conjunct]*demand.Offer{}, remaindersOf: map[remainderKey]*demand.Number{},
		scalars: map[*graph.Node]*demand.Offer{}, types: map[*graph.Node]*demand.Offer{}, rounded: map[roundedNode]roundedOffer{}, factors: map[*graph.Node]float64{},
	}
	d.Undecoded = a.Brought
	return a
}

// selectionFunction is a function of the width of a selector.
type selectionFunction struct {
	selection *demand.Selection
	f         string
}
