package format

import (
	"fmt"
	"io"

	"rasp/runtime/circuit"
)

// writeInterpBench writes a list of pairs of hooks: what edges.pkl of InterpBench
// holds, as JSON, in its finest granularity (acdc_hooks), where the inputs of a head
// are nodes of their own. The embedding is two nodes, of token and of position.
func writeInterpBench(to io.Writer, g *circuit.Graph, t circuit.Truth) error {
	if g.Config.Layers == 0 {
		return errNoLayers
	}
	nodes := byName(g)
	edges := [][2]string{}
	seen := map[[2]string]bool{}
	add := func(from, to string) {
		if e := [2]string{from, to}; !seen[e] {
			seen[e] = true
			edges = append(edges, e)
		}
	}
	for _, e := range g.Edges {
		if !t.Has(e) {
			continue
		}
		end := nodes[e.To]
		for _, hook := range outHooks(nodes[e.From], e.Dims) {
			add(hook, inHook(g, end, e.Channel))
		}
		switch end.Kind {
		case circuit.Head:
			inner := fmt.Sprintf("blocks.%d.attn.hook_%s[%d]", end.Layer, e.Channel, end.Head)
			add(inHook(g, end, e.Channel), inner)
			add(inner, outHooks(end, nil)[0])
		case circuit.MLP:
			add(inHook(g, end, e.Channel), outHooks(end, nil)[0])
		}
	}
	return encode(to, edges)
}

// outHooks are where TransformerLens shows what a node writes in some dims.
func outHooks(n circuit.Node, dims []int) []string {
	switch n.Kind {
	case circuit.Head:
		return []string{fmt.Sprintf("blocks.%d.attn.hook_result[%d]", n.Layer, n.Head)}
	case circuit.MLP:
		return []string{fmt.Sprintf("blocks.%d.hook_mlp_out", n.Layer)}
	}
	var hooks []string
	if meet(n.Tokens, dims) {
		hooks = append(hooks, "hook_embed")
	}
	if meet(n.Places, dims) {
		hooks = append(hooks, "hook_pos_embed")
	}
	return hooks
}

// inHook is where TransformerLens shows what a node reads.
func inHook(g *circuit.Graph, n circuit.Node, c circuit.Channel) string {
	switch n.Kind {
	case circuit.Head:
		return fmt.Sprintf("blocks.%d.hook_%s_input[%d]", n.Layer, c, n.Head)
	case circuit.MLP:
		return fmt.Sprintf("blocks.%d.hook_mlp_in", n.Layer)
	default:
		return fmt.Sprintf("blocks.%d.hook_resid_post", g.Config.Layers-1)
	}
}

// meet reports whether two lists of dims have one in common.
func meet(a, b []int) bool {
	in := map[int]bool{}
	for _, d := range a {
		in[d] = true
	}
	for _, d := range b {
		if in[d] {
			return true
		}
	}
	return false
}
