package compiler

// attention offers what heads bring, as numbers or decoded.
type attention struct {
	*demands
	counts map[selectionFunction]*offer
}

func newAttention(d *demands) *attention {
	return &attention{demands: d, counts: map[selectionFunction]*offer{}}
}

// selectionFunction is a function of the width of a selector.
type selectionFunction struct {
	selection *selection
	f         string
}
