package check

import (
	"strings"

	"rasp/lang/diag"
	"rasp/lang/syntax"
	"rasp/lang/value"
)

// misread warns of a and s in [..], which looks for (a and s) in the list, as in binds after
// all other operators: of what gives bools on the left, and no bool on the right.
func misread(x *syntax.In) *diag.Diagnostic {
	list, ok := x.Set.(*syntax.List)
	if !ok || len(list.Elems) == 0 {
		return nil
	}
	for _, elem := range list.Elems {
		literal, ok := elem.(*syntax.Literal)
		if !ok || literal.Value.Kind() == value.Bool {
			return nil
		}
	}
	before, last, word := "", syntax.Expr(nil), ""
	switch left := x.X.(type) {
	case *syntax.Unary:
		if left.Fn != value.Not {
			return nil
		}
		before, last, word = "not", left.X, "not"
	case *syntax.Binary:
		if left.Fn != value.And && left.Fn != value.Or {
			return nil
		}
		word = left.Fn.String()
		before, last = left.L.Span().Text()+" "+word, left.R
	default:
		return nil
	}
	d := diag.Warningf(x.Span(), diag.Value, "in binds after %s: this looks for the result of %s in the list", word, word)
	if _, compound := last.(*syntax.Binary); compound {
		return d
	}
	if text := x.Span().Text(); len(text) <= 60 && !strings.Contains(text, "\n") {
		d.WithHint("write %s (%s in %s)", before, last.Span().Text(), list.Span().Text())
	}
	return d
}
