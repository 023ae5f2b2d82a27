package logits

import (
	"fmt"
	"io"

	"rasp/lang/graph"
)

// Print writes of each token that can come next what its logit is made of: a constant,
// and from where to where a term goes with the value by which it is told.
func Print(w io.Writer, logits []*Logit) error {
	for _, l := range logits {
		text := fmt.Sprintf("%s: %.6g", l.Token.JSON(), l.Constant)
		for i := range l.Portions {
			d := &l.Portions[i]
			lo, hi, never := d.Extent()
			text += fmt.Sprintf(" + [%.6g, %.6g]", lo, hi)
			if never {
				text += " or -Inf"
			}
			text += fmt.Sprintf(" by (%s)", graph.Describe(d.Node))
		}
		if _, err := fmt.Fprintln(w, text); err != nil {
			return err
		}
	}
	return nil
}
