package check

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rasp/lang"
	"rasp/lang/diag"
	"rasp/lang/golden"
)

// check runs everything on a program.
func check(name, text string) diag.List {
	p, faults := lang.Parse(name, text)
	return Program(p, faults, lang.ReadFile)
}

// TestGolden: testdata/check says of every program what is found, and where.
func TestGolden(t *testing.T) {
	t.Chdir("..") // from where the programs load others
	paths, err := filepath.Glob("../testdata/check/*.rasp")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no programs (%v)", err)
	}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		chunks, err := golden.Read(path, string(text))
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range chunks {
			if c.Empty() {
				t.Errorf("%s:%d: the chunk expects nothing", path, c.Line)
			}
			for _, mistake := range c.Match(check(path, c.Text)) {
				t.Error(mistake)
			}
		}
	}
}

// TestSilent: programs of which nothing is said.
func TestSilent(t *testing.T) {
	for _, text := range []string{
		"",
		"x = tokens;",
		// Comparisons that decide something.
		`x = tokens == "a" or False;`,
		"#rasp:vocab \"ab\"\nx = indices;\nfor c in [\"a\", \"b\", \"c\"] { x = x + indicator(tokens == c); }",
		"#rasp:vocab \"a1\"\nx = tokens in [\"a\", \"z\"];\ny = tokens_int == 1 or x;",
		"x = (indices < 3) == (indices < 5);",
		"x = tokens == \"a\" and (tokens in [\"b\"]);\ny = (not tokens) in [\"a\"];\nz = indices == 1 and indices == 2 in [True];\nu = indices + 1 in [2];",
		// Names that are used, or need not be.
		"def f(s, _k) { return s; }",
		"def f(s) { for i in range(3) { s = s + 1; } return s; }",
		"def f(n) { return [0 for i in range(n)]; }",
		"def f(l) { return [0 for _x in l]; }",
		"def f(l) { return [b for a, b in l]; }",
		"def f(s) { a, b = s; return a; }",
		"def f(s) { def g(t) { return s + t; } return g; }",
		"def f(l) { last = 0; for x in l { y = last; last = x; } return y; }",
		"_k = 1; def f(s) { return s + _k; }",
		"#rasp:output _x\n_x = tokens;",
		"def f(s) { s + 1; return out; }",
		"x = 1; x;",
		// Names that hide others as they may.
		"x = 1; def f(x) { return x; } l = [x for x in [1]];",
		"total = 1; def f(s) { total = s; return total; }",
		"def f(s) { tokens = tokens_int; return s + tokens; }",
		"for i in [1] { y = i; } for i in [2] { y = i; }",
		// Functions for many kinds of arguments.
		"def f(a, b) { return a + b; } x = f(1, 2); y = f(\"a\", \"b\"); z = f([1], [indices]);",
		"def f(g, s) { return g(s)(s); }",
		"def f(s) { return s[0]; }",
		"def f(s, k) { return s[k]; }",
		"def f(d, s) { return d[s] + 1; }",
		"def f(a, b) { return a and b; }",
		"def f(n) { return f(n + 1); }",
		"def f(a) { x, y = a; return x + y; }",
		"def f(s) { return 1 / s; }",
		// Names that are bound in time.
		"def f(s) { return s + k; } k = 1;",
		"def f(s) { return g(s); } def g(s) { return s; }",
		"def f(l) { for x in l { y = x; } return y; }",
		"def f() { def g() { return k; } k = 1; return g; }",
		"x = 1; def f(s) { y = x; x = s; return y + x; }",
		"def f() { load \"../testdata/load/greetings\"; return base; }",
		"load \"../testdata/load/greetings\"; y = base;",
		"load \"../testdata/load/greetings\"; def f(k) { return scaled(k); }",
		"load \"../testdata/load/greetings\";",
		"x = 1;\nexit\ny = z;",
		// Selectors that select something, or are not known not to.
		"s = select(indices, indices - 1, ==) or select(indices, 0, ==);",
		"s = select(tokens_float, 1, >) and select(tokens_float, 2, <);",
		"s = select(tokens, \"a\", >) and select(tokens, \"b\", <);",
		"s = select(tokens_asis, 3, ==);",
		"s = select(tokens_bool, 1, ==);",
		"s = select(indices, 0, >) and select(indices, indices, <);",
		"s = select(tokens, tokens, !=) and select(indices, indices, !=);",
		"s = select(tokens, tokens, ==) and not select(indices, indices, ==);",
		"s = select(indices, length - 1, ==) and select(indices, 5, ==);",
		"s = not full_s;",
		"s = selector_width(select(indices, 0, >));",
		"def f(k) { return select(indices, k, ==); } a = f(-1); b = f(1);",
		// Aggregates that meet one string at most.
		"x = aggregate(select(indices, indices - 1, ==), tokens, \"?\");",
		"x = sort(tokens, tokens);",
		"x = aggregate(full_s, indicator(tokens == \"a\"));",
	} {
		t.Run("", func(t *testing.T) {
			t.Chdir("..")
			for _, d := range check("test.rasp", text) {
				t.Errorf("%s\n%s", text, d.Render())
			}
		})
	}
}

// TestOrder: faults of loaded files come after those of the program, which are
// in the order of the text.
func TestOrder(t *testing.T) {
	files := map[string]string{"a.rasp": "x = nothing;\ny = ;\n"}
	read := func(path string) (string, error) {
		if text, ok := files[path]; ok {
			return text, nil
		}
		return "", os.ErrNotExist
	}
	t.Chdir(t.TempDir())
	if err := os.WriteFile("a.rasp", []byte(files["a.rasp"]), 0o600); err != nil {
		t.Fatal(err)
	}
	p, faults := lang.Parse("test.rasp", "def f() { return b; }\nload \"a\";\nz = ;\nw = c;")
	var got []string
	for _, d := range Program(p, faults, read) {
		got = append(got, d.Span.String())
	}
	want := "test.rasp:1:18 test.rasp:3:5 test.rasp:4:5 a.rasp:1:5 a.rasp:2:5"
	if strings.Join(got, " ") != want {
		t.Errorf(" got %s\nwant %s", strings.Join(got, " "), want)
	}
}

// TestBounded: programs that would take long to run in full are checked in no
// time, since nothing is gone through more than once.
func TestBounded(t *testing.T) {
	var doubling, calls strings.Builder
	doubling.WriteString("def f0(l) { return l; }\n")
	calls.WriteString("def g(s) { return s; }\n")
	for i := range 200 {
		prefix := "def f" + string(rune('a'+i%26)) + strings.Repeat("x", i/26)
		doubling.WriteString(prefix + "(l) { l = [l, l, {1: l}]; return f0(l) + f0(l); }\n")
	}
	nested := "def f(l) {" + strings.Repeat("for i in l {", 400) + "x = 1;" + strings.Repeat("}", 400) + "return x; }"
	comprehensions := "def f(l) { return " + strings.Repeat("[", 400) + "1" + strings.Repeat(" for i in l]", 400) + "; }"
	branching := "def f(n) { return f(n - 1) + f(n - 2) if n > 1 else n; } def g(s) { return f(s) + f(f(s)); }"
	for _, text := range []string{doubling.String(), nested, comprehensions, branching} {
		check("test.rasp", text)
	}
	n := 0
	chain := ""
	for range 60 { // each calls the one before twice
		name := "h" + strings.Repeat("i", n)
		if n == 0 {
			chain += "def h(s) { return s + 1; }\n"
		} else {
			chain += "def " + name + "(s) { return " + name[:n] + "(s) + " + name[:n] + "(s); }\n"
		}
		n++
	}
	if errors := check("test.rasp", chain); len(errors) > 0 {
		t.Error(errors[0].Render())
	}
}
