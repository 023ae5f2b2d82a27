package elab

import (
	"fmt"
	"sort"
	"strings"

	"rasp/lang/diag"
	"rasp/lang/graph"
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
	if near := Nearest(x.Name, names); near != "" {
		return d.WithHint("did you mean %s?", near)
	}
	return d
}

// Nearest is the candidate that name most likely is a misspelling of, "" if
// none is near: at most one edit for every three letters, and one for short
// names.
func Nearest(name string, candidates []string) string {
	sort.Strings(candidates)
	best, least := "", max(1, len(name)/3)+1
	for _, c := range candidates {
		d := distance(strings.ToLower(name), strings.ToLower(c))
		if d < least && d < len(name) {
			best, least = c, d
		}
	}
	return best
}

// distance is the number of letters to insert, delete, replace or swap with the
// next one, to make b of a.
func distance(a, b string) int {
	before, row := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	var twoBefore []int
	for i := 1; i <= len(a); i++ {
		twoBefore, before, row = before, row, make([]int, len(b)+1)
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(before[j]+1, row[j-1]+1, before[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], twoBefore[j-2]+1)
			}
		}
	}
	return row[len(b)]
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
