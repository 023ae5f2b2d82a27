package neurons

import (
	"rasp/compiler/facts"
	"rasp/compiler/heads"
)

// mlp offers what neurons compute from functions of several variables.
type MLP struct {
	*heads.Attention
	Units     map[*facts.Variable]*unit
	pending   map[*facts.Variable][]*wanted
	coarser   map[coarseKey]*facts.Variable
	earliests map[*facts.Variable]int
}

func New(a *heads.Attention) *MLP {
	return &MLP{
		Attention: a,
		Units:     map[*facts.Variable]*unit{},
		pending:   map[*facts.Variable][]*wanted{},
		coarser:   map[coarseKey]*facts.Variable{},
		earliests: map[*facts.Variable]int{},
	}
}
