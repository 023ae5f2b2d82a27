package compiler

import (
	"fmt"
	"io"
)

// printOffers writes for each demand which constructions offered, when the function would
// be there, what it would add to the plan, and which won.
func (l *demands) printOffers(w io.Writer) error {
	for _, d := range l.decisions {
		label := l.label(d.variable, d.function)
		if _, err := fmt.Fprintf(w, "%s\n", labelText(label.Name, label.What)); err != nil {
			return err
		}
		for i, o := range d.offers {
			mark, used := "  ", ""
			if i == 0 {
				mark = "* "
				if !o.made {
					used = ", not needed in the end"
				}
			}
			if _, err := fmt.Fprintf(w, "  %s%-15s %s%s%s\n", mark, o.by, when(o.when), o.cost, used); err != nil {
				return err
			}
		}
	}
	return nil
}

func when(t int) string {
	if t >= notAtAll {
		return "cannot"
	}
	return timeText(t)
}

// String lists what there is of it.
func (c cost) String() string {
	text := ""
	for _, x := range []struct {
		n    int
		noun string
	}{{c.heads, "head"}, {c.neurons, "neuron"}, {c.columns, "column"}} {
		switch {
		case x.n == 1:
			text += ", 1 " + x.noun
		case x.n > 1:
			text += fmt.Sprintf(", %d %ss", x.n, x.noun)
		}
	}
	return text
}
