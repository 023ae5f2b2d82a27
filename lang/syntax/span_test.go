package syntax

import (
	"strings"
	"testing"

	"rasp/lang/diag"
)

// children are the nodes right below a node, in the order of the text.
func children(node any) []any {
	var list []any
	add := func(xs ...Expr) {
		for _, x := range xs {
			if x != nil {
				list = append(list, x)
			}
		}
	}
	names := func(ids ...*Ident) {
		for _, id := range ids {
			list = append(list, id)
		}
	}
	body := func(stmts []Stmt) {
		for _, s := range stmts {
			list = append(list, s)
		}
	}
	switch n := node.(type) {
	case *ExprStmt:
		add(n.X)
	case *Assign:
		names(n.Names...)
		add(n.Values...)
	case *Draw:
		add(n.X, n.Input)
	case *FuncDef:
		names(n.Name)
		names(n.Params...)
		body(n.Body)
		add(n.Results...)
	case *For:
		names(n.Names...)
		add(n.In)
		body(n.Body)
	case *Command:
		add(n.Value)
	case *Unary:
		add(n.X)
	case *Binary:
		add(n.L, n.R)
	case *In:
		add(n.X, n.Set)
	case *Cond:
		add(n.Then, n.If, n.Else)
	case *Index:
		add(n.X, n.Index)
	case *Call:
		add(n.Fun)
		add(n.Args...)
	case *Paren:
		add(n.X)
	case *List:
		add(n.Elems...)
	case *Dict:
		for i := range n.Keys {
			add(n.Keys[i], n.Values[i])
		}
	case *ListComp:
		add(n.Elem)
		names(n.Names...)
		add(n.In)
	case *DictComp:
		add(n.Key, n.Value)
		names(n.Names...)
		add(n.In)
	case *Select:
		add(n.Key, n.Query)
	case *Aggregate:
		add(n.Selector, n.Values, n.Default)
	case *Builtin:
		add(n.Args...)
	}
	return list
}

func spanOfNode(node any) diag.Span { return node.(interface{ Span() diag.Span }).Span() }

// texts lists the source of a node and of all below it, parents first.
func texts(node any) []string {
	list := []string{spanOfNode(node).Text()}
	for _, child := range children(node) {
		list = append(list, texts(child)...)
	}
	return list
}

func TestSpans(t *testing.T) {
	for _, row := range [][]string{
		{"x ;", "x ;", "x"},
		{" a , b = 1 , c ; # d", "a , b = 1 , c ;", "a", "b", "1", "c"},
		{"a + b*c - d;", "a + b*c - d;", "a + b*c - d", "a + b*c", "a", "b*c", "b", "c", "d"},
		{"- not x [ 0 ];", "- not x [ 0 ];", "- not x [ 0 ]", "not x [ 0 ]", "x [ 0 ]", "x", "0"},
		{"( a )(b, c)( );", "( a )(b, c)( );", "( a )(b, c)( )", "( a )(b, c)", "( a )", "a", "b", "c"},
		{"a if b else c in d;", "a if b else c in d;", "a if b else c in d", "a if b else c", "a", "b", "c", "d"},
		{"[ 1, \"é\" ]^{ 2 : 3 };", "[ 1, \"é\" ]^{ 2 : 3 };", "[ 1, \"é\" ]^{ 2 : 3 }", "[ 1, \"é\" ]", "1", `"é"`, "{ 2 : 3 }", "2", "3"},
		{"[x for x in l];", "[x for x in l];", "[x for x in l]", "x", "x", "l"},
		{"{k: v for k, v in l};", "{k: v for k, v in l};", "{k: v for k, v in l}", "k", "v", "k", "v", "l"},
		{"round ( x ) ;", "round ( x ) ;", "round ( x )", "x"},
		{"select( a, b, != ) ;", "select( a, b, != ) ;", "select( a, b, != )", "a", "b"},
		{"aggregate(s, v, 0);", "aggregate(s, v, 0);", "aggregate(s, v, 0)", "s", "v", "0"},
		{"zip(a, b);", "zip(a, b);", "zip(a, b)", "a", "b"},
		{"draw (a, b) ;", "draw (a, b) ;", "a", "b"},
		{"def f(a) {\n b = a; # c\n return b ;\n} # d", "def f(a) {\n b = a; # c\n return b ;\n}", "f", "a", "b = a;", "b", "a", "b"},
		{"for a in b { c; }", "for a in b { c; }", "a", "b", "c;", "c"},
		{"set example  x # y", "set example  x", "x"},
		{`load "a" ;`, `load "a" ;`},
	} {
		got := texts(parse(t, row[0]).Stmts[0])
		equal(t, row[0], strings.Join(got, " | "), strings.Join(row[1:], " | "))
	}
}

func TestOperatorSpan(t *testing.T) {
	x := parseExpr(t, "a <= b").(*Binary)
	equal(t, "a <= b", x.Op.Text(), "<=")
}

func TestComments(t *testing.T) {
	file := parse(t, "# a\nx = \"#\"; #b\r\n  # c # d")
	var got []string
	for _, c := range file.Comments {
		got = append(got, c.Where.Text())
	}
	equal(t, "comments", strings.Join(got, "|"), "# a|#b|# c # d")
}
