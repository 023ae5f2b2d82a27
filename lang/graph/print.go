package graph

import (
	"fmt"
	"io"
	"strings"
)

// Print writes what the roots depend on, operands before users, a line each.
func Print(w io.Writer, roots ...*Node) error {
	for _, n := range Reachable(roots...) {
		if _, err := fmt.Fprintln(w, n); err != nil {
			return err
		}
	}
	return nil
}

// String is one line for a node: number, operation, operands, name.
func (n *Node) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%%%d = ", n.ID)
	switch n.Op {
	case Const:
		b.WriteString(n.Value.JSON())
	case Tokens:
		b.WriteString([...]string{"tokens_asis", "tokens_str", "tokens_int", "tokens_float", "tokens_bool"}[n.Base])
	default:
		b.WriteString([...]string{
			Indices: "indices", Unary: n.Fn.String(), Binary: n.Fn.String(), Ternary: "if",
			In: "in", Lookup: "lookup", LookupKey: "lookup key", Row: "row", Cell: "cell",
			Aggregate: "aggregate", Width: "selector_width", Any: "any",
			Select: "select " + n.Fn.String(), SelAnd: "and", SelOr: "or", SelNot: "not", SelOnly: "only",
		}[n.Op])
	}
	for _, a := range n.Args {
		fmt.Fprintf(&b, " %%%d", a.ID)
	}
	for i, v := range n.List {
		if i < len(n.Keys) {
			fmt.Fprintf(&b, " %s:", n.Keys[i].JSON())
		}
		if i < len(n.Places) {
			fmt.Fprintf(&b, " %d:", n.Places[i])
		}
		fmt.Fprintf(&b, " %s", v.JSON())
	}
	if n.Op == Row {
		fmt.Fprintf(&b, " of %d", len(n.Trie.Rows))
	}
	if n.Op == Aggregate || n.Op == Cell {
		fmt.Fprintf(&b, " default %s", n.Value.JSON())
	}
	if n.Name != "" {
		fmt.Fprintf(&b, "  # %s", n.Name)
	}
	return b.String()
}
