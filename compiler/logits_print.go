package compiler

import (
	"fmt"
	"io"

	"rasp/lang/graph"
)

// printLogits writes of each token that can come next what its logit is made of.
func printLogits(w io.Writer, logits []*logit) error {
	for _, l := range logits {
		text := fmt.Sprintf("%s: %.6g", l.token.JSON(), l.constant)
		for i := range l.portions {
			d := &l.portions[i]
			lo, hi, never := d.extent()
			text += fmt.Sprintf(" + %s in %.6g..%.6g", graph.Describe(d.node), lo, hi)
			if never {
				text += " or never"
			}
		}
		if _, err := fmt.Fprintln(w, text); err != nil {
			return err
		}
	}
	return nil
}
