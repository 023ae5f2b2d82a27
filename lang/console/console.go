// Package console is an interactive RASP session without a terminal: lines of
// text go in, what the session answers is written out. It prints what the
// console of the reference interpreter prints, so that its transcripts can be
// replayed, and explains faults below the line by which the reference tells
// their class.
//
// In running order:
//
//   - input.go: lines become statements; prompts
//   - console.go: a statement is executed and its result shown
//   - example.go: every s-op is tried on the running example when it is made
//   - command.go: set, show, examples, full seq display; load.go: what files
//     that are loaded print, and when
//   - show.go: names and values, list.go: lists and dicts, sequence.go: s-ops
//     position by position, selector.go: matrices; label.go: names of s-ops
//     that were given none; repr.go: atoms inside lists
//   - fault.go: what is wrong, by class
//   - library.go: the names that every program finds, documented by the comments
//     of the library itself; help.go shows them, complete.go completes names
//
// The package knows no terminal: editing of lines, history and signals are the
// business of its caller.
package console

import (
	"fmt"
	"io"

	"rasp/lang/diag"
	"rasp/lang/elab"
	"rasp/lang/graph"
	"rasp/lang/syntax"
	"rasp/lang/value"
)

// Options of a session.
type Options struct {
	Read        elab.Reader // files for load
	Terminal    bool        // a person types: a ; may be left out or be too many, an empty line starts anew
	Color       bool        // write ANSI colours
	Paint       diag.Paint  // of the source lines of faults
	Interrupted func() bool // true gives up the statement that runs; may be nil
}

// Console is a session. It is not safe for concurrent use, but for
// Options.Interrupted.
type Console struct {
	out     io.Writer
	options Options
	session *elab.Session

	input            // what was typed of the next statement
	done  bool       // exit
	files []settings // of those who load a file, outermost first
	later []deferred // what the files being loaded will print

	settings
	sop, selector *example // that s-ops and selectors are shown on
	applied       *example // that an s-op was applied to last
	labels        map[*graph.Node]string
}

// settings of the display.
type settings struct {
	showSOps, showSelectors bool // on their examples
	full                    bool // s-ops position by position
}

// New starts a session and writes its welcome.
func New(out io.Writer, options Options) *Console {
	c := &Console{
		out: out, options: options, session: elab.New(options.Read),
		settings: settings{showSOps: true, showSelectors: true},
		labels:   map[*graph.Node]string{},
	}
	c.session.Interactive = true
	c.session.Console = (*listener)(c)
	const hello = "hello"
	c.sop = newExample(elab.Atom{Value: value.OfString(hello)})
	c.selector = c.sop
	c.printf("RASP 0.1\nrunning example is: %s\n", c.value(hello))
	if options.Terminal {
		c.printf("help lists what there is\n")
	}
	return c
}

// Done reports whether the session was ended by exit.
func (c *Console) Done() bool { return c.done }

// execute runs a statement and shows what it did.
func (c *Console) execute(stmt syntax.Stmt) {
	if command, ok := stmt.(*syntax.Command); ok && command.Verb == "exit" {
		c.done = true
		return
	}
	result, faults := c.session.Exec(stmt)
	for _, d := range faults {
		c.fault(d)
	}
	for _, b := range result.Bound {
		c.showNamed(b.Name, b.Value)
	}
	switch v := result.Value.(type) {
	case nil:
	case *elab.Application:
		c.showApplication(v)
	default:
		name := result.Name
		if name == "" {
			name = "out"
		}
		c.showNamed(name, v)
	}
}

// listener hears of what happens inside statements.
type listener Console

func (l *listener) Interrupted() bool {
	return l.options.Interrupted != nil && l.options.Interrupted()
}

func (c *Console) printf(format string, args ...any) { fmt.Fprintf(c.out, format, args...) }

func (c *Console) value(text string) string { return c.paint("36", text) }
func (c *Console) wrong(text string) string { return c.paint("31", text) }

func (c *Console) paint(color, text string) string {
	if !c.options.Color {
		return text
	}
	return "\x1b[" + color + "m" + text + "\x1b[0m"
}
