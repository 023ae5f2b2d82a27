package main

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"rasp/cmd/rasp/puzzle"
	"rasp/lang/diag"
)

// counterexampleText shows an input on which a program is wrong, and what it computes
// there.
func counterexampleText(paint diag.Paint, p *puzzle.Puzzle, file string, c *puzzle.Counterexample) string {
	var b strings.Builder
	verb := "is wrong"
	if c.Fault != nil {
		verb = "fails"
	}
	fmt.Fprintf(&b, "%s %s on %s, at position %d:\n\n", file, verb, c.Text(), c.Position)
	if c.Fault != nil {
		b.WriteString(rendered(paint, c.Fault, file) + "\n")
	}
	if p.Next {
		fmt.Fprintf(&b, "after %s\n", puzzle.Example{Input: c.Input[:c.Position+1]}.Text())
		fmt.Fprintf(&b, "  expected  %s\n", c.Expected[c.Position])
		if c.Got != nil {
			fmt.Fprintf(&b, "  %-8s  %s\n", p.Output, c.Got[c.Position])
		}
		b.WriteString("\n")
	}
	b.WriteString(positions(p, c))
	for _, n := range c.Names {
		if n.Selector {
			fmt.Fprintf(&b, "\n%s: position %d selects %s\n", n.Name, c.Position, selectedText(c, n))
		}
	}
	if c.Note != "" {
		fmt.Fprintf(&b, "\n%s\n", c.Note)
	}
	return b.String()
}

// positions is a table of the s-ops, a column for each position; that at which the
// program is wrong is marked.
func positions(p *puzzle.Puzzle, c *puzzle.Counterexample) string {
	var rows []puzzle.Named
	add := func(name string, values []string) {
		if values != nil {
			rows = append(rows, puzzle.Named{Name: name, Values: values})
		}
	}
	numbers, input := make([]string, len(c.Input)), make([]string, len(c.Input))
	for i := range c.Input {
		numbers[i], input[i] = fmt.Sprint(i), puzzle.Shown(c.Input[i])
	}
	add("position", numbers)
	add("input", input)
	if !p.Next {
		add("expected", c.Expected)
		add(p.Output, c.Got)
	}
	for _, n := range c.Names {
		add(n.Name, n.Values)
	}
	return aligned(rows, c.Position)
}

// aligned prints rows in columns, with brackets around one of these.
func aligned(rows []puzzle.Named, marked int) string {
	names := 0
	widths := make([]int, len(rows[0].Values))
	for _, r := range rows {
		names = max(names, utf8.RuneCountInString(r.Name))
		for i, v := range r.Values {
			widths[i] = max(widths[i], utf8.RuneCountInString(v))
		}
	}
	var b strings.Builder
	for _, r := range rows {
		line := padded(r.Name, names) + " "
		for i, v := range r.Values {
			left, right := " ", " "
			if i == marked {
				left, right = "[", "]"
			}
			line += left + padded(v, widths[i]) + right
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	return b.String()
}

func padded(text string, width int) string {
	return text + strings.Repeat(" ", width-utf8.RuneCountInString(text))
}

// selectedText lists what a selector selects.
func selectedText(c *puzzle.Counterexample, n puzzle.Named) string {
	if n.Selected == nil {
		return "nothing"
	}
	list := make([]string, len(n.Selected))
	for i, j := range n.Selected {
		list[i] = fmt.Sprintf("%d (%s)", j, puzzle.Shown(c.Input[j]))
	}
	return strings.Join(list, ", ")
}
