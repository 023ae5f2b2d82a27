package console

import (
	"strings"

	"rasp/lang/diag"
	"rasp/lang/graph"
)

// fault prints what is wrong: for people its kind, in a transcript the line by which the
// reference tells the class, with our message, then the place and the hint.
func (c *Console) fault(d *diag.Diagnostic) {
	if c.session.Console.Interrupted() {
		c.printf("%s\n", c.wrong("interrupted"))
		return
	}
	message := d.Message
	if d.Span.Source != nil && d.Span.Source.Name != "console" {
		message = d.Span.String() + ": " + message
	}
	switch {
	case c.options.Terminal:
		message = string(d.Kind) + " error: " + message
	case d.Kind == diag.Syntax:
		message = "\t!! antlr exception: " + message + " \t-- ignoring input"
	case d.Class == diag.NotCallable:
		message = "not implemented this command yet! ignoring\n\t " + message
	case d.Class == diag.Failed, d.Kind == diag.Limit:
		message = "something went wrong: " + message
	default:
		message = "\t\t!!ignoring input:\n\t " + message
	}
	c.printf("%s\n", c.wrong(message))
	if d.Hint == "" && seeksHelp(d) {
		d.WithHint("help, on a line by itself, lists the commands")
	}
	if _, excerpt, ok := strings.Cut(d.RenderIn(c.options.Paint), "\n"); ok {
		c.printf("%s", excerpt)
	}
}

// seeksHelp tells faults of those who use the commands of other consoles.
func seeksHelp(d *diag.Diagnostic) bool {
	switch text := d.Span.Text(); d.Kind {
	case diag.Undefined:
		return text == "help"
	case diag.Syntax:
		return strings.TrimSpace(d.Span.Source.Text[:d.Span.Start]) == "" && strings.ContainsAny(text, `:?!/\\.`)
	}
	return false
}

// What evaluate returns instead of a value.
const (
	failedOnType = "type failure"
	failedOnRun  = "EVALUATION FAILURE"
)

// evaluate computes n on an example that it was not tested on. If it fails
// there, that is printed, and the result is not empty.
func (c *Console) evaluate(x *example, n *graph.Node) string {
	d := asDiagnostic(x.compute(n, c.session.Console.Interrupted))
	if d == nil {
		return ""
	}
	if d.Class == diag.Refused {
		c.printf("%s\n", c.wrong("\t!!statement executed, but result fails on evaluation:\n\t\t "+d.Message))
		return failedOnType
	}
	c.printf("%s\n", c.wrong("evaluation failed in: [ "+c.labelOf(n)+" ] with exception:\n "+d.Message))
	return failedOnRun
}
