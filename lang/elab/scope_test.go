package elab

import (
	"testing"

	"rasp/lang/diag"
	"rasp/lang/syntax"
)

func parse(text string) (*syntax.File, diag.List) {
	return syntax.Parse(diag.NewSource("test.rasp", text))
}

func TestScopes(t *testing.T) {
	forms(t, map[string]string{
		// A function does not change outer variables, and reads them late.
		"x = 1; def f() { x = 2; return x; } [f(), x];":                    "[2, 1]",
		"x = 1; def f() { return x; } x = 2; f();":                         "2",
		"def f() { return g(); } def g() { return 3; } f();":               "3",
		"def f(a, a) { return a; } f(1, 2);":                               "2",
		"def f() { return 1, 2; } f();":                                    "[1, 2]",
		"def f() { sort = 3; return sort; } f();":                          "3",
		"def f(length) { return length; } f(4);":                           "4",
		"[length for length in [1]];":                                      "[1]",
		"def f(tokens) { return tokens; } f(7);":                           "7",
		"def f(n) { def g(x) { return x + n; } return g; } f(3)(4);":       "7",
		"fs = [f for f in [max, min]]; fs[0](1, 2);":                       "2",
		"def f(n) { return 1 if n == 0 else n * f(n - 1); } f(20);":        "2432902008176640000",
		"def f(g, x) { return g(g(x)); } def h(x) { return x*x; } f(h,3);": "81",

		// A loop opens no scope, a comprehension does.
		"for i in [1,2] { x = i; } [i, x];":                                 "[2, 2]",
		"i = 5; [i for i in [1]]; i;":                                       "5",
		"x = indices; for i in [1,2] { x = x + i; } x;":                     "((indices + 1) + 2)",
		"def f(l) { s = 0; for i in l { s = s + i; } return s; } f([1,2]);": "3",
		`for a, b in ["xy", {1:2,3:4}] { c = a; } [a, b, c];`:               "[1, 3, 1]",

		// Destructuring.
		"a, b = 1, 2; [b, a];":                    "[2, 1]",
		`a, b = "xy"; b;`:                         `"y"`,
		"a, b = {1:2,3:4}; b;":                    "3",
		"a, b = [indices,2]; a;":                  "indices",
		"x = 1, 2; x;":                            "[1, 2]",
		"def f() { return 1, 2; } a, b = f(); b;": "2",

		// tokens can be bound anew.
		"a = tokens; tokens = tokens_int; [a, tokens, tokens_str];": "[tokens, tokens_int, tokens]",
		"def f() { return tokens; } tokens = 3; f();":               "3",

		// Where a function was made.
		"def f() { def g() { return 1; } return g; } f();": "console' g()",
	})
}

// TestOut: out is the last value evaluated, in each scope.
func TestOut(t *testing.T) {
	forms(t, map[string]string{
		"3; 1 + out;":                              "2",
		"3; [1, out, out+1];":                      "[1, 1, 2]",
		"3; {1:out};":                              "{1: 1}",
		"3; 5 in [out];":                           "True",
		"7; select(indices, out, ==);":             "select(indices, indices, ==)",
		"7; out if indices==3 else out;":           "((indices == 3) if (indices == 3) else (indices == 3))",
		"def f(x) { return out; } f(7);":           "7",
		"def f(x) { y = 5; return out; } f(7);":    "5",
		"def f(x) { y = 5; return x; } f(7); out;": "7",
		"x = 1, 2; out;":                           "2",
		`tokens("abc"); out;`:                      `"abc"`,
		"3; [out for i in [1]];":                   "[[1]]",
	})
}

func TestLoads(t *testing.T) {
	loads := files{
		"a.rasp":     "x = 1;\n_p = 10;\ndef f(q) { return q + _p; }\ntokens = tokens_int;\n",
		"b.rasp":     "load \"a\";\ny = x + 1;\nexit\nz = 3;\n",
		"seen.rasp":  "z = caller;\n",
		"tok.rasp":   "t = tokens;\n",
		"c.rasp":     "load \"d\";\n",
		"d.rasp":     "load \"./c\";\n",
		"bad.rasp":   "x = ;\ny = x;\nz = 1/0;\nw = 5;\n",
		"lib.rasp":   "length = 3;\nw = length;\n",
		"dir/g.rasp": "def g() { def h() { return 1; } return h; }\n",
	}
	for _, test := range []struct{ text, want, faults string }{
		{`load "a"; [x, f(1), tokens];`, "[1, 11, tokens_int]", ""},
		{`load "a"; _p;`, "nothing", "undefined 1:11"},
		{`load "b"; [x, y, f(0)];`, "[1, 2, 10]", ""},
		{`load "b"; z;`, "nothing", "undefined 1:11"},
		{`caller = 1; load "seen";`, "nothing", "undefined 1:5"},
		{`load "a"; load "tok"; t;`, "tokens", ""},
		{`load "c";`, "nothing", "limit 1:1"},
		{`load "bad"; [w, w];`, "[5, 5]", "syntax 1:5, value 3:5"},
		{`load "bad"; y; x; z;`, "nothing", "syntax 1:5, value 3:5"},
		{`load "lib"; w;`, "3", "reserved 1:1"},
		{`def k() { load "lib"; return length; } k();`, "3", ""},
		{`def k() { load "a"; return x; } k(); x;`, "nothing", "undefined 1:38"},
		{`load "a"; x = 5; load "a"; x;`, "1", ""},
		{`load "dir/g"; [g, g()];`, "[dir/g g(), dir/g' h()]", ""},
		{`out; load "a";`, "nothing", "undefined 1:1"},
		{`3; load "a"; out;`, "3", ""},
	} {
		_, results, faults := elaborate(test.text, loads)
		if got := form(results[len(results)-1].Value); got != test.want {
			t.Errorf("%s\n got %s\nwant %s", test.text, got, test.want)
		}
		if got := places(faults); got != test.faults {
			t.Errorf("%s\n got %s\nwant %s", test.text, got, test.faults)
		}
	}
}
