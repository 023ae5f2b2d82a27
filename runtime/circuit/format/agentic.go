package format

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"rasp/runtime/circuit"
)

// component is an annotation of AgenticInterpBench (annotations/case_ID.json).
type component struct {
	ID     string   `json:"id"`
	Hook   string   `json:"hook"`
	Role   role     `json:"role"`
	Labels []string `json:"labels"`
}

type role struct {
	Tag  string `json:"tag"`
	Note string `json:"note"`
}

func writeAgentic(to io.Writer, g *circuit.Graph, t circuit.Truth) error {
	in := g.Contains(t)
	components := []component{}
	for _, n := range g.Nodes {
		if !in[n.Name] {
			continue
		}
		switch n.Kind {
		case circuit.Head:
			components = append(components, component{
				fmt.Sprintf("L%dH%d_ATTN", n.Layer, n.Head), outHooks(n, nil)[0], role{headTag(g, n), note(n.Label)}, names(n.Label.Name)})
		case circuit.MLP:
			components = append(components, mlpComponent(n))
		}
	}
	return encode(to, map[string]any{"components": components})
}

func mlpComponent(n circuit.Node) component {
	var labels []string
	for _, neuron := range n.Neurons {
		if name := neuron.Label.Name; name != "" && !slices.Contains(labels, name) {
			labels = append(labels, name)
		}
	}
	return component{fmt.Sprintf("L%d_MLP", n.Layer), fmt.Sprintf("blocks.%d.mlp.hook_post", n.Layer), role{"TRANSFORMER", strings.Join(notes(n.Neurons), "; ")}, names(labels...)}
}

// headTag is ROUTER for a head that looks where the position alone tells, and
// AGGREGATOR for one whose weights depend on what stands there.
func headTag(g *circuit.Graph, n circuit.Node) string {
	for _, e := range g.Edges {
		if e.To == n.Name && e.Channel != circuit.Value && e.Moving != circuit.No {
			return "AGGREGATOR"
		}
	}
	return "ROUTER"
}

func names(list ...string) []string {
	some := []string{}
	for _, name := range list {
		if name != "" {
			some = append(some, name)
		}
	}
	return some
}
