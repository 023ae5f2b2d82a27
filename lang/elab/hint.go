package elab

import (
	"fmt"
	"strings"

	"rasp/lang/diag"
	"rasp/lang/graph"
	"rasp/lang/spell"
	"rasp/lang/syntax"
)

// undefined reports a name that nothing binds, with the nearest one that
// something does.
func (f *frame) undefined(x *syntax.Ident) error {
	d := f.errorf(x.Span(), diag.Undefined, "undefined variable %s", x.Name)
	switch x.Name {
	case "select", "aggregate", "range", "zip", "len":
		return d.WithHint("no blank may stand before the parenthesis: %s(..)", x.Name)
	}
	var names []string
	for s := f.scope; s != nil; s = s.parent {
		names = append(names, s.names()...)
	}
	if near := spell.Nearest(x.Name, names); near != "" {
		return d.WithHint("did you mean %s?", near)
	}
	return d
}

// stringHint tells how to get numbers out of tokens, if one of the operands is
// tokens.
func (f *frame) stringHint(d *diag.Diagnostic, operands ...syntax.Expr) *diag.Diagnostic {
	if f.inLibrary() {
		return d
	}
	for _, x := range operands {
		name, ok := x.(*syntax.Ident)
		if !ok {
			continue
		}
		v, _ := f.scope.lookup(name.Name)
		if v == nil {
			continue
		}
		if n := nodeOf(v.value); n != nil && n.Op == graph.Tokens && n.Base == graph.Str {
			return d.WithHint("%s holds strings; tokens_int and tokens_float read them as numbers", name.Name)
		}
	}
	return d
}

// hintLoad tells how to fetch from positions that differ.
func (f *frame) hintLoad(d *diag.Diagnostic, x *syntax.Index) *diag.Diagnostic {
	s, i := sourceOf(x.X), sourceOf(x.Index)
	if f.inLibrary() || s == "" || i == "" {
		return d
	}
	return d.WithHint("load_from_location(%s, %s)", s, i)
}

// lenHint tells how to measure what is no list.
func (f *frame) lenHint(d *diag.Diagnostic, v Value) *diag.Diagnostic {
	switch v.(type) {
	case SOp:
		return d.WithHint("length is the length of the input")
	case *Dict:
		return d.WithHint("len([k for k in ..]) counts the keys of a dict")
	}
	return d
}

// sourceOf is the text of a short expression on one line, without the
// parentheses around it.
func sourceOf(x syntax.Expr) string {
	for {
		p, ok := x.(*syntax.Paren)
		if !ok {
			break
		}
		x = p.X
	}
	const longest = 40
	text := x.Span().Text()
	if len(text) > longest || strings.Contains(text, "\n") {
		return ""
	}
	return text
}

// spanOf is the span from the first to the last expression.
func spanOf(xs []syntax.Expr) diag.Span {
	return xs[0].Span().To(xs[len(xs)-1].Span())
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
