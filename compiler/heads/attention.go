package heads

import (
	"rasp/compiler/demand"
)

// attention offers what heads bring, as numbers or decoded.
type Attention struct {
	*demand.Demands
	counts map[selectionFunction]*demand.Offer
}

func New(d *demand.Demands) *Attention {
	return &Attention{Demands: d, counts: map[selectionFunction]*demand.Offer{}}
}

// selectionFunction is a function of the width of a selector.
type selectionFunction struct {
	selection *demand.Selection
	f         string
}
