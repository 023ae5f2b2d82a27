package circuit

import (
	"encoding/json"
	"fmt"

	"rasp/runtime/model"
)

// Kind is what a node is.
type Kind string

const (
	Input  Kind = "input"  // the embedding, of token and position
	Head   Kind = "head"   // an attention head
	MLP    Kind = "mlp"    // the neurons of a layer
	Logits Kind = "logits" // the unembedding
)

// Channel is where an edge enters a node: the queries, keys or values of a head.
// The other nodes have one way in.
type Channel string

const (
	Query Channel = "q"
	Key   Channel = "k"
	Value Channel = "v"
	Whole Channel = ""
)

// Answer is what is known of a question.
type Answer string

const (
	Yes      Answer = "yes"       // shown by a pair of inputs
	No       Answer = "no"        // proved by the weights
	NotFound Answer = "not found" // no pair of those that were tried
)

// Graph is the circuit of a model. Nodes are in the order of the forward pass, edges
// by where they end, then by where they begin.
type Graph struct {
	Config model.Config  `json:"config"`
	Nodes  []Node        `json:"nodes"`
	Edges  []Edge        `json:"edges"`
	Dims   []model.Label `json:"dims"` // what each dimension of the residual stream holds
	// Pairs is how many pairs of inputs were tried on each edge.
	Pairs int `json:"pairs"`
}

// Node is a part of a model that reads the residual stream and writes to it.
type Node struct {
	Name    string            `json:"name"` // "input", "a0.h1" (layer 0, head 1), "m0" (the MLP of layer 0), "logits"
	Kind    Kind              `json:"kind"`
	Layer   int               `json:"layer"`
	Head    int               `json:"head"`
	Label   model.Label       `json:"label"`
	Reads   map[Channel][]int `json:"reads,omitempty"`
	Writes  []int             `json:"writes,omitempty"`
	Tokens  []int             `json:"of_tokens,omitempty"`    // of the embedding: the dims that W_E writes
	Places  []int             `json:"of_positions,omitempty"` // those that W_pos writes
	Neurons []Neuron          `json:"neurons,omitempty"`      // those of an MLP that write
	Outputs []string          `json:"outputs,omitempty"`      // those of the logits
}

// Neuron is one of an MLP.
type Neuron struct {
	Index  int         `json:"index"`
	Label  model.Label `json:"label"`
	Reads  []int       `json:"reads"`
	Writes []int       `json:"writes"`
}

// Edge is what flows from one node directly to another.
type Edge struct {
	From    string  `json:"from"`
	To      string  `json:"to"`
	Channel Channel `json:"channel,omitempty"`
	Dims    []int   `json:"dims"` // that From writes and To reads

	Moving       Answer   `json:"moving"`
	MovingPair   *Witness `json:"moving_pair,omitempty"`
	Necessary    Answer   `json:"necessary"`
	NecessaryFor *Witness `json:"necessary_for,omitempty"`

	from, to int // indices of nodes
}

// Witness is a pair of inputs that shows something of an edge: with what
// flows on Resampled in place of what flows on Input. Position counts from BOS, which
// is 0.
type Witness struct {
	Input     Tokens `json:"input"`
	Resampled Tokens `json:"resampled"`
	Position  int    `json:"position"`
	Output    string `json:"output,omitempty"` // that changes
}

// Tokens are an input. Each is a JSON scalar, and in JSON that is what it is.
type Tokens []model.Token

// MarshalJSON writes the tokens as a list of scalars.
func (t Tokens) MarshalJSON() ([]byte, error) {
	scalars := make([]json.RawMessage, len(t))
	for i, token := range t {
		scalars[i] = json.RawMessage(token)
	}
	return json.Marshal(scalars)
}

// Name is that of an edge in the form of EAP-IG: "a0.h1->a1.h0<q>".
func (e Edge) Name() string {
	if e.Channel == Whole {
		return e.From + "->" + e.To
	}
	return fmt.Sprintf("%s->%s<%s>", e.From, e.To, e.Channel)
}

// Truth is one of the three sets of edges that a circuit can be taken to be.
type Truth string

const (
	Static    Truth = "static"
	Moving    Truth = "moving"
	Necessary Truth = "necessary"
)

// Has reports whether an edge belongs to the circuit by a truth. An edge of which
// it is not known whether it moves does: a set of moving edges misses none.
func (t Truth) Has(e Edge) bool {
	switch t {
	case Moving:
		return e.Moving != No
	case Necessary:
		return e.Necessary == Yes
	default:
		return true
	}
}

// Contains are the nodes at which an edge of the circuit begins or ends, by name.
func (g *Graph) Contains(t Truth) map[string]bool {
	in := map[string]bool{}
	for _, e := range g.Edges {
		if t.Has(e) {
			in[e.From], in[e.To] = true, true
		}
	}
	return in
}
