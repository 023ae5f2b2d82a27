package console

import (
	"strings"

	"rasp/lang/diag"
	"rasp/lang/syntax"
)

// input is what was read of the next statement.
type input struct {
	text    string
	reading bool // at least one line was read
	open    int  // brackets, more than are closed
	defs    int  // functions that are being defined
	parsed  int  // bytes, each as often as it was, while no bracket was open
}

// Prompt asks for the next line: two blanks more for each function that is
// being defined.
func (c *Console) Prompt() string {
	if !c.reading {
		return ">> "
	}
	return ".. " + strings.Repeat("  ", c.defs)
}

// Line takes a line, without its line break. When it completes a statement, or
// several, they are executed.
func (c *Console) Line(line string) {
	if !c.reading && c.help(line) {
		return
	}
	if strings.HasPrefix(strings.TrimSpace(line), "#") {
		line = "" // so that a comment can stand anywhere
	}
	c.text += line + "\n"
	c.open += opened(line)
	for _, word := range strings.Fields(line) {
		if word == "def" {
			c.defs++
		}
	}
	c.reading = true
	blank := strings.TrimSpace(c.text) == ""
	if blank && !c.options.Terminal {
		return // as the reference does
	}
	if c.options.Terminal && len(c.text) <= longInput {
		c.text = settled(c.text)
	}
	if c.open > 0 && len(c.text) > longInput {
		c.bound()
		return
	}
	file, faults := syntax.Parse(diag.NewSource("console", c.text))
	if file.Incomplete {
		if c.open <= 0 {
			c.parsed += len(c.text)
		}
		c.bound()
		return
	}
	c.Drop()
	for _, d := range faults {
		if d.Severity == diag.Error {
			c.fault(d)
			return
		}
	}
	for _, stmt := range file.Stmts {
		c.execute(stmt)
		if c.done || c.session.Console.Interrupted() {
			return
		}
	}
}

// settled is what a person typed, with the ; that it lacks or without the one that is too
// much: in a session a ; may end everything and has to end nothing.
func settled(text string) string {
	if understood(text) {
		return text
	}
	body := strings.TrimRight(text, " \t\n")
	for _, other := range []string{body + "\n;\n", strings.TrimRight(body, ";") + "\n"} {
		if understood(other) {
			return other
		}
	}
	return text
}

func understood(text string) bool {
	file, faults := syntax.Parse(diag.NewSource("console", text))
	return !file.Incomplete && faults.Err() == nil && len(file.Stmts) > 0
}

// longInput is how much text is parsed anew with each of its lines, to tell
// faults early. More is parsed when its brackets are closed.
const longInput = 4 << 10

// Bounds of a statement that does not end, in bytes: of one in brackets, which fills the
// memory, and of what is parsed, again and again, of any other.
const (
	longestOpen = 1 << 28
	mostParsed  = 1 << 20
)

// bound gives up a statement that does not end.
func (c *Console) bound() {
	if len(c.text) > longestOpen || c.parsed > mostParsed {
		c.fault(diag.Errorf(diag.Span{}, diag.Limit, "a statement of %d bytes has not ended", len(c.text)))
		c.Drop()
	}
}

// opened is how many more brackets a line opens than it closes.
func opened(line string) int {
	n, quoted := 0, false
	for _, r := range line {
		switch {
		case r == '"':
			quoted = !quoted
		case quoted:
		case r == '#':
			return n
		case strings.ContainsRune("([{", r):
			n++
		case strings.ContainsRune(")]}", r):
			n--
		}
	}
	return n
}

// Drop forgets what was read of an unfinished statement.
func (c *Console) Drop() { c.input = input{} }

// End takes the end of the input. A statement that it cuts off is the fault.
func (c *Console) End() *diag.Diagnostic {
	c.printf("\n")
	if strings.TrimSpace(c.text) == "" {
		return nil
	}
	_, faults := syntax.Parse(diag.NewSource("console", c.text))
	c.Drop()
	return faults[0]
}
