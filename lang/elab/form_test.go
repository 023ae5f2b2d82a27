package elab

import (
	"fmt"
	"strings"
	"testing"

	"rasp/lang/graph"
	"rasp/lang/interp"
	"rasp/lang/value"
)

// form prints a value; s-ops and selectors as the expression that they are.
func form(v Value) string {
	switch v := v.(type) {
	case Atom:
		return atomForm(v.Value)
	case *List:
		var parts []string
		for _, e := range v.Elems {
			parts = append(parts, form(e))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case *Dict:
		var parts []string
		for i, key := range v.Keys {
			parts = append(parts, atomForm(key)+": "+form(v.Values[i]))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case *Function:
		return v.Creator + " " + v.Def.Signature()
	case *Application:
		return nodeForm(v.Of) + value.FormatSequence(v.Input)
	case nil:
		return "nothing"
	}
	return nodeForm(nodeOf(v))
}

func atomForm(v value.Value) string {
	if v.Kind() == value.String {
		return `"` + v.Text() + `"`
	}
	return v.String()
}

func nodeForm(n *graph.Node) string {
	args := make([]string, len(n.Args))
	for i, a := range n.Args {
		args[i] = nodeForm(a)
	}
	list := func(values []value.Value) string {
		var parts []string
		for _, v := range values {
			parts = append(parts, atomForm(v))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	}
	switch n.Op {
	case graph.Tokens, graph.Indices:
		return n.Name
	case graph.Const:
		return atomForm(n.Value)
	case graph.Unary:
		return fmt.Sprintf("%s(%s)", n.Fn, args[0])
	case graph.Binary:
		return fmt.Sprintf("(%s %s %s)", args[0], n.Fn, args[1])
	case graph.Ternary:
		return fmt.Sprintf("(%s if %s else %s)", args[1], args[0], args[2])
	case graph.In:
		return fmt.Sprintf("(%s in %s)", args[0], list(n.List))
	case graph.Lookup:
		return fmt.Sprintf("%s[%s]", list(n.List), args[0])
	case graph.LookupKey:
		return fmt.Sprintf("{%s: %s}[%s]", list(n.Keys), list(n.List), args[0])
	case graph.Aggregate:
		return fmt.Sprintf("aggregate(%s, %s, %s)", args[0], args[1], atomForm(n.Value))
	case graph.Select:
		return fmt.Sprintf("select(%s, %s, %s)", args[0], args[1], n.Fn)
	case graph.SelAnd:
		return fmt.Sprintf("(%s and %s)", args[0], args[1])
	case graph.SelOr:
		return fmt.Sprintf("(%s or %s)", args[0], args[1])
	case graph.SelNot:
		return fmt.Sprintf("not(%s)", args[0])
	}
	return "?"
}

// evaluate runs an s-op or selector on the characters of text.
func evaluate(t *testing.T, v Value, causal bool, text string) string {
	t.Helper()
	n := nodeOf(v)
	e := interp.New(causal, n)
	if err := e.Run(characters(text)); err != nil {
		return "fault: " + err.Error()
	}
	if !n.IsSelector() {
		return value.FormatSequence(e.Sequence(n))
	}
	var rows []string
	for _, row := range e.Matrix(n) {
		bits := ""
		for _, selected := range row {
			bits += map[bool]string{true: "1", false: "0"}[selected]
		}
		rows = append(rows, bits)
	}
	return strings.Join(rows, " ")
}
