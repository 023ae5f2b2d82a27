package compiler

import (
	"fmt"

	"rasp/lang/graph"
	"rasp/runtime/model"
)

// label names a function of a variable: for one value "x = v", for a code f(x).
func (l *demands) label(v *variable, g []float64) model.Label {
	var label model.Label
	name := "?"
	switch v.kind {
	case tokenVariable:
		name = "token"
	case positionVariable:
		name = "position"
	case lengthVariable:
		name = "length"
	default:
		label = labelOf(v.node, "")
		name = graph.Describe(v.node)
	}
	label.What = name + l.functionText(v, g)
	l.subjects[label.What] = name
	return label
}

// functionText says which function g is.
func (l *demands) functionText(v *variable, g []float64) string {
	var on, off []int
	for s, x := range g {
		switch x {
		case 1:
			on = append(on, s)
		case 0:
			off = append(off, s)
		}
	}
	switch {
	case len(on) == 1 && v.size > 2:
		return " = " + l.stateText(v, on[0])
	case len(off) == 1 && len(on) > 1 && v.size == len(on)+1:
		return " is not " + l.stateText(v, off[0])
	case len(on) > 0 && len(on)+len(off) == v.size && len(on) <= 8:
		text := " in"
		for _, s := range on {
			text += " " + l.stateText(v, s)
		}
		return text
	}
	if numbers := l.stateNumbers(v); numbers != nil {
		if _, _, ok := affine(g, numbers); ok {
			return ""
		}
	}
	return " coded"
}

func (l *demands) stateText(v *variable, s int) string {
	switch v.kind {
	case tokenVariable:
		return l.domain.Vocab[s].JSON()
	case positionVariable, widthVariable:
		return fmt.Sprint(s)
	case lengthVariable:
		return fmt.Sprint(s + 1)
	case meanVariable:
		return fmt.Sprintf("%d/%d", v.sums[s].total, v.sums[s].width)
	}
	return v.table.values[s].JSON()
}

// labelOf labels a part of the model with the node that it works for.
func labelOf(n *graph.Node, what string) model.Label {
	label := model.Label{What: what}
	if n != nil {
		label.Name, label.Line, label.Col = n.Name, n.Span.Line(), n.Span.Col()
	}
	return label
}
