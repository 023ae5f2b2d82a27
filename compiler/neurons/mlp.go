// Package neurons has the constructions of an MLP: functions of several variables, by a
// neuron for each box of states on which a table is constant.
//
//	computed.go  what may be asked of an elementwise s-op
//	choice.go    which inputs a table is over; inputs.go, the sets of them
//	tables.go    the table over given inputs
//	inputorder.go  the order of its inputs (sifting); radix.go, several numbers as one
//	diagram.go   where there is no table: a decision diagram
//	boxes.go     the neurons
//	chain.go     chains of conditions, decided at once
//	product.go   a whole number times one that the embedding has, to be shown
//	quotient.go  a whole number over one of few values, to be shown
package neurons

import (
	"rasp/compiler/demand"
	"rasp/compiler/facts"
	"rasp/compiler/heads"
	"rasp/lang/graph"
)

// MLP offers what neurons compute from functions of several variables.
type MLP struct {
	*heads.Attention
	chosen    map[*facts.Variable]*boxes
	pending   map[*facts.Variable][]*wanted
	coarser   map[coarseKey]*facts.Variable
	earliests map[*facts.Variable]int
	quotients map[*graph.Node]*demand.Offer
	switched  map[*graph.Node]*switches
	choices   int // quotients that were made
}

func New(a *heads.Attention) *MLP {
	l := &MLP{
		Attention: a,
		chosen:    map[*facts.Variable]*boxes{},
		pending:   map[*facts.Variable][]*wanted{},
		coarser:   map[coarseKey]*facts.Variable{},
		earliests: map[*facts.Variable]int{},
		quotients: map[*graph.Node]*demand.Offer{},
		switched:  map[*graph.Node]*switches{},
	}
	l.Divided = l.Quotient
	return l
}
