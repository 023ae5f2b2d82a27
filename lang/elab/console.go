package elab

import (
	"rasp/lang/diag"
	"rasp/lang/graph"
	"rasp/lang/syntax"
	"rasp/lang/value"
)

// Console is the other side of an interactive session. Opened, Lost, Ran and
// Closed tell of files being loaded, also inside each other, as it happens; what
// a statement of the session itself does is the result of Exec.
type Console interface {
	// Test runs an s-op or selector on an input, nil for the current example.
	// A fault, which needs no span, is that of the expression. The reference
	// tests every expression in this way, when it is evaluated.
	Test(n *graph.Node, input []value.Value) *diag.Diagnostic
	// Command carries out a console command, also one in a file; example is
	// what "set example" sets.
	Command(c *syntax.Command, example Value) *diag.Diagnostic
	// Named and Returned tell what an s-op or selector can be called: a variable
	// that it was just bound to, or the call that returned it.
	Named(n *graph.Node, name string)
	Returned(n *graph.Node, f *Function, args []Value)
	// Interrupted asks whether to give up the statement.
	Interrupted() bool

	Opened()                      // a file is being loaded
	Lost(diag.List)               // syntax faults of the file before its next statement
	Ran(Result, *diag.Diagnostic) // a statement of the file
	Closed()                      // the end of the file
}

// test asks the console about the value of x.
func (f *frame) test(v Value, x syntax.Expr) error {
	n := nodeOf(v)
	if f.Console == nil || n == nil {
		return nil
	}
	if d := f.Console.Test(n, f.example); d != nil {
		d.Span = f.At(x.Span())
		return d
	}
	return f.interrupted(x.Span())
}

// on is the same place, where s-ops are tested on another input. What cannot be
// an input changes nothing.
func (f *frame) on(input Value) *frame {
	inner := *f
	if example, err := Input(input); err == nil {
		inner.example = example
	}
	return &inner
}

// command hands a console command on; without a console it does nothing.
func (f *frame) command(c *syntax.Command) error {
	if f.Console == nil {
		return nil
	}
	var example Value
	if c.Value != nil {
		var err error
		if example, err = f.eval(c.Value); err != nil {
			return err
		}
	}
	if d := f.Console.Command(c, example); d != nil {
		d.Span = c.Span()
		return d
	}
	return nil
}

// interrupted is the fault of a statement that its user stopped, and of all
// that it would still do.
func (s *Session) interrupted(span diag.Span) error {
	if s.Console == nil || !s.Console.Interrupted() {
		return nil
	}
	s.work = s.budget
	return diag.Errorf(span, diag.Limit, "interrupted").WithClass(diag.Failed)
}

// tell lets the console know, if there is one.
func (s *Session) tell(event func(Console)) {
	if s.Console != nil {
		event(s.Console)
	}
}
