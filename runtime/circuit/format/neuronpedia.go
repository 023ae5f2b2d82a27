package format

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"rasp/runtime/circuit"
	"rasp/runtime/inspect"
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

// LongestAttribution is how many tokens an input may have whose graph is written: links take
// the square of it.
const LongestAttribution = 256

// WriteAttribution writes the graph of one input, token ids, for circuit-tracer and
// Neuronpedia. A head or an MLP at a position is a feature there; attention is layer
// 2 l + 1 of theirs and the MLP 2 l + 2, since both are layers for them, and since
// Neuronpedia takes a graph with nothing above layer 0 for one without layers. Weights are
// those of circuit.Flow. What BOS has for an output is left out.
func WriteAttribution(to io.Writer, m *model.Model, g *circuit.Graph, t circuit.Truth, name string, input []int) error {
	logits := inspect.Of(m, input, inspect.Hooks{Keep: func(int) bool { return false }}).Logits
	w := &attributionWriter{m: m, g: g, input: input, logits: logits, tokens: tokensOf(m, input), seen: map[string]bool{}}
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
		if !t.Has(e) || f.To == 0 && nodes[e.To].Kind == circuit.Logits {
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
	logits [][]float32 // of the input, [position][width of W_U]
	tokens []string    // as they print
	seen   map[string]bool
	out    attribution
}

// tokensOf an input, BOS in front, as they print.
func tokensOf(m *model.Model, input []int) []string {
	tokens := []string{"<bos>"}
	for _, id := range input {
		tokens = append(tokens, printed(m.Vocab[id]))
	}
	return tokens
}

// printed is a token without the quotes of JSON.
func printed(t model.Token) string {
	var text string
	if json.Unmarshal([]byte(t), &text) == nil {
		return text
	}
	return string(t)
}

// node is the id of a node at a position, which is written the first time.
func (w *attributionWriter) node(n circuit.Node, position int) string {
	node := attributionNode{Position: position, FromTheEnd: len(w.input) - position, Type: "cross layer transcoder"}
	index, layer := 0, 0
	switch n.Kind {
	case circuit.Input:
		index = len(w.m.Vocab)
		if position > 0 {
			index = w.input[position-1]
		}
		node.Feature, node.Layer, node.Type, node.Label = index, "E", "embedding", w.tokens[position]
	case circuit.Head:
		index, layer = n.Head, 2*n.Layer+1
		node.Label = note(n.Label)
	case circuit.MLP:
		layer = 2*n.Layer + 2
		node.Label = Title(n)
	case circuit.Logits:
		index, node.Label, node.Probability = w.answer(position)
		node.Feature, node.Layer, node.Type, node.IsTarget = index, fmt.Sprint(2*w.g.Config.Layers+1), "logit", true
	}
	if node.Layer == "" {
		node.Layer, node.Feature = fmt.Sprint(layer), paired(layer, index)
	}
	node.ID = fmt.Sprintf("%s_%d_%d", node.Layer, index, position)
	node.JSNodeID = fmt.Sprintf("%s_%d-%d", node.Layer, index, position)
	if !w.seen[node.ID] {
		w.seen[node.ID] = true
		w.out.Nodes = append(w.out.Nodes, node)
	}
	return node.ID
}

// paired is a layer and an index in it as one number, Cantor's: of graphs of schema version 1
// Neuronpedia reads both off the feature.
func paired(layer, index int) int { return (layer+index)*(layer+index+1)/2 + index }

// answer is what the outputs are at a position, and of the first the column of W_U and the
// probability. Readers find that between "(p=" and ")", and the token between quotes.
func (w *attributionWriter) answer(position int) (column int, label string, probability float64) {
	var texts []string
	for i, o := range w.m.Outputs {
		logits := w.logits[position]
		text, at, p := string(o.Decode(logits)), o.Column, 1.0
		if !o.Numeric() {
			at += o.Class(logits)
			p = circuit.Probabilities(logits[o.Column : o.Column+o.Width()])[at-o.Column]
		}
		if i == 0 {
			column, probability = at, p
		}
		if !strings.HasPrefix(text, `"`) {
			text = `"` + text + `"`
		}
		texts = append(texts, fmt.Sprintf("%s %s (p=%.3f)", o.Name, text, p))
	}
	return column, strings.Join(texts, ", "), probability
}
