package syntax

import (
	"testing"

	"rasp/lang/diag"
)

// parse requires text to have no faults.
func parse(t *testing.T, text string) *File {
	t.Helper()
	file, diags := Parse(diag.NewSource("test.rasp", text))
	if len(diags) > 0 {
		t.Fatalf("%s\n%s", text, diags)
	}
	return file
}

func parseExpr(t *testing.T, text string) Expr {
	t.Helper()
	file := parse(t, text+";")
	statement, ok := file.Stmts[0].(*ExprStmt)
	if !ok || len(file.Stmts) > 1 {
		t.Fatalf("%s: not one expression", text)
	}
	return statement.X
}

// equal compares what came of text.
func equal[T comparable](t *testing.T, text string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s\n got %v\nwant %v", text, got, want)
	}
}

func TestExpressions(t *testing.T) {
	for text, want := range map[string]string{
		// The table of associativity in the language's description.
		"2^3^2":                            "((2 ^ 3) ^ 2)",
		"-2^2":                             "((- 2) ^ 2)",
		"2*-3^2":                           "(2 * ((- 3) ^ 2))",
		"2^-2^2":                           "((2 ^ (- 2)) ^ 2)",
		"1-2-3":                            "((1 - 2) - 3)",
		"2*7%4":                            "((2 * 7) % 4)",
		"7%4*2":                            "(7 % (4 * 2))",
		"True or True and False":           "((True or True) and False)",
		"not 1==2":                         "((not 1) == 2)",
		"3>2>1":                            "((3 > 2) > 1)",
		"not 1 in [0]":                     "((not 1) in [0])",
		`tokens in ["h"] and True`:         `(tokens in (["h"] and True))`,
		"-[1,2][0]":                        "(- [1, 2][0])",
		"1 if True else 2 if False else 3": "((1 if True else 2) if False else 3)",
		// Every level next to its neighbours.
		"a in b in c":               "((a in b) in c)",
		"a in b if c else d":        "(a in (b if c else d))",
		"a if b in c else d in e":   "((a if (b in c) else d) in e)",
		"a or b if c and d else e":  "((a or b) if (c and d) else e)",
		"a if b if c else d else e": "(a if (b if c else d) else e)",
		"a and b or c and d":        "(((a and b) or c) and d)",
		"a == b and c <= d":         "((a == b) and (c <= d))",
		"a+b >= c-d < e":            "(((a + b) >= (c - d)) < e)",
		"a + b % c - d":             "((a + (b % c)) - d)",
		"a % b / c % d":             "((a % (b / c)) % d)",
		"a / b * c":                 "((a / b) * c)",
		"a ^ b * c ^ d":             "((a ^ b) * (c ^ d))",
		"not not - + x":             "(not (not (- (+ x))))",
		"not a ^ b":                 "((not a) ^ b)",
		// Primaries and suffixes.
		"(((1)))":                              "⟨⟨⟨1⟩⟩⟩",
		"f()":                                  "f()",
		"f (x) [0] (y, z)":                     "f(x)[0](y, z)",
		"(f)(x)":                               "⟨f⟩(x)",
		"[]":                                   "[]",
		"{}":                                   "{}",
		"[1, 2.50, \"a\"]":                     `[1, 2.5, "a"]`,
		"{1: 2, a: [b]}":                       "{1: 2, a: [b]}",
		"[x+1 for x in l]":                     "[(x + 1) for x in l]",
		"[a in b for a,b in c in d]":           "[(a in b) for a,b in (c in d)]",
		"{k: v for k, v in zip(a, b)}":         "{k: v for k,v in zip(a, b)}",
		"round (x) + indicator(y)[0]":          "((round x) + (indicator y)[0])",
		"select(a, b+1, !=)":                   "select(a, (b + 1), !=)",
		"select( a,b , < ) and select(a,b,>=)": "(select(a, b, <) and select(a, b, >=))",
		"aggregate(s, v)":                      "aggregate(s, v)",
		`aggregate(s, v, "-")[0]`:              `aggregate(s, v, "-")[0]`,
		"range(1, 2, 3)":                       "range(1, 2, 3)",
		"len([1])":                             "len([1])",
		// Names that look like keywords, fused tokens with a blank, s-op.
		"len ([1])":                  "len([1])",
		"select (a)":                 "select(a)",
		"not_x + notx + select_x(1)": "((not_x + notx) + select_x(1))",
		"selectx(1) + exits":         "(selectx(1) + exits)",
		"s - op":                     "(s - op)",
		"xs-op":                      "(xs - op)",
		"full":                       "full",
		"1if x else 2":               "(1 if x else 2)",
		"1in[1]":                     "(1 in [1])",
		// Literals.
		"007":                            "7",
		"123456789012345678901234567890": "123456789012345678901234567890",
		"1.25":                           "1.25",
		`"a\n#é"`:                        `"a\n#é"`,
		`""`:                             `""`,
	} {
		equal(t, text, dump(parseExpr(t, text)), want)
	}
}

// The same call with a fused token and without is not the same.
func TestFusedTokens(t *testing.T) {
	for text, builtin := range map[string]bool{
		"len([1])": true, "len ([1])": false, "range(3)": true, "zip (3)": false, "zip\n(3)": false,
	} {
		_, ok := parseExpr(t, text).(*Builtin)
		equal(t, text, ok, builtin)
	}
}

func TestStatements(t *testing.T) {
	for text, want := range map[string]string{
		"x;":                                     "x;",
		"x = 1;":                                 "x = 1;",
		"x = 1, 2;":                              "x = 1, 2;",
		"x, y = f(1);":                           "x,y = f(1);",
		"a,\nb\n= 1,\n2\n;":                      "a,b = 1, 2;",
		"x=-1;":                                  "x = (- 1);",
		"draw(x);":                               "draw x, nil;",
		`draw (x, "abc");`:                       `draw x, "abc";`,
		`load "lib/sort";`:                       `load "lib/sort";`,
		"def f() { return 1; }":                  "def f() { return 1;}",
		"def f(a, b) { c = a; c; return c, b; }": "def f(a,b) {c = a; c; return c, b;}",
		"def f(a) { def g(b) { return b; } return g; }":      "def f(a) {def g(b) { return b;} return g;}",
		"for x in [1] { y = x; }":                            "for x in [1] {y = x;}",
		"for a, b in {1: 2} { f(a); }":                       "for a,b in {1: 2} {f(a);}",
		"for a in l { for b in a { b; } }":                   "for a in l {for b in a {b;}}",
		"def f(l) { for a in l { x = {1: 2}; } return {}; }": "def f(l) {for a in l {x = {1: 2};} return {};}",
		// Several on a line, comments between any tokens.
		"x = 1; y = 2; z;":                                 "x = 1; y = 2; z;",
		"x = [1, # one\n2 # two\n]; # three":               "x = [1, 2];",
		"# a\ndef f() { # b\n # c\n return 1; # d\n } # e": "def f() { return 1;}",
		"for x in l { # only a comment\n }":                "for x in l {}",
		"":                                                 "",
		"# nothing":                                        "",
		"\ufeffx = 1;":                                     "x = 1;",
		"x\r\n=\r\n1\r\n;# c\r\ny;\r\n":                    "x = 1; y;",
		"x = 1;# c\ry;":                                    "x = 1; y;",
	} {
		equal(t, text, dumpStmts(parse(t, text).Stmts), want)
	}
}

func TestCommands(t *testing.T) {
	for text, want := range map[string]string{
		`set example "abc"`:             `<set||false|"abc">`,
		`set s-op example [1, 2]`:       `<set|s-op|false|[1, 2]>`,
		"set selector example\n[1,\n2]": `<set|selector|false|[1, 2]>`,
		"show example":                  "<show||false|nil>",
		"show s-op example":             "<show|s-op|false|nil>",
		"examples on":                   "<examples||true|nil>",
		"s-op examples off":             "<examples|s-op|false|nil>",
		"selector examples on":          "<examples|selector|true|nil>",
		"full seq display on":           "<full seq display||true|nil>",
		"full seq display off":          "<full seq display||false|nil>",
		"exit":                          "<exit||false|nil>",
		"quit()":                        "<exit||false|nil>",
		// A command ends by itself.
		"set example \"a\"\n[1];\n-x;":                 `<set||false|"a"> [1]; (- x);`,
		"show example\n[1];":                           "<show||false|nil> [1];",
		"exit + x; quit\n(x);":                         "<exit||false|nil> (+ x); <exit||false|nil> ⟨x⟩;",
		"examples off examples on x;":                  "<examples||false|nil> <examples||true|nil> x;",
		"set example x\nset example y\nexit()\nx = 1;": "<set||false|x> <set||false|y> <exit||false|nil> x = 1;",
	} {
		equal(t, text, dumpStmts(parse(t, text).Stmts), want)
	}
}

// A console reads on only if more text could make the statement complete.
func TestIncomplete(t *testing.T) {
	for text, want := range map[string]bool{
		"x = 1;":                     false,
		"":                           false,
		"x = 1":                      true,
		"x =":                        true,
		"x = f(1,":                   true,
		"def f(x)":                   true,
		"def f(x) {":                 true,
		"def f(x) {\n y = 1;":        true,
		"def f(x) {\n y = [1":        true,
		"def f(x) { return 1;":       true,
		"for x in":                   true,
		"for x in l { y; # c":        true,
		"set example":                true,
		"s-op examples":              true,
		"show example":               false,
		"x = (1,":                    false,
		"x = );":                     false,
		"x = ); y":                   false,
		"def f(x) { y = ); return 1": false,
		"x = \"abc":                  false,
		"x = 1e5":                    false,
	} {
		file, _ := Parse(diag.NewSource("test.rasp", text))
		equal(t, text, file.Incomplete, want)
	}
}
