package model

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
)

// Names give each part of a model a name, unique in the model, and say of each residual
// dimension of which s-op it is a function, and of which one. They are data for whoever
// looks inside; docs/names.schema.json describes their JSON.
type Names struct {
	SOps    []SOp        `json:"sops"`    // that parts of the model are about
	Dims    []DimName    `json:"dims"`    // [d_model]
	Heads   [][]HeadName `json:"heads"`   // [layers][heads]
	Neurons [][]PartName `json:"neurons"` // [layers][d_mlp]
}

// SOp is an s-op of the program.
type SOp struct {
	Name string `json:"name"` // the program's own, else the expression; unique among s-ops
	Of   string `json:"of"`   // "sop", or what the program is given: "token", "position", "length"
	Node int    `json:"node"` // its number among the nodes of the text, as in the witness; -1 for none
	Line int    `json:"line,omitempty"`
	Col  int    `json:"col,omitempty"`
	// Values are those that it can have; none if they are too many to list.
	Values []Token `json:"values,omitempty"`
	// Single says that a head brings it from the one key that a row selects: the model
	// relies on there being no more.
	Single bool `json:"single,omitempty"`
	// Unique says that it is a count that no two positions share: the model relies on the
	// counts being those of all positions in some order.
	Unique bool `json:"unique,omitempty"`
	// Held says that the model reads the s-op off its own dimensions and nowhere else, so
	// that it can be set there; Why is why not.
	Held bool   `json:"held"`
	Why  string `json:"why_not,omitempty"`
}

// DimName is the name of a residual dimension.
type DimName struct {
	Name string `json:"name"`
	// Kind says which function of the s-op: "is" (1 for some values, 0 for the others),
	// "number" (a multiple of the number, shifted), "bit", "code" (any other); what a head
	// brings undecoded: "copy", "mean", "any", "sum", "share"; "bos", "logit" or "other".
	Kind    string  `json:"kind"`
	SOp     string  `json:"sop,omitempty"` // the name of it
	Written string  `json:"written"`       // "embed", "blocks.L.attn" or "blocks.L.mlp"
	Offset  float64 `json:"offset,omitempty"`
	// Codes are what the dimension holds, offset included, for each of the values of the
	// s-op, in their order; null where it does not matter.
	Codes Codes `json:"codes,omitempty"`
	// Itself says that the dimension is the number itself, beside the offset.
	Itself bool `json:"itself,omitempty"`
	Line   int  `json:"line,omitempty"`
}

// HeadName is the name of a head.
type HeadName struct {
	Name     string `json:"name"`
	Kind     string `json:"kind"` // "copies", "averages", "any of", "adds up", "counts", or "padding"
	Selector string `json:"selector,omitempty"`
	// Part says which of so many disjoint parts of the selector it selects, from 1, where
	// no head selects all of it.
	Part   int    `json:"part,omitempty"`
	Parts  int    `json:"parts,omitempty"`
	SOp    string `json:"sop,omitempty"`    // for which it brings something first
	Brings []int  `json:"brings,omitempty"` // dimensions
	Line   int    `json:"line,omitempty"`
}

// PartName is the name of a neuron.
type PartName struct {
	Name string `json:"name"`
	Kind string `json:"kind"` // "relu", "row" (of a table), or "padding"
	Line int    `json:"line,omitempty"`
}

// Codes are numbers, NaN where there is none.
type Codes []float64

// MarshalJSON writes null for NaN.
func (c Codes) MarshalJSON() ([]byte, error) {
	list := make([]*float64, len(c))
	for i := range c {
		if !math.IsNaN(c[i]) {
			list[i] = &c[i]
		}
	}
	return json.Marshal(list)
}

// UnmarshalJSON reads NaN for null.
func (c *Codes) UnmarshalJSON(text []byte) error {
	var list []*float64
	if err := json.Unmarshal(text, &list); err != nil {
		return err
	}
	*c = make(Codes, len(list))
	for i, x := range list {
		if (*c)[i] = math.NaN(); x != nil {
			(*c)[i] = *x
		}
	}
	return nil
}

// ErrNoNames is the error for a model that has no names: a file of an earlier version.
var ErrNoNames = errors.New("the model has no names: an earlier version wrote it; compile its program again")

// ReadNames reads the names of a model, which fit its sizes.
func (m *Model) ReadNames() (*Names, error) {
	if m.Names == "" {
		return nil, ErrNoNames
	}
	n := &Names{}
	if err := parseJSON([]byte(m.Names), n); err != nil {
		return nil, fmt.Errorf("names: %w", err)
	}
	if len(n.Dims) != m.DModel || len(n.Heads) != m.Layers || len(n.Neurons) != m.Layers {
		return nil, errors.New("names: they are those of a model of other sizes")
	}
	for l := range n.Heads {
		if len(n.Heads[l]) != m.Heads || len(n.Neurons[l]) != m.DMLP {
			return nil, fmt.Errorf("names: those of layer %d are of a model of other sizes", l)
		}
	}
	return n, n.check(m.DModel)
}

// check reports what of the names refers to nothing.
func (n *Names) check(dims int) error {
	values := map[string]int{"": 0}
	for _, s := range n.SOps {
		if _, twice := values[s.Name]; twice {
			return fmt.Errorf("names: the s-op %q is there twice", s.Name)
		}
		values[s.Name] = len(s.Values)
	}
	for i, d := range n.Dims {
		count, ok := values[d.SOp]
		if !ok || len(d.Codes) > 0 && len(d.Codes) != count {
			return fmt.Errorf("names: dim %d is a function of %q, which has other values or is not there", i, d.SOp)
		}
	}
	for _, heads := range n.Heads {
		for _, h := range heads {
			for _, d := range h.Brings {
				if d < 0 || d >= dims {
					return fmt.Errorf("names: head %q brings dim %d, of %d", h.Name, d, dims)
				}
			}
		}
	}
	return nil
}

// SetNames writes names into a model.
func (m *Model) SetNames(n *Names) error {
	text, err := marshal(n)
	m.Names = text
	return err
}
