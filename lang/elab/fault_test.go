package elab

import (
	"fmt"
	"strings"
	"testing"

	"rasp/lang/diag"
)

// at is the kind and place of a fault: "type 1:5".
func at(d *diag.Diagnostic) string {
	return fmt.Sprintf("%s %d:%d", d.Kind, d.Span.Line(), d.Span.Col())
}

func places(faults diag.List) string {
	var list []string
	for _, d := range faults {
		list = append(list, at(d))
	}
	return strings.Join(list, ", ")
}

// TestFaults: the only fault of each program, and a part of its message and
// hint.
func TestFaults(t *testing.T) {
	for _, test := range []struct{ text, where, says string }{
		{"x = y;", "undefined 1:5", "undefined variable y"},
		{"x = lenght;", "undefined 1:5", "did you mean length?"},
		{"tokens in \"ab\";", "type 1:11", `write the characters as a list: ["a", "b"]`},
		{"{\"a\": {\"b\": 1}}[tokens];", "type 1:1", "lookup(table, tokens, 0)"},
		{"len (3);", "undefined 1:1", "no blank may stand"},
		{"x = get;", "undefined 1:5", ""},
		{"out;", "undefined 1:1", "none yet"},
		{`load "p";`, "undefined 1:1", "could not find file: p.rasp"},

		{"length = 3;", "reserved 1:1", "length"},
		{"indices = 3;", "reserved 1:1", ""},
		{"def sort(x) { return x; }", "reserved 1:5", ""},
		{"for max in [1] { x = 1; }", "reserved 1:5", ""},
		{"a, sort = 1, 2;", "reserved 1:4", ""},
		{"def f(out) { return 1; }\nf(1);", "reserved 1:7", "my_out"},
		{"[out for out in [1]];", "reserved 1:10", ""},

		{"sort(tokens);", "arity 1:1", "sort(seq, key)"},
		{"def f() { return 1; } f(1);", "arity 1:23", "f needs 0 arguments, found 1"},
		{`tokens("a","b");`, "arity 1:1", ""},
		{"length();", "arity 1:1", ""},
		{"x, y = [1,2,3];", "arity 1:1", "2 names for a list of 3"},
		{"for x, y in [[1]] { z = 1; }", "arity 1:5", ""},
		{"range(1,2,3,4);", "arity 1:1", "1 to 3"},

		{"tokens + 1;", "type 1:1", "tokens_int"},
		{"1 - tokens;", "type 1:1", "strings"},
		{`indices + "a";`, "type 1:1", ""},
		{"-tokens;", "type 1:1", ""},
		{"round(tokens);", "type 1:1", ""},
		{"tokens < 1;", "type 1:1", ""},
		{"select(tokens, 1, <);", "type 1:1", "order"},
		{"full_s + 1;", "type 1:1", "selector_width(full_s)"},
		{"1 + (full_s);", "type 1:5", "selector_width(full_s)"},
		{"full_s == full_s;", "type 1:1", ""},
		{"full_s and 1;", "type 1:12", "an int"},
		{"True or full_s;", "type 1:1", "a bool"},
		{"-full_s;", "type 1:2", ""},
		{"1 if full_s else 2;", "type 1:6", "has_focus(full_s)"},
		{"1 if indices else full_s;", "type 1:19", ""},
		{"[1] if indices else 1;", "type 1:1", "a list"},
		{"tokens < [1];", "type 1:10", "a list"},
		{"tokens and sort;", "type 1:12", "a function"},
		{"indicator(1);", "type 1:11", "an int"},
		{"indicator(full_s);", "type 1:11", ""},
		{"aggregate(tokens, 1);", "type 1:11", "needs a selector"},
		{"aggregate(full_s, full_s);", "type 1:19", ""},
		{"aggregate(full_s, 1, indices);", "type 1:22", "default"},
		{"select(full_s, 1, ==);", "type 1:8", ""},
		{"indices in [[1]];", "type 1:12", "element 0 is a list"},
		{"indices in tokens;", "type 1:12", ""},
		{`"a" in "abc";`, "type 1:8", ""},
		{"[1] in [1];", "type 1:1", ""},
		{"1 in [indices];", "type 1:6", ""},
		{"[1][1.0];", "type 1:5", ""},
		{"[1][tokens];", "type 1:5", "strings"},
		{"[[1]][indices];", "type 1:1", ""},
		{"{1:2}[[1]];", "type 1:7", ""},
		{"3[0];", "type 1:1", ""},
		{"{[1]:2};", "type 1:2", ""},
		{"1(2);", "type 1:1", "cannot be called"},
		{"tokens(1);", "type 1:8", ""},
		{"tokens([[1]]);", "type 1:8", ""},
		{"draw(full_s);", "type 1:6", ""},
		{"x = tokens(\"a\");", "type 1:1", "printed"},
		{"[tokens(\"a\")];", "type 1:1", ""},
		{"tokens(\"a\") + 1;", "type 1:1", ""},
		{"not tokens(\"a\");", "type 1:5", ""},
		{"for i in tokens { x = i; }", "type 1:10", "no loop"},
		{`[c for c in "abc"];`, "type 1:13", ""},
		{"x, y = 5;", "type 1:8", ""},
		{"len(tokens);", "type 1:5", "length is"},
		{`zip("a","b");`, "type 1:5", ""},
		{"range(1.0);", "type 1:7", ""},
		{`1 + "a";`, "type 1:1", ""},
		{"[1] + 1;", "type 1:1", ""},
		{"[1] * 1.0;", "type 1:1", ""},
		{"sort < sort;", "type 1:1", ""},
		{`[1] < ["a"];`, "type 1:1", ""},
		{"count(1,2);", "type 1:1", "count(seq, v)"},
		{"x = sort(tokens, full_s);", "type 1:5", "sort(seq, key) of an s-op of strings and a selector: "},

		{"1/0;", "value 1:1", ""},
		{"x = indices % 0;", "value 1:5", "division by zero"},
		{"{1:2}[3];", "value 1:7", "no key"},
		{"range(1,2,0);", "value 1:11", ""},
		{"zip([1],[]);", "value 1:9", ""},
		{`tokens("");`, "value 1:8", ""},
		{"tokens[indices];", "value 1:8", "load_from_location(tokens, indices)"},
		{`tokens["a"];`, "value 1:8", ""},

		{"[1,2][2];", "index 1:7", "length 2"},
		{`"ab"[-3];`, "index 1:6", ""},
		{"[][indices];", "index 1:4", ""},
	} {
		_, _, faults := elaborate(test.text, nil)
		if got := places(faults); got != test.where {
			t.Errorf("%s\n got %s\nwant %s", test.text, got, test.where)
			continue
		}
		if said := faults[0].Message + " " + faults[0].Hint; !strings.Contains(said, test.says) {
			t.Errorf("%s\nsays %q, not %q", test.text, said, test.says)
		}
	}
}

// TestAccepted: programs that fail on some inputs but not on all.
func TestAccepted(t *testing.T) {
	for _, text := range []string{
		"tokens_asis + 1;",
		"tokens_asis + \"a\";",
		"tokens_int / tokens_float;",
		`"a" if indices==0 else 2;`,
		`("a" if indices==0 else 2) + 1;`,
		"aggregate(full_s, tokens) + 1;",
		"aggregate(full_s, tokens);",
		`aggregate(full_s, 1, "a") + "b";`,
		"tokens_bool + 1;",
		"tokens * 2;",
		"tokens * tokens_bool;",
		"[1,\"a\"][indices] + 1;",
		"{1:2,3:\"a\"}[indices] + 1;",
		"select(tokens_asis, 1, <);",
		"1 / indices;",
		"indices ^ -1;",
		"tokens[0] + 1;",
		"tokens == 1;",
		"not tokens and 1;",
		"(tokens in [1]) + 1;",
		"(\"a\" in tokens) + 1;",
	} {
		if _, _, faults := elaborate(text, nil); len(faults) > 0 {
			t.Errorf("%s\n%s", text, faults)
		}
	}
}

// TestManyFaults: each fault is reported once, at its place, and causes no
// others.
func TestManyFaults(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"a = tokens + 1;\nb = a + 1;\nc = b + undefined1;\nd = 1/0;", "type 1:5, value 4:5"},
		{"a = 1 + ;\nb = a + 1;\nc = d;", "syntax 1:9, undefined 3:5"},
		{"def f(x) { y = x + ; return y; }\na = f(1) + 1;", "syntax 1:20"},
		{"for i in [1, \"a\"] { j = i - 1; }\nj; i;", "type 1:25"},
		{"load \"p\";\na = b;\nc = 1/0;", "undefined 1:1, value 3:5"},
		{"def f() { load \"p\"; return b; }\na = f() + 1;", "undefined 1:11"},
		{"for i in [1] { load \"p\"; }\na;", "undefined 1:16"},
		{"a = 1/0;\na = 2;\nb = a + \"x\";", "value 1:5, type 3:5"},
		{"length = 1/0;\na = length + full_s;", "value 1:10, type 2:14"},
		{"a = b;\nout + 1;\nc = [a for i in [1]];", "undefined 1:5"},
		{"x = 1;\nexit\ny = ;\nz = q;", ""},
		{"x = y;\nexit\ny = ;\nz = q;", "undefined 1:5"},
	} {
		_, _, faults := elaborate(test.text, nil)
		if got := places(faults); got != test.want {
			t.Errorf("%s\n got %s\nwant %s", test.text, got, test.want)
		}
	}
}

// TestInteractive: after a fault, a console keeps the names as they were.
func TestInteractive(t *testing.T) {
	s := New(files{}.read)
	s.Interactive = true
	run := func(text string) (Value, diag.List) {
		results, faults := s.Run(parse(text))
		if len(results) == 0 {
			return nil, faults
		}
		return results[len(results)-1].Value, faults
	}
	run("x = 1;")
	run("x = 1/0; y = 1/0; load \"p\";")
	if v, _ := run("x;"); form(v) != "1" {
		t.Errorf("x is %s", form(v))
	}
	if _, faults := run("y;"); places(faults) != "undefined 1:1" {
		t.Errorf("y: %v", faults)
	}
}
