package interp

import (
	"errors"
	"fmt"

	"rasp/lang/diag"
	"rasp/lang/graph"
	"rasp/lang/value"
)

// Fault says which node has no value at which position, and why.
type Fault struct {
	Kind     diag.Kind
	Class    diag.Class
	Message  string
	Hint     string      // what to write instead; may be empty
	Node     *graph.Node // nil if the input itself is at fault
	Position int         // from 0; the row, for a selector; -1 without a node
	// Span is the expression that met it: that of the node or, for one that the language
	// has by itself, what uses it. It is empty if only an output does, or without a node.
	Span diag.Span
}

func (f *Fault) Error() string {
	if f.Node == nil {
		return f.Message
	}
	return fmt.Sprintf("%s (position %d)", f.Message, f.Position)
}

// fault adds the place to what value or a node of this package says.
func fault(node *graph.Node, position int, err error) *Fault {
	f := &Fault{Kind: diag.Value, Message: err.Error(), Node: node, Position: position}
	var why *value.Fault
	if errors.As(err, &why) {
		f.Kind, f.Class = why.Kind, why.Class
	}
	return f
}

// misfit is the fault of an s-op whose elements have no common type.
func misfit(node *graph.Node, sequence []value.Value, err error) *Fault {
	position := 0
	for sequence[position].IsNumber() == sequence[0].IsNumber() {
		position++
	}
	f := fault(node, position, err)
	if node.Op == graph.Aggregate {
		f.Hint = "a row that selects nothing gives the default, the third argument of aggregate, 0 if omitted"
	}
	return f
}
