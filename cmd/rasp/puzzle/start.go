package puzzle

import (
	"fmt"
	"strings"
)

// Start is the text of a program to begin with: the statement, the domain, the examples,
// and an answer that is wrong.
func (p *Puzzle) Start() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# Puzzle %d, %s: %s\n", p.Number, p.Name, p.Title)
	if len(p.Statement) > 0 {
		b.WriteString("#\n")
	}
	for _, line := range p.Statement {
		b.WriteString(strings.TrimSpace("# "+line) + "\n")
	}
	b.WriteString(strings.Join(p.directives, "\n") + "\n")
	for _, e := range p.Examples {
		fmt.Fprintf(&b, "# %s -> [%s]\n", e.Text(), strings.Join(e.Answer, ", "))
	}
	fmt.Fprintf(&b, "\n%s = %s;\n", p.Output, p.anything())
	return b.String()
}

// anything is an expression of the kind of an answer.
func (p *Puzzle) anything() string {
	if !p.Next {
		return "tokens"
	}
	entries := make([]string, len(p.Domain.Vocab))
	for i, t := range p.Domain.Vocab {
		entries[i] = t.JSON() + ": 1"
	}
	return "{" + strings.Join(entries, ", ") + "}"
}

// Text is the input of an example as it can be typed.
func (e Example) Text() string { return textOf(e.Input) }
