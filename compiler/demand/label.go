package demand

import (
	"fmt"
	"math"

	"rasp/compiler/facts"
	"rasp/lang/graph"
	"rasp/runtime/model"
)

// Label names a function of a variable: for one value "x = v", for a code f(x).
func (l *Demands) Label(v *facts.Variable, g []float64) model.Label {
	var label model.Label
	name := "?"
	switch v.Source {
	case facts.Token:
		name = "token"
	case facts.Position:
		name = "position"
	case facts.Length:
		name = "length"
	default:
		label = LabelOf(v.Node, "")
		name = graph.Describe(v.Node)
	}
	label.What = name + l.functionText(v, g)
	l.Subjects[label.What] = name
	return label
}

// functionText says which function g is.
func (l *Demands) functionText(v *facts.Variable, g []float64) string {
	var on, off []int
	other := false // numbers beside 0 and 1
	for s, x := range g {
		switch x {
		case 1:
			on = append(on, s)
		case 0:
			off = append(off, s)
		default:
			other = other || !math.IsNaN(x)
		}
	}
	switch {
	case other:
	case len(on) == 1 && v.Size > 2:
		return " = " + l.stateText(v, on[0])
	case len(off) == 1 && len(on) > 1 && v.Size == len(on)+1:
		return " is not " + l.stateText(v, off[0])
	case len(on) > 0 && len(on)+len(off) == v.Size && len(on) <= 8:
		text := " in"
		for _, s := range on {
			text += " " + l.stateText(v, s)
		}
		return text
	}
	if numbers := l.StateNumbers(v); numbers != nil {
		if _, _, ok := facts.Affine(g, numbers); ok {
			return ""
		}
	}
	return " coded"
}

func (l *Demands) stateText(v *facts.Variable, s int) string {
	switch v.Source {
	case facts.Token:
		return l.Domain.Vocab[s].JSON()
	case facts.Position, facts.Width:
		return fmt.Sprint(s)
	case facts.Length:
		return fmt.Sprint(s + 1)
	case facts.Mean:
		return fmt.Sprintf("%d/%d", v.Sums[s].Total, v.Sums[s].Width)
	}
	return v.Table.Values[s].JSON()
}

// LabelOf labels a part of the model with the node that it works for.
func LabelOf(n *graph.Node, what string) model.Label {
	label := model.Label{What: what}
	if n != nil {
		label.Name, label.Line, label.Col = n.Name, n.Span.Line(), n.Span.Col()
	}
	return label
}
