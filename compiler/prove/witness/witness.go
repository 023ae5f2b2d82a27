// Package witness is the format of what a compiler says about a model beside its weights,
// so that a second program finds a proof of it: which selector each head realises, what it
// brings, and which facts about pairs of positions were relied on. It is data and nothing
// else: both who writes it and who checks it import it, and neither the other.
//
// Nothing in a witness is believed. A wrong one can only make a proof fail.
//
// S-ops and selectors go by number. The nodes that the outputs of the program text reach
// come first, in the order of graph.Reachable, operands before users; then those that the
// text does not have, in the order of Witness.Nodes.
package witness

import "encoding/json"

// Version of the format.
const Version = 1

// Witness of one model.
type Witness struct {
	Version int `json:"version"`
	// Text is how many nodes the outputs of the program text reach.
	Text int `json:"text"`
	// Nodes that the text does not have: node Text+i is Nodes[i]. Operands come first.
	Nodes []Node `json:"nodes,omitempty"`
	// Heads that move something. A head that is not listed adds 0 wherever it looks.
	Heads []Head `json:"heads,omitempty"`
	Facts []Fact `json:"facts,omitempty"`
}

// Node is an s-op or a selector, as graph.Node has it. S-ops are "tokens", "indices",
// "const", "unary", "binary", "if", "in", "lookup", "lookup key", "row", "cell",
// "aggregate", "selector_width" and "any", selectors "select", "and", "or" and "not".
type Node struct {
	Op     string            `json:"op"`
	Fn     string            `json:"fn,omitempty"`   // of unary, binary and select, as it is written: "<", "round", ...
	Base   string            `json:"base,omitempty"` // of tokens: "asis", "str", "int", "float", "bool"
	Args   []int             `json:"args,omitempty"`
	Value  json.RawMessage   `json:"value,omitempty"` // of const; the default of aggregate and cell
	List   []json.RawMessage `json:"list,omitempty"`
	Keys   []json.RawMessage `json:"keys,omitempty"`
	Places []int32           `json:"places,omitempty"`
	Levels []Level           `json:"levels,omitempty"` // of row: by level the keys that occur there
	Rows   [][]int32         `json:"rows,omitempty"`   // of row: by row the place of its key at each level
	Chars  bool              `json:"chars,omitempty"`  // of lookup: the elements are the characters of a string
}

// Level has the keys of one level of a table that is looked up by several.
type Level []json.RawMessage

// Head says what a head is for.
type Head struct {
	Layer int `json:"layer"` // from 0, as in the model
	Head  int `json:"head"`
	// Selects is the selector, -1 for every key.
	Selects int `json:"selects"`
	// Where restricts it to the keys at which an s-op has one of some values; nil: it does not.
	Where *Where `json:"where,omitempty"`
	// Of the disjoint parts into which the selector is split this head has Part, from 0; 1
	// part is the whole.
	Part  int     `json:"part,omitempty"`
	Parts int     `json:"parts"`
	Kind  string  `json:"kind"` // One, Mean, Any, Tally or Share: of all that it brings
	Dims  []Bring `json:"dims"`
}

// What a head does with what it selects.
const (
	One   = "one"   // brings what stands at the one selected key, or what BOS has
	Mean  = "mean"  // averages over the selected keys, or brings what BOS has
	Any   = "any"   // a constant if a key is selected, what BOS has if none is
	Tally = "tally" // adds up what stands at the selected keys
	Share = "share" // how many keys are selected, as their share beside BOS
)

// Where is a condition on keys.
type Where struct {
	Node int               `json:"node"`
	Is   []json.RawMessage `json:"is"`
}

// Bring is one dimension of the OV circuit: which dim of d_head, what it does, and the
// s-op for which it is brought, an aggregate, a width, an any or what asked for it; -1 for
// the length of the input.
type Bring struct {
	Dim  int    `json:"dim"`
	Kind string `json:"kind"`
	Node int    `json:"node"`
}

// Fact is something about pairs of positions that the plan relies on.
type Fact struct {
	Claim string `json:"claim"`
	Of    int    `json:"of"`
}

// Claims.
const (
	Unique    = "unique"      // an s-op: no two positions of an input have the same value
	AtMostOne = "at most one" // a selector: each row selects one key at most
	Always    = "always"      // a selector: each row selects a key
	Uniform   = "uniform"     // an s-op: the same at all positions of an input
)
