package format

import (
	"fmt"
	"io"
	"strings"

	"rasp/runtime/circuit"
	"rasp/runtime/model"
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
			c := component{fmt.Sprintf("L%dH%d_ATTN", n.Layer, n.Head), outHooks(n, nil)[0], role{headTag(g, n), note(n.Label)}, []string{}}
			if n.Label.Name != "" {
				c.Labels = append(c.Labels, n.Label.Name)
			}
			components = append(components, c)
		case circuit.MLP:
			components = append(components, mlpComponent(n))
		}
	}
	return encode(to, map[string]any{"components": components})
}

func mlpComponent(n circuit.Node) component {
	labels := distinct(n.Neurons, func(l model.Label) string { return l.Name })
	return component{fmt.Sprintf("L%d_MLP", n.Layer), fmt.Sprintf("blocks.%d.mlp.hook_post", n.Layer), role{"TRANSFORMER", strings.Join(distinct(n.Neurons, note), "; ")}, labels}
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
