package syntax

import (
	"strings"
	"testing"
)

// texts lists the source of a node and of all below it, parents first.
func texts(node Node) []string {
	list := []string{node.Span().Text()}
	for _, child := range Children(node) {
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
