package rules

import (
	"strings"
	"testing"

	"rasp/lang/diag"
	"rasp/lang/element"
	"rasp/lang/syntax"
	"rasp/lang/value"
)

// expression parses a program that is one expression.
func expression(t *testing.T, text string) syntax.Expr {
	t.Helper()
	file, faults := syntax.Parse(diag.NewSource("test", text+";"))
	if faults != nil {
		t.Fatal(faults)
	}
	return file.Stmts[0].(*syntax.ExprStmt).X
}

var (
	tokens = Operand{Kinds: SOp, Elems: element.Strings, Tokens: true}
	ints   = OfElements(element.Ints)
	one    = OfAtom(value.OfInt(1))
)

// TestBinaryFaults: of which operand an operator complains, how, and with which
// hint.
func TestBinaryFaults(t *testing.T) {
	for _, test := range []struct {
		text          string
		a, b          Operand
		at            string // the text that is reported
		class         diag.Class
		message, hint string
	}{
		{"x - y", tokens, one, "x - y", diag.Failed, "cannot compute strings - ints", "x holds strings; tokens_int and tokens_float read them as numbers"},
		{"y * (s)", one, Operand{Kinds: Selector}, "(s)", diag.Refused, "cannot compute * with a selector", "selector_width(s)"},
		{"s and y", Operand{Kinds: Selector}, one, "y", diag.Refused, "and joins two selectors; this is an int", ""},
		{"x + l", ints, Operand{Kinds: List}, "l", diag.Failed, "a list stands where an s-op or an atom is needed", ""},
		{"x or l", ints, Operand{Kinds: List | Dict}, "l", diag.Refused, "a list or a dict stands where an s-op or an atom is needed", ""},
		{"l + p", Operand{Kinds: List}, Operand{Kinds: Application}, "p", diag.Refused, "the result of applying an s-op to an input can only be printed", ""},
		{"l * y", Operand{Kinds: List}, Operand{Kinds: Text | Dict}, "l * y", diag.Failed, "a list is repeated an int number of times, not a string or a dict", ""},
		{"f < g", Operand{Kinds: Function}, Operand{Kinds: Function}, "f < g", diag.Failed, "cannot order a function and a function", ""},
		{"l - m", Operand{Kinds: List}, Operand{Kinds: List}, "l - m", diag.Failed, "cannot compute a list - a list", ""},
		{"x % y", ints, OfAtom(value.OfFloat(0)), "x % y", diag.Failed, "division by zero", ""},
	} {
		x := expression(t, test.text).(*syntax.Binary)
		_, fault := Binary(x.Fn, test.a, test.b)
		if fault == nil {
			t.Errorf("%s: no fault", test.text)
			continue
		}
		d := Place{}.Diagnose(fault, x, x.L, x.R)
		if d.Span.Text() != test.at || d.Class != test.class || d.Message != test.message || d.Hint != test.hint {
			t.Errorf("%s: %q, class %d: %s (hint: %s)", test.text, d.Span.Text(), d.Class, d.Message, d.Hint)
		}
	}
}

// TestPlace: a fault in the library is that of the call, and no hint quotes the
// library or a text that is long; a hint that quotes nothing stays.
func TestPlace(t *testing.T) {
	site := expression(t, "sort(tokens, full_s)").Span()
	x, long := expression(t, "s"), expression(t, strings.Repeat("s", 41))
	width, needs := Everywhere.Take(Operand{Kinds: Selector}), AggregateBy.Take(one)
	for _, test := range []struct {
		place Place
		x     syntax.Expr
		fault *Fault
		at    string
		hint  string
	}{
		{Place{}, x, width, "s", "selector_width(s)"},
		{Place{}, long, width, long.Span().Text(), ""},
		{Place{site}, x, width, site.Text(), ""},
		{Place{site}, x, needs, site.Text(), "aggregate(selector, values, default)"},
	} {
		d := test.place.Diagnose(test.fault, test.x)
		if d.Span.Text() != test.at || d.Hint != test.hint {
			t.Errorf("%s: at %q, hint %q", d.Message, d.Span.Text(), d.Hint)
		}
	}
}

// TestInLast: the hint about in is for a list with an operator after it.
func TestInLast(t *testing.T) {
	for text, want := range map[string]string{
		"s in [1] or t":       "in binds after and, or and ==: write (s in [1])",
		"(s) in [1] == t + u": "in binds after and, or and ==: write (s in [1])",
		"s in [1]":            "",
		"s in t or [1]":       "",
	} {
		d := diag.Errorf(diag.Span{}, diag.Type, "a fault")
		Place{}.InLast(d, expression(t, text).(*syntax.In))
		if d.Hint != want {
			t.Errorf("%s: %q", text, d.Hint)
		}
	}
}

// TestElement: indices count from both ends.
func TestElement(t *testing.T) {
	for _, test := range []struct{ i, n, want int64 }{{0, 3, 0}, {2, 3, 2}, {-1, 3, 2}, {-3, 3, 0}, {3, 3, -1}, {-4, 3, -1}, {0, 0, -1}} {
		at, fault := Element(List, value.OfInt(test.i), int(test.n))
		if (fault == nil) != (test.want >= 0) || fault == nil && at != int(test.want) {
			t.Errorf("%d of %d: %d, %v", test.i, test.n, at, fault)
		}
	}
	huge, _ := value.Binary(value.Pow, value.OfInt(10), value.OfInt(30))
	if _, fault := Element(Text, huge, 3); fault == nil || !strings.Contains(fault.Message, "out of range for string of length 3") {
		t.Errorf("10^30 of 3: %v", fault)
	}
}
