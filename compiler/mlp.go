package compiler

// mlp offers what neurons compute from functions of several variables.
type mlp struct {
	*attention
	units     map[*variable]*unit
	pending   map[*variable][]*wanted
	coarser   map[coarseKey]*variable
	earliests map[*variable]int
}

func newMLP(a *attention) *mlp {
	return &mlp{
		attention: a,
		units:     map[*variable]*unit{},
		pending:   map[*variable][]*wanted{},
		coarser:   map[coarseKey]*variable{},
		earliests: map[*variable]int{},
	}
}
