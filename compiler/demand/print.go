package demand

import (
	"fmt"
	"io"

	"rasp/compiler/facts"
	"rasp/compiler/plan"
	"rasp/lang/diag"
)

// PrintOffers writes for each demand which constructions offered, when the function would
// be there, what it would add to the plan, and which won.
func (l *Demands) PrintOffers(w io.Writer) error {
	for _, d := range l.decisions {
		label := l.Label(d.variable, facts.FunctionWithKey(d.function, d.variable.Size))
		if _, err := fmt.Fprintf(w, "%s\n", plan.LabelText(label.Name, label.What)); err != nil {
			return err
		}
		for i, o := range d.offers {
			mark, used := "  ", ""
			if i == 0 {
				mark = "* "
				if !o.Made {
					used = ", not needed in the end"
				}
			}
			if o.Why != "" {
				used += ": " + o.Why
			}
			if _, err := fmt.Fprintf(w, "  %s%-15s %s%s%s\n", mark, o.By, when(o.When), o.Cost, used); err != nil {
				return err
			}
		}
	}
	return nil
}

func when(t int) string {
	if t >= NotAtAll {
		return "cannot"
	}
	return plan.TimeText(t)
}

// String lists what there is of it.
func (c Cost) String() string {
	text := ""
	for _, x := range []struct {
		n    int
		noun string
	}{{c.Heads, "head"}, {c.Neurons, "neuron"}, {c.Columns, "column"}} {
		if x.n > 0 {
			text += ", " + diag.Count(x.n, x.noun)
		}
	}
	return text
}
