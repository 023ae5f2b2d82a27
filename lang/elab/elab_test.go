package elab

import (
	"os"
	"strings"
	"testing"

	"rasp/lang/diag"
	"rasp/lang/graph"
	"rasp/lang/syntax"
)

// files is a Reader of the texts it holds.
type files map[string]string

func (f files) read(path string) (string, error) {
	text, ok := f[path]
	if !ok {
		return "", os.ErrNotExist
	}
	return text, nil
}

// elaborate runs a program.
func elaborate(text string, loads files) (*Session, []Result, diag.List) {
	s := New(loads.read)
	results, faults := s.Run(syntax.Parse(diag.NewSource("test.rasp", text)))
	return s, results, faults
}

// last elaborates a program without faults and returns the value of its last
// statement, which is an expression.
func last(t *testing.T, text string) Value {
	t.Helper()
	_, results, faults := elaborate(text, nil)
	if len(faults) > 0 {
		t.Fatalf("%s\n%s", text, faults)
	}
	return results[len(results)-1].Value
}

// forms requires each program to end in a value of the given form.
func forms(t *testing.T, cases map[string]string) {
	t.Helper()
	for text, want := range cases {
		if got := form(last(t, text)); got != want {
			t.Errorf("%s\n got %s\nwant %s", text, got, want)
		}
	}
}

func TestAtomsListsAndDicts(t *testing.T) {
	forms(t, map[string]string{
		"2^3^2;":                          "64",
		"-2^2;":                           "4",
		"-7%3;":                           "2",
		"4/2;":                            "2.0",
		"True+True;":                      "2",
		"not 1==2;":                       "False",
		`0 or "a";`:                       `"a"`,
		"[] and 3;":                       "[]",
		"[1]+[2,3];":                      "[1, 2, 3]",
		`2*["a"];`:                        `["a", "a"]`,
		"[1]*True;":                       "[1]",
		"[1]*-1;":                         "[]",
		`"ab"*2;`:                         `"abab"`,
		"[1,2]==[1.0,2];":                 "True",
		"{1:2}=={True:2.0};":              "True",
		"[1,2]<[1,3];":                    "True",
		"[1,2]<=[1];":                     "False",
		"[1]<[1];":                        "False",
		"{1:2,1.0:3,True:4};":             "{1: 4}",
		"not [];":                         "True",
		"not {1:2};":                      "False",
		"1.0 in [True];":                  "True",
		"1 in [[1],1];":                   "True",
		"2 in [1];":                       "False",
		"[1,2,3][-1];":                    "3",
		`"abc"[True];`:                    `"b"`,
		`{"a":1}["a"];`:                   "1",
		"{1:2}[1.0];":                     "2",
		"range(3);":                       "[0, 1, 2]",
		"range(3,0,-2);":                  "[3, 1]",
		"range(1,True);":                  "[]",
		"range(True,3);":                  "[1, 2]",
		"range(9,0,9^99);":                "[]",
		"range(2^64,2^64+2);":             "[18446744073709551616, 18446744073709551617]",
		"zip([1,2],[3,4]);":               "[[1, 3], [2, 4]]",
		"len([1,[2]]);":                   "2",
		"round(2.5);":                     "2",
		"-True;":                          "-1",
		"1 if [] else 2;":                 "2",
		"[1] if 1 else 1/0;":              "[1]",
		"[i*i for i in range(3)];":        "[0, 1, 4]",
		"[a+b for a,b in [[1,2],[3,4]]];": "[3, 7]",
		"{k:k+1 for k in [1,1.0,2]};":     "{1: 2.0, 2: 3}",
		"[k for k in {5:1,6:2}];":         "[5, 6]",
		"[indices]==[indices];":           "True",
	})
}

func TestGraph(t *testing.T) {
	forms(t, map[string]string{
		"indices+1;":                          "(indices + 1)",
		"1+indices;":                          "(1 + indices)",
		"-indices;":                           "-(indices)",
		"not tokens;":                         "not(tokens)",
		"1 and indices;":                      "(1 and indices)",
		"round(indices/2);":                   "round((indices / 2))",
		"indicator(tokens);":                  "indicator(tokens)",
		`tokens=="a";`:                        `(tokens == "a")`,
		"tokens_str;":                         "tokens",
		"tokens_asis;":                        "tokens_asis",
		`"a" if indices==0 else 2;`:           `("a" if (indices == 0) else 2)`,
		"tokens if 1 else 1/0;":               "tokens",
		"full_s if True else 0;":              "select(1, 1, ==)",
		`tokens in ["a",1];`:                  `(tokens in ["a", 1])`,
		"tokens in [];":                       "(tokens in [])",
		"tokens == [1];":                      "(tokens in [])",
		"{} == indices;":                      "(indices in [])",
		"[5,6][indices];":                     "[5, 6][indices]",
		`"ab"[indices];`:                      `["a", "b"][indices]`,
		`{"a":1}[tokens];`:                    `{["a"]: [1]}[tokens]`,
		"{1:2,3:[4]}[indices];":               "{[1]: [2]}[indices]",
		"[1,[2]][indices*0];":                 "{[0, -2]: [1, 1]}[(indices * 0)]",
		"tokens[2];":                          "aggregate(select(indices, 2, ==), tokens, 0)",
		"tokens[True];":                       "aggregate(select(indices, True, ==), tokens, 0)",
		`"a" in tokens;`:                      `(aggregate(select(1, 1, ==), indicator((tokens == "a")), 0) > 0)`,
		"select(indices,1,<=);":               "select(indices, 1, <=)",
		"not full_s;":                         "not(select(1, 1, ==))",
		"full_s and not full_s;":              "(select(1, 1, ==) and not(select(1, 1, ==)))",
		"aggregate(full_s,1);":                "aggregate(select(1, 1, ==), 1, 0)",
		`aggregate(full_s,tokens,"-");`:       `aggregate(select(1, 1, ==), tokens, "-")`,
		`tokens("abc");`:                      "tokens[a, b, c] (strings)",
		"indices([1,2.5]);":                   "indices[1, 2.5] (floats)",
		"full_s({1:2});":                      "select(1, 1, ==)[1] (ints)",
		`draw(tokens,"ab");`:                  "tokens[a, b] (strings)",
		"[tokens,full_s];":                    "[tokens, select(1, 1, ==)]",
		"def f(n) {return tokens[-1];} f(1);": "aggregate(select(indices, (" + lengthForm + " + -1), ==), tokens, 0)",
	})
}

const lengthForm = "round((1 / aggregate(select(1, 1, ==), indicator((indices == 0)), 0)))"

func TestSharing(t *testing.T) {
	s, _, faults := elaborate(`
		a = "x" in tokens;
		b = "y" in tokens;
		c = select(tokens,tokens,==);
		d = select(tokens,tokens,==);
		e = c;`, nil)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	node := func(name string) *graph.Node {
		v, _ := s.Lookup(name)
		return nodeOf(v)
	}
	selector := func(name string) *graph.Node { return node(name).Args[0].Args[0] }
	if selector("a") != selector("b") {
		t.Error("two atoms in s use two selectors")
	}
	if node("c") == node("d") {
		t.Error("a select written twice is one node")
	}
	if node("c") != node("e") {
		t.Error("a variable is another node")
	}
	for i, n := range s.Graph().Nodes {
		if n.ID != i {
			t.Fatalf("node %d has ID %d", i, n.ID)
		}
		for _, a := range n.Args {
			if a.ID >= i {
				t.Fatalf("node %d comes before its operand %d", i, a.ID)
			}
		}
	}
}

func TestNamesAndSpans(t *testing.T) {
	s, _, faults := elaborate("x = indices + 1;\ny = x;\nz = sort(tokens, x);\ndef f(a) {\n  return a * 2;\n}\nw = f(x);", nil)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	for _, test := range []struct{ name, node, text string }{
		{"x", "x", "indices + 1"},
		{"y", "x", "indices + 1"},
		{"z", "z", "sort(tokens, x)"},
		{"w", "w", "a * 2"},
		{"indices", "indices", ""},
	} {
		v, _ := s.Lookup(test.name)
		n := nodeOf(v)
		if n.Name != test.node || n.Span.Text() != test.text {
			t.Errorf("%s: node %q from %q, want %q from %q", test.name, n.Name, n.Span.Text(), test.node, test.text)
		}
	}
	z, _ := s.Lookup("z")
	for _, n := range graph.Reachable(nodeOf(z)) {
		if n.Span.Source != nil && n.Span.Source.Name == "library.rasp" {
			t.Errorf("a node of sort(..) points into the library, at %s", n.Span)
		}
	}
}

func TestResults(t *testing.T) {
	s := New(nil)
	file, _ := syntax.Parse(diag.NewSource("console", "x, y = 1, tokens; y; 3; def f() { return 1; } for i in [1] { z = i; } set example \"a\"\n"))
	var results []string
	for _, stmt := range file.Stmts {
		r, faults := s.Exec(stmt)
		if len(faults) > 0 {
			t.Fatal(faults)
		}
		text := r.Name + "|" + form(r.Value)
		for _, b := range r.Bound {
			text += "|" + b.Name + "=" + form(b.Value)
		}
		results = append(results, text)
	}
	want := "|nothing|x=1|y=tokens y|tokens |3 |nothing|f=console f() |nothing |nothing"
	if got := strings.Join(results, " "); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	var names []string
	for _, b := range s.Bindings() {
		names = append(names, b.Name)
	}
	if got := strings.Join(names, " "); got != "x y f i z" {
		t.Errorf("bindings %s", got)
	}
}
