package naming

import (
	"fmt"
	"io"
	"strings"

	"rasp/runtime/model"
)

// Print writes names, a line each.
func Print(to io.Writer, n *model.Names) error {
	var b strings.Builder
	for _, s := range n.SOps {
		held := "held"
		if !s.Held {
			held = s.Why
		}
		fmt.Fprintf(&b, "s-op %s: %s\n", s.Name, held)
	}
	for i, d := range n.Dims {
		fmt.Fprintf(&b, "%s  dim %d: %s (%s)\n", d.Written, i, d.Name, d.Kind)
	}
	for l := range n.Heads {
		for i, h := range n.Heads[l] {
			fmt.Fprintf(&b, "blocks.%d.attn  head %d: %s (%s)\n", l, i, h.Name, h.Kind)
		}
		for i, x := range n.Neurons[l] {
			fmt.Fprintf(&b, "blocks.%d.mlp  neuron %d: %s (%s)\n", l, i, x.Name, x.Kind)
		}
	}
	_, err := io.WriteString(to, b.String())
	return err
}
