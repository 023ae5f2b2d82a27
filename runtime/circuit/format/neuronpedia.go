package format

import (
	"fmt"
	"io"
	"strings"

	"rasp/runtime/circuit"
	"rasp/runtime/model"
)

// The graph of one input, as circuit-tracer writes it and Neuronpedia shows it
// (circuit_tracer/frontend/graph_models.py, schema version 1).
type attribution struct {
	Metadata attributionMetadata `json:"metadata"`
	Params   attributionParams   `json:"qParams"`
	Nodes    []attributionNode   `json:"nodes"`
	Links    []attributionLink   `json:"links"`
}

type attributionMetadata struct {
	Slug          string   `json:"slug"`
	Scan          string   `json:"scan"`
	Transcoders   []string `json:"transcoder_list"`
	Tokens        []string `json:"prompt_tokens"`
	Prompt        string   `json:"prompt"`
	NodeThreshold *float64 `json:"node_threshold"`
	SchemaVersion int      `json:"schema_version"`
}

type attributionParams struct {
	Pinned     []string   `json:"pinnedIds"`
	Supernodes [][]string `json:"supernodes"`
	LinkType   string     `json:"linkType"`
	Clicked    string     `json:"clickedId"`
	Positions  string     `json:"sg_pos"`
}

type attributionNode struct {
	ID          string   `json:"node_id"`
	Feature     int      `json:"feature"`
	Layer       string   `json:"layer"`
	Position    int      `json:"ctx_idx"`
	Type        string   `json:"feature_type"`
	Probability float64  `json:"token_prob"`
	IsTarget    bool     `json:"is_target_logit"`
	Run         int      `json:"run_idx"`
	FromTheEnd  int      `json:"reverse_ctx_idx"`
	JSNodeID    string   `json:"jsNodeId"`
	Label       string   `json:"clerp"`
	Influence   *float64 `json:"influence"`
	Activation  *float64 `json:"activation"`
}

type attributionLink struct {
	Source string  `json:"source"`
	Target string  `json:"target"`
	Weight float64 `json:"weight"`
}

// WriteAttribution writes the graph of one input, token ids, for circuit-tracer and
// Neuronpedia. A head or an MLP at a position is a feature there; attention is layer
// 2 l of theirs and the MLP 2 l + 1, since both are layers for them. Weights are those
// of circuit.Flow.
func WriteAttribution(to io.Writer, m *model.Model, g *circuit.Graph, t circuit.Truth, name string, input []int) error {
	w := &attributionWriter{m: m, g: g, input: input, tokens: tokensOf(m, input), seen: map[string]bool{}}
	nodes := byName(g)
	w.out = attribution{
		Metadata: attributionMetadata{Slug: name, Scan: "rasp", Transcoders: []string{}, Tokens: w.tokens, Prompt: strings.Join(w.tokens, " "), SchemaVersion: 1},
		Params:   attributionParams{Pinned: []string{}, Supernodes: [][]string{}, LinkType: "both"},
		Nodes:    []attributionNode{}, Links: []attributionLink{},
	}
	links := map[[2]string]float64{}
	var order [][2]string
	for _, f := range circuit.Flows(m, input) {
		e := g.Edges[f.Edge]
		if !t.Has(e) {
			continue
		}
		ends := [2]string{w.node(nodes[e.From], f.From), w.node(nodes[e.To], f.To)}
		if _, known := links[ends]; !known {
			order = append(order, ends)
		}
		links[ends] += f.Weight
	}
	for _, ends := range order {
		w.out.Links = append(w.out.Links, attributionLink{ends[0], ends[1], links[ends]})
	}
	return encode(to, w.out)
}

type attributionWriter struct {
	m      *model.Model
	g      *circuit.Graph
	input  []int
	tokens []string // as they print
	seen   map[string]bool
	out    attribution
}

// tokensOf an input, BOS in front, as they print.
func tokensOf(m *model.Model, input []int) []string {
	tokens := []string{"<bos>"}
	for _, id := range input {
		tokens = append(tokens, strings.Trim(string(m.Vocab[id]), `"`))
	}
	return tokens
}

// node is the id of a node at a position, which is written the first time.
func (w *attributionWriter) node(n circuit.Node, position int) string {
	node := attributionNode{Position: position, FromTheEnd: len(w.input) - position, Type: "cross layer transcoder", Label: Title(n)}
	switch n.Kind {
	case circuit.Input:
		node.Feature = len(w.m.Vocab)
		if position > 0 {
			node.Feature = w.input[position-1]
		}
		node.Layer, node.Type, node.Label = "E", "embedding", fmt.Sprintf("%s at position %d", w.tokens[position], position-1)
	case circuit.Head:
		node.Layer, node.Feature = fmt.Sprint(2*n.Layer), n.Head
	case circuit.MLP:
		node.Layer = fmt.Sprint(2*n.Layer + 1)
	case circuit.Logits:
		node.Layer, node.Type, node.Probability, node.IsTarget = fmt.Sprint(2*w.g.Config.Layers+1), "logit", 1, true
	}
	node.ID = fmt.Sprintf("%s_%d_%d", node.Layer, node.Feature, position)
	node.JSNodeID = fmt.Sprintf("%s_%d-%d", node.Layer, node.Feature, position)
	if !w.seen[node.ID] {
		w.seen[node.ID] = true
		w.out.Nodes = append(w.out.Nodes, node)
	}
	return node.ID
}
