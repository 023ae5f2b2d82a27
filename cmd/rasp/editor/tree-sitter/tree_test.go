package treesitter_test

import (
	"fmt"
	"strings"

	sitter "github.com/tree-sitter/go-tree-sitter"

	"rasp/lang/diag"
	"rasp/lang/syntax"
	"rasp/lang/value"
)

// outline is a tree in lines: the kind of a node, its operator, and where it stands.
type outline struct {
	strings.Builder
	depth int
}

func (o *outline) node(head string, inside func()) {
	fmt.Fprintf(o, "%s%s\n", strings.Repeat("  ", o.depth), head)
	o.depth++
	inside()
	o.depth--
}

// placeless are kinds of nodes that our tree has without a place, or not at all.
var placeless = map[string]bool{"source_file": true, "parameters": true, "block": true, "return_statement": true, "arguments": true, "comparison": true}

// theirs adds the named nodes of tree-sitter's tree.
func (o *outline) theirs(n *sitter.Node, text []byte) {
	if n.IsExtra() {
		return
	}
	head := n.Kind()
	if operator := n.ChildByFieldName("operator"); operator != nil && head == "binary" {
		head += " " + operator.Utf8Text(text)
	}
	if !placeless[n.Kind()] {
		head += fmt.Sprintf(" %d-%d", n.StartByte(), n.EndByte())
	}
	o.node(head, func() {
		if n.Kind() == "load_statement" { // the path of ours has no place
			return
		}
		for i := range n.NamedChildCount() {
			o.theirs(n.NamedChild(i), text)
		}
	})
}

func (o *outline) file(f *syntax.File) {
	o.node("source_file", func() { o.stmts(f.Stmts) })
}

func (o *outline) stmts(list []syntax.Stmt) {
	for _, s := range list {
		o.stmt(s)
	}
}

func at(kind string, where diag.Span) string {
	return fmt.Sprintf("%s %d-%d", kind, where.Start, where.End)
}

func (o *outline) stmt(s syntax.Stmt) {
	switch s := s.(type) {
	case *syntax.ExprStmt:
		o.node(at("expression_statement", s.Where), func() { o.exprs(s.X) })
	case *syntax.Assign:
		o.node(at("assignment", s.Where), func() { o.idents(s.Names); o.exprs(s.Values...) })
	case *syntax.Draw:
		o.node(at("draw_statement", s.Where), func() { o.exprs(s.X, s.Input) })
	case *syntax.Load:
		o.node(at("load_statement", s.Where), func() {})
	case *syntax.Command:
		o.node(at("command", s.Where), func() { o.exprs(s.Value) })
	case *syntax.For:
		o.node(at("for_statement", s.Where), func() {
			o.idents(s.Names)
			o.exprs(s.In)
			o.node("block", func() { o.stmts(s.Body) })
		})
	case *syntax.FuncDef:
		o.node(at("function_definition", s.Where), func() {
			o.exprs(s.Name)
			o.node("parameters", func() { o.idents(s.Params) })
			o.node("block", func() {
				o.stmts(s.Body)
				o.node("return_statement", func() { o.exprs(s.Results...) })
			})
		})
	}
}

func (o *outline) idents(list []*syntax.Ident) {
	for _, x := range list {
		o.exprs(x)
	}
}

// exprs adds expressions; those that are absent are nil.
func (o *outline) exprs(list ...syntax.Expr) {
	for _, x := range list {
		if x != nil {
			o.expr(x)
		}
	}
}

func (o *outline) expr(x syntax.Expr) {
	leaf := func() {}
	switch x := x.(type) {
	case *syntax.Ident:
		o.node(at("identifier", x.Where), leaf)
	case *syntax.Literal:
		kind := "number"
		if x.Value.Kind() == value.String {
			kind = "string"
		}
		o.node(at(kind, x.Where), leaf)
	case *syntax.Unary:
		o.node(at("unary", x.Where), func() { o.exprs(x.X) })
	case *syntax.Binary:
		o.node(at("binary "+x.Op.Text(), x.Where), func() { o.exprs(x.L, x.R) })
	case *syntax.In:
		o.node(at("binary in", x.Where), func() { o.exprs(x.X, x.Set) })
	case *syntax.Cond:
		o.node(at("conditional", x.Where), func() { o.exprs(x.Then, x.If, x.Else) })
	case *syntax.Index:
		o.node(at("index", x.Where), func() { o.exprs(x.X, x.Index) })
	case *syntax.Call:
		o.node(at("call", x.Where), func() {
			o.exprs(x.Fun)
			o.node("arguments", func() { o.exprs(x.Args...) })
		})
	case *syntax.Paren:
		o.node(at("parenthesized", x.Where), func() { o.exprs(x.X) })
	case *syntax.Select:
		o.node(at("select", x.Where), func() { o.exprs(x.Key, x.Query); o.node("comparison", leaf) })
	case *syntax.Aggregate:
		o.node(at("aggregate", x.Where), func() { o.exprs(x.Selector, x.Values, x.Default) })
	case *syntax.Builtin:
		o.node(at("builtin_call", x.Where), func() { o.exprs(x.Args...) })
	default:
		o.container(x)
	}
}

func (o *outline) container(x syntax.Expr) {
	switch x := x.(type) {
	case *syntax.List:
		o.node(at("list", x.Where), func() { o.exprs(x.Elems...) })
	case *syntax.ListComp:
		o.node(at("list_comprehension", x.Where), func() { o.exprs(x.Elem); o.idents(x.Names); o.exprs(x.In) })
	case *syntax.Dict:
		o.node(at("dict", x.Where), func() {
			for i := range x.Keys {
				o.entry(x.Keys[i], x.Values[i])
			}
		})
	case *syntax.DictComp:
		o.node(at("dict_comprehension", x.Where), func() { o.entry(x.Key, x.Value); o.idents(x.Names); o.exprs(x.In) })
	}
}

func (o *outline) entry(key, val syntax.Expr) {
	o.node(at("entry", key.Span().To(val.Span())), func() { o.exprs(key, val) })
}
