// Package format writes the circuit of a model as other people's tools read it.
//
// In comes a circuit.Graph, out goes text, field by field what the readers take:
//
//	json.go         everything, in words of our own (docs/circuit.schema.json)
//	eap.go          EAP-IG's Graph.from_json, and the Mechanistic Interpretability Benchmark
//	interpbench.go  InterpBench's list of edges between hooks
//	agentic.go      AgenticInterpBench's annotations of components
//	autocircuit.go  auto-circuit's edges
//	dot.go          Graphviz
//	svg.go          a picture
//
// A format of nodes and edges alone has those of one truth: static, moving or
// necessary edges (circuit.Truth).
package format

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"rasp/runtime/circuit"
	"rasp/runtime/model"
)

// Format is a way to write a circuit.
type Format struct {
	Name  string
	About string
	Write func(to io.Writer, g *circuit.Graph, t circuit.Truth) error
}

// All are the formats, the first for those who do not choose.
var All = []Format{
	{"json", "nodes, edges, dims, labels, and the inputs that show them", writeJSON},
	{"eap", "EAP-IG and MIB: every edge of the full graph, and whether it is in the circuit", writeEAP},
	{"interpbench", "InterpBench: edges between hooks of TransformerLens", writeInterpBench},
	{"agentic", "AgenticInterpBench: components with hook, role and note", writeAgentic},
	{"autocircuit", "auto-circuit: edges with their source and destination nodes", writeAutoCircuit},
	{"dot", "Graphviz", writeDot},
	{"svg", "a picture", writeSVG},
}

// errNoLayers is for formats whose nodes are hooks: without a layer there are none at which
// the residual stream ends.
var errNoLayers = errors.New("the model has no layers, and this format has no circuit without one")

// Named is the format of a name.
func Named(name string) (Format, bool) {
	for _, f := range All {
		if f.Name == name {
			return f, true
		}
	}
	return Format{}, false
}

func writeJSON(to io.Writer, g *circuit.Graph, t circuit.Truth) error {
	edges := []circuit.Edge{}
	for _, e := range g.Edges {
		if t.Has(e) {
			edges = append(edges, e)
		}
	}
	of := *g
	of.Edges = edges
	return encode(to, struct {
		Version int           `json:"version"`
		Truth   circuit.Truth `json:"truth"`
		*circuit.Graph
	}{1, t, &of})
}

func encode(to io.Writer, value any) error {
	out := json.NewEncoder(to)
	out.SetEscapeHTML(false)
	return out.Encode(value)
}

// note says what a part is for, and where that stands in the program.
func note(l model.Label) string {
	switch {
	case l.What == "":
		return ""
	case l.Line > 0:
		return fmt.Sprintf("%s (line %d)", l.What, l.Line)
	default:
		return l.What
	}
}

// distinct are the different texts of the labels of neurons, in order, "" left out.
func distinct(neurons []circuit.Neuron, text func(model.Label) string) []string {
	list := []string{}
	seen := map[string]bool{"": true}
	for _, n := range neurons {
		if t := text(n.Label); !seen[t] {
			seen[t] = true
			list = append(list, t)
		}
	}
	return list
}

// byName are the nodes of a graph by name.
func byName(g *circuit.Graph) map[string]circuit.Node {
	nodes := map[string]circuit.Node{}
	for _, n := range g.Nodes {
		nodes[n.Name] = n
	}
	return nodes
}
