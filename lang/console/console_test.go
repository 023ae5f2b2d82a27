package console

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"rasp/runtime/bounded"
)

// session is a session that has read some lines, and what it said since.
func session(options Options, lines ...string) (*Console, *bytes.Buffer) {
	var out bytes.Buffer
	if options.Read == nil {
		options.Read = func(string) (string, error) { return "", errors.New("no files") }
	}
	c := New(&out, options)
	for _, line := range lines {
		c.Line(line)
	}
	out.Reset()
	return c, &out
}

func TestComplete(t *testing.T) {
	c, _ := session(Options{}, "selection = 3;", "def selected(a) { return a; }")
	for _, test := range []struct {
		line  string
		start int
		want  string
	}{
		{"x = sel", 4, "select( select_from_first( select_from_last( select_next_identical( selected selection selector selector_width("},
		{"tokens_i", 0, "tokens_int"},
		{"1+leng", 2, "length"},
		{"hel", 0, "help"},
		{"x = ", 4, ""},
		{`load "sel`, 9, ""},
		{`"a" + sort`, 6, "sort("},
		{"zzz", 0, ""},
	} {
		start, candidates := c.Complete(test.line, len(test.line))
		assert.Equal(t, test.start, start, test.line)
		assert.Equal(t, test.want, strings.Join(candidates, " "), test.line)
	}
}

// TestLibraryIsDocumented: help has a sentence on each name that programs find.
func TestLibraryIsDocumented(t *testing.T) {
	c, _ := session(Options{})
	for _, e := range append(library(), base[:len(base)-1]...) {
		_, ok := c.session.Lookup(e.name)
		assert.True(t, ok, e.name)
		assert.Regexp(t, `^[A-Z][^.?]*.*[.?;]$`, e.line(), e.name)
	}
	assert.Len(t, library(), 19)
}

func TestInterruptEndsTheStatement(t *testing.T) {
	interrupted := false
	c, out := session(Options{Interrupted: func() bool { return interrupted }},
		"def f(n) { return 1 if n == 0 else f(n-1) + f(n-1); }", "x = 1;")
	interrupted = true
	c.Line("x = f(30); x = 2;")
	assert.Equal(t, "interrupted\n", out.String())
	interrupted = false
	out.Reset()
	c.Line("x;")
	assert.Equal(t, "    value: x =  1\n", out.String())
}

func TestInterruptEndsAnEvaluation(t *testing.T) {
	asked := 0
	c, out := session(Options{Interrupted: func() bool { asked++; return asked > 3000 }},
		"def f(n, s) { return s if n == 0 else f(n-1, s+1); }")
	c.Line("f(900, tokens(\"ab\"));")
	c.Line("f(900, indices);")
	assert.Contains(t, out.String(), "interrupted\n")
	assert.NotContains(t, out.String(), "s-op: out")
}

func TestTerminal(t *testing.T) {
	c, out := session(Options{Terminal: true, Color: true})
	for _, step := range []struct{ line, prompt, says string }{
		{"", ">> ", ""},
		{"# a comment", ">> ", ""},
		{"x = 1 +", ".. ", ""},
		{"2", ">> ", "    value: x =  \x1b[36m3\x1b[0m\n"},
		{"x # said again", ">> ", "    value: x =  \x1b[36m3\x1b[0m\n"},
		{"x = (", ".. ", ""},
		{"4);", ">> ", "    value: x =  \x1b[36m4\x1b[0m\n"},
		{"examples off;", ">> ", ""},
		{"indices", ">> ", "     s-op: indices\n"},
		{"examples on", ">> ", ""},
		{"x y", ">> ", "\x1b[31msyntax error: expected an operator or \";\", found the name y\x1b[0m\n    1 | x y\n      |   ^\n"},
		{"1/0;", ">> ", "\x1b[31mvalue error: division by zero: int 1 / int 0\x1b[0m\n    1 | 1/0;\n      | ^~~\n"},
		{"def f(a) {", "..   ", ""},
		{"indices;", "..   ", ""},
	} {
		out.Reset()
		c.Line(step.line)
		assert.Equal(t, step.prompt, c.Prompt(), step.line)
		assert.Equal(t, step.says, out.String(), step.line)
	}
	c.Drop()
	assert.Equal(t, ">> ", c.Prompt())
}

func TestEndInsideAStatement(t *testing.T) {
	c, out := session(Options{}, "x = 1")
	assert.Equal(t, `console:1:6: syntax error: expected ";" at the end of the statement, found the end of the text`, c.End().Error())
	assert.Equal(t, "\n", out.String())
	c, _ = session(Options{}, "x = 1;", "", "# no more")
	assert.Nil(t, c.End())
}

// FuzzLine: no input ends the session but exit, and every session can go on.
func FuzzLine(f *testing.F) {
	for _, seed := range []string{
		"x = indices\n;\nset example [1, \"a'\"]\n[x, {1: [tokens]}];\nfull seq display on\nx; x(\"ab\"); draw(x);",
		"help\nhelp sort\nhelp x\nload \"a\";\nexamples off\n[tokens[-1], sort(tokens, tokens)];\nselector examples on",
		"s = select(tokens_int, indices, ==);\nset selector example \"12\"\ns; not s;\n1(2);\n\"\té\";",
		"set example {}\nset s-op example \"\xff\"\ntokens; [tokens(\"a\")]; (tokens_int+1)(\"12\")",
		"def f(a) {\n# x\nreturn a;\n}\nf(f); [f]; f(tokens)(tokens);",
	} {
		f.Add(seed)
	}
	files := map[string]string{"a.rasp": "x = 1; set example \"b\"\nload \"b\"; y = );", "b.rasp": "s = full_s; s; undefined; examples on\nt = [s];"}
	f.Fuzz(func(t *testing.T, text string) {
		bounded.Work(t)
		fuzzLine(t, text, files, false)
		fuzzLine(t, text, files, true)
	})
}

func fuzzLine(t *testing.T, text string, files map[string]string, terminal bool) {
	t.Helper()
	steps := 0
	var out bytes.Buffer
	c := New(&out, Options{
		Terminal: terminal,
		Read: func(path string) (string, error) {
			if text, ok := files[path]; ok {
				return text, nil
			}
			return "", errors.New("no such file")
		},
		Interrupted: func() bool { steps++; return steps > 10_000 },
	})
	for _, line := range strings.Split(text, "\n") {
		if c.Done() {
			return
		}
		c.Line(line)
	}
	c.Drop()
	bounded.Words(t, out.String(), text)
	steps = 0
	out.Reset()
	c.Line("examples on")
	c.Line(`set example "ab"`)
	c.Line("full seq display off")
	c.Line("indices;")
	if want := "     s-op: indices\n \t Example: indices(\"ab\") = [0, 1] (ints)\n"; out.String() != want {
		t.Errorf("the session goes on with %q", out.String())
	}
}

func TestLongInput(t *testing.T) {
	lines := []string{"def f(a) { # (", `b = ["{", 1`}
	count := 3000
	if testing.Short() {
		count = 1000
	}
	for range count {
		lines = append(lines, "  , 2")
	}
	c, out := session(Options{}, append(lines, "];", "return len(b);")...)
	c.Line("}")
	assert.Equal(t, "     console function: f(a)\n", out.String())
	out.Reset()
	c.Line("f(0);")
	assert.Equal(t, fmt.Sprintf("    value: out =  %d\n", count+2), out.String())
}

// A statement that does not end is given up in good time.
func TestUnfinished(t *testing.T) {
	c, out := session(Options{})
	for n := 0; n < mostParsed && out.Len() == 0; n++ {
		c.Line("x +")
	}
	assert.Contains(t, out.String(), "has not ended")
	out.Reset()
	c.Line("1;")
	assert.Contains(t, out.String(), "value: out =  1")
}
