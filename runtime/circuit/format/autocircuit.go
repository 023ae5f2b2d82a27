package format

import (
	"fmt"
	"io"

	"rasp/runtime/circuit"
)

// autoNode has the fields of SrcNode and DestNode of auto-circuit
// (auto_circuit/types.py), in a model with separate queries, keys and values.
// Attention and MLP count as layers of their own; the embedding is layer 0.
type autoNode struct {
	Name          string `json:"name"`
	Module        string `json:"module_name"`
	Layer         int    `json:"layer"`
	Head          *int   `json:"head_idx"`
	HeadDim       *int   `json:"head_dim"`
	Weight        string `json:"weight"`
	WeightHeadDim *int   `json:"weight_head_dim"`
	SrcIdx        *int   `json:"src_idx,omitempty"`
}

type autoEdge struct {
	Name string   `json:"name"`
	Src  autoNode `json:"src"`
	Dest autoNode `json:"dest"`
}

func writeAutoCircuit(to io.Writer, g *circuit.Graph, t circuit.Truth) error {
	if g.Config.Layers == 0 {
		return errNoLayers
	}
	nodes := byName(g)
	edges := []autoEdge{}
	for _, e := range g.Edges {
		if t.Has(e) {
			src, dest := autoSource(g, nodes[e.From]), autoDestination(g, nodes[e.To], e.Channel)
			edges = append(edges, autoEdge{src.Name + "->" + dest.Name, src, dest})
		}
	}
	return encode(to, edges)
}

func autoSource(g *circuit.Graph, n circuit.Node) autoNode {
	index := 0
	node := autoNode{Name: "Resid Start", Module: "blocks.0.hook_resid_pre", Weight: "embed.W_E"}
	switch n.Kind {
	case circuit.Head:
		index = 1 + n.Layer*(g.Config.Heads+1) + n.Head
		node = autoNode{Name: fmt.Sprintf("A%d.%d", n.Layer, n.Head), Module: fmt.Sprintf("blocks.%d.attn.hook_result", n.Layer), Layer: 2*n.Layer + 1,
			Head: &n.Head, HeadDim: number(2), Weight: fmt.Sprintf("blocks.%d.attn.W_O", n.Layer), WeightHeadDim: number(0)}
	case circuit.MLP:
		index = (n.Layer + 1) * (g.Config.Heads + 1)
		node = autoNode{Name: fmt.Sprintf("MLP %d", n.Layer), Module: fmt.Sprintf("blocks.%d.hook_mlp_out", n.Layer), Layer: 2*n.Layer + 2,
			Weight: fmt.Sprintf("blocks.%d.mlp.W_out", n.Layer)}
	}
	node.SrcIdx = &index
	return node
}

func autoDestination(g *circuit.Graph, n circuit.Node, c circuit.Channel) autoNode {
	switch n.Kind {
	case circuit.Head:
		letter := map[circuit.Channel]string{circuit.Query: "Q", circuit.Key: "K", circuit.Value: "V"}[c]
		return autoNode{Name: fmt.Sprintf("A%d.%d.%s", n.Layer, n.Head, letter), Module: fmt.Sprintf("blocks.%d.hook_%s_input", n.Layer, c), Layer: 2*n.Layer + 1,
			Head: &n.Head, HeadDim: number(2), Weight: fmt.Sprintf("blocks.%d.attn.W_%s", n.Layer, letter), WeightHeadDim: number(0)}
	case circuit.MLP:
		return autoNode{Name: fmt.Sprintf("MLP %d", n.Layer), Module: fmt.Sprintf("blocks.%d.hook_mlp_in", n.Layer), Layer: 2*n.Layer + 2,
			Weight: fmt.Sprintf("blocks.%d.mlp.W_in", n.Layer)}
	default:
		last := g.Config.Layers - 1
		return autoNode{Name: "Resid End", Module: fmt.Sprintf("blocks.%d.hook_resid_post", last), Layer: 2*g.Config.Layers + 1, Weight: "unembed.W_U"}
	}
}

func number(n int) *int { return &n }
