package format

import (
	"fmt"
	"io"
	"strings"

	"rasp/runtime/circuit"
	"rasp/runtime/model"
)

// writeDot writes a graph of Graphviz: the nodes of the circuit in ranks of their
// layers, edges with their channel and how many dims they carry; what moves is drawn
// through, what does not dashed.
func writeDot(to io.Writer, g *circuit.Graph, t circuit.Truth) error {
	var b strings.Builder
	b.WriteString("digraph circuit {\n  rankdir=BT;\n  node [shape=box, fontname=\"sans-serif\"];\n  edge [fontname=\"sans-serif\", fontsize=10];\n")
	in := g.Contains(t)
	for _, n := range g.Nodes {
		if in[n.Name] {
			fmt.Fprintf(&b, "  %q [label=%s];\n", n.Name, dotText(n.Name, Title(n)))
		}
	}
	for _, layer := range ranks(g, in) {
		fmt.Fprintf(&b, "  { rank=same; %s; }\n", strings.Join(layer, "; "))
	}
	for _, e := range g.Edges {
		if !t.Has(e) {
			continue
		}
		style := "solid"
		if e.Moving == circuit.No {
			style = "dashed"
		}
		fmt.Fprintf(&b, "  %q -> %q [label=%s, style=%s];\n", e.From, e.To, dotText(strings.TrimSpace(string(e.Channel)+" "+count(len(e.Dims)))), style)
	}
	b.WriteString("}\n")
	_, err := io.WriteString(to, b.String())
	return err
}

// ranks are the quoted names of the heads of each layer that has several.
func ranks(g *circuit.Graph, in map[string]bool) [][]string {
	byLayer := make([][]string, g.Config.Layers)
	for _, n := range g.Nodes {
		if n.Kind == circuit.Head && in[n.Name] {
			byLayer[n.Layer] = append(byLayer[n.Layer], fmt.Sprintf("%q", n.Name))
		}
	}
	var some [][]string
	for _, layer := range byLayer {
		if len(layer) > 1 {
			some = append(some, layer)
		}
	}
	return some
}

// dotText is lines of text as a string of Graphviz, in which \n ends a line.
func dotText(lines ...string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i, line := range lines {
		if line == "" {
			continue
		}
		if i > 0 {
			b.WriteString(`\n`)
		}
		b.WriteString(strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", " ", "\r", " ").Replace(line))
	}
	b.WriteByte('"')
	return b.String()
}

// Title says in a few words what a node is for.
func Title(n circuit.Node) string {
	switch n.Kind {
	case circuit.MLP:
		return strings.Join(named(n.Neurons), ", ")
	case circuit.Logits:
		return strings.Join(n.Outputs, ", ")
	case circuit.Input:
		return "tokens, positions"
	default:
		return n.Label.What
	}
}

// named are the s-ops that neurons make, in order.
func named(neurons []circuit.Neuron) []string {
	list := distinct(neurons, shown)
	const most = 4
	if len(list) > most {
		list = append(list[:most-1], fmt.Sprintf("and %d more", len(list)-most+1))
	}
	return list
}

func shown(l model.Label) string {
	if l.Name != "" {
		return l.Name
	}
	return l.What
}

func count(dims int) string {
	if dims == 1 {
		return "1 dim"
	}
	return fmt.Sprintf("%d dims", dims)
}
