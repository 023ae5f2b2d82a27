package elab

import (
	"fmt"
	"strings"
	"testing"

	"rasp/lang/diag"
	"rasp/lang/graph"
	"rasp/lang/interp"
	"rasp/lang/syntax"
	"rasp/lang/value"
)

// notes is a console that writes down what it hears; what is interrupted after
// so many questions.
type notes struct {
	tested, heard []string
	patience      int
}

func (n *notes) Test(node *graph.Node, input []value.Value) *diag.Diagnostic {
	example := "hello"
	if input != nil {
		example = value.FormatSequence(input)
	} else {
		input = characters(example)
	}
	n.tested = append(n.tested, nodeForm(node)+" on "+example)
	if err := interp.New(false, node).Run(input); err != nil {
		return diag.Errorf(diag.Span{}, diag.Value, "%s", err)
	}
	return nil
}

func (n *notes) Command(c *syntax.Command, example Value) *diag.Diagnostic {
	n.hear("%s %s %v", c.Verb, c.Target, example)
	if c.Verb == "show" {
		return diag.Errorf(diag.Span{}, diag.Value, "refused")
	}
	return nil
}

func (n *notes) Interrupted() bool { n.patience--; return n.patience < 0 }

func (n *notes) Named(node *graph.Node, name string) { n.hear("%s is %s", nodeForm(node), name) }
func (n *notes) Returned(node *graph.Node, f *Function, args []Value) {
	n.hear("%s is %s of %d", nodeForm(node), f.Name(), len(args))
}

func (n *notes) Opened()             { n.hear("(") }
func (n *notes) Closed()             { n.hear(")") }
func (n *notes) Lost(list diag.List) { n.heard = append(n.heard, places(list)) }
func (n *notes) Ran(r Result, d *diag.Diagnostic) {
	switch {
	case d != nil:
		n.hear("%s", places(diag.List{d}))
	case len(r.Bound) > 0:
		n.hear("%s", r.Bound[0].Name)
	default:
		n.hear("%s=%s", r.Name, form(r.Value))
	}
}

func (n *notes) hear(format string, args ...any) {
	n.heard = append(n.heard, fmt.Sprintf(format, args...))
}

// attended runs statements with a console and returns what they gave.
func attended(n *notes, text string, loads files) (results []Result, faults diag.List) {
	if n.patience == 0 {
		n.patience = 1_000_000
	}
	s := New(loads.read)
	s.Interactive, s.Console = true, n
	file, _ := parse(text)
	for _, stmt := range file.Stmts {
		result, list := s.Exec(stmt)
		results, faults = append(results, result), append(faults, list...)
	}
	return results, faults
}

// TestConsoleTests: every s-op is tested, on the input that it is applied to;
// parentheses are an expression too.
func TestConsoleTests(t *testing.T) {
	for text, want := range map[string]string{
		"indices+1;":         "indices on hello, (indices + 1) on hello",
		`(indices+1)("ab");`: "indices on [a, b] (strings), (indices + 1) on [a, b] (strings), (indices + 1) on [a, b] (strings)",
		`draw(tokens, "a");`: "tokens on [a] (strings)",
		"3; [1]; (indices);": "indices on hello, indices on hello",
		"def f(s) { return s+1; } f(indices)(\"a\");": "indices on [a] (strings), indices on hello, (indices + 1) on hello, (indices + 1) on [a] (strings)",
		"def f(s) { return 2; } f(indices);":          "indices on hello",
	} {
		var n notes
		if _, faults := attended(&n, text, nil); len(faults) > 0 {
			t.Errorf("%s: %s", text, faults)
		}
		if got := strings.Join(n.tested, ", "); got != want {
			t.Errorf("%s\n got %s\nwant %s", text, got, want)
		}
	}
	var n notes
	_, faults := attended(&n, "x = 2*tokens_int; x;", nil)
	if got := places(faults); got != "value 1:7, undefined 1:19" {
		t.Errorf("faults at %s", got)
	}
}

// TestConsoleHears of loads, names and commands in their order; the statement
// itself gives only its own fault.
func TestConsoleHears(t *testing.T) {
	loads := files{
		"a.rasp": "x = 1;\nload \"b\";\ny = indices;\ny;\nset example \"ab\"",
		"b.rasp": "z = );\nz = 1/0;\nsort = 3;",
	}
	var n notes
	_, faults := attended(&n, "load \"a\";\nshow example\ndef f(s) { return s; }\nf(y);", loads)
	want := "( x ( syntax 1:5 value 2:5 sort ) =nothing indices is y y y=indices set  ab =nothing reserved 3:1 ) show  <nil> indices is f of 1"
	if got := strings.Join(n.heard, " "); got != want {
		t.Errorf("heard\n     %s\nwant %s", got, want)
	}
	if got := places(faults); got != "value 2:1" {
		t.Errorf("faults at %s", got)
	}
}

func TestConsoleInterrupts(t *testing.T) {
	n := notes{patience: 50}
	results, faults := attended(&n, "for i in range(1000) { x = i; }", nil)
	if len(faults) != 1 || faults[0].Message != "interrupted" || len(results) != 1 {
		t.Errorf("faults %s", faults)
	}
}
