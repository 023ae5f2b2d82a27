package format

import (
	"fmt"
	"io"

	"rasp/runtime/circuit"
)

// eap is what Graph.from_json of EAP-IG reads (src/eap/graph.py); all keys are
// required there. Scores are 1 for edges of the circuit and 0 for others.
type eap struct {
	Config eapConfig            `json:"cfg"`
	Nodes  map[string]eapMember `json:"nodes"`
	Edges  map[string]eapEdge   `json:"edges"`
}

type eapConfig struct {
	Layers   int  `json:"n_layers"`
	Heads    int  `json:"n_heads"`
	Parallel bool `json:"parallel_attn_mlp"`
	DModel   int  `json:"d_model"`
}

type eapMember struct {
	In bool `json:"in_graph"`
}

type eapEdge struct {
	Score float64 `json:"score"`
	In    bool    `json:"in_graph"`
}

func writeEAP(to io.Writer, g *circuit.Graph, t circuit.Truth) error {
	c := g.Config
	out := eap{eapConfig{c.Layers, c.Heads, false, c.DModel}, map[string]eapMember{}, map[string]eapEdge{}}
	in := g.Contains(t)
	for _, n := range g.Nodes {
		out.Nodes[n.Name] = eapMember{in[n.Name] || n.Kind == circuit.Logits}
	}
	for _, name := range allEdges(c.Layers, c.Heads) {
		out.Edges[name] = eapEdge{}
	}
	for _, e := range g.Edges {
		if t.Has(e) {
			out.Edges[e.Name()] = eapEdge{1, true}
		}
	}
	return encode(to, out)
}

// allEdges are the names of all edges that a transformer of so many layers and heads
// can have: each node reads all before it, a head three times.
func allEdges(layers, heads int) []string {
	var edges []string
	before := []string{"input"}
	for l := range layers {
		var these []string
		for h := range heads {
			name := fmt.Sprintf("a%d.h%d", l, h)
			these = append(these, name)
			for _, from := range before {
				for _, c := range []circuit.Channel{circuit.Query, circuit.Key, circuit.Value} {
					edges = append(edges, circuit.Edge{From: from, To: name, Channel: c}.Name())
				}
			}
		}
		before = append(before, these...)
		mlp := fmt.Sprintf("m%d", l)
		for _, from := range before {
			edges = append(edges, from+"->"+mlp)
		}
		before = append(before, mlp)
	}
	for _, from := range before {
		edges = append(edges, from+"->logits")
	}
	return edges
}

// Possible is how many edges a transformer of so many layers and heads can have.
func Possible(layers, heads int) int {
	edges, before := 0, 1
	for range layers {
		edges += 3*heads*before + before + heads
		before += heads + 1
	}
	return edges + before
}
