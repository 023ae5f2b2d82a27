package golden

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"rasp/lang/diag"
	"rasp/lang/pattern"
)

// Read splits a file into chunks and reads what they expect. Name is used in
// messages only.
func Read(name, text string) ([]*Chunk, error) {
	lines := strings.Split(text, "\n")
	var chunks []*Chunk
	start := 0
	for i, line := range lines {
		if !strings.HasPrefix(line, "#==") {
			continue
		}
		if chunks == nil && !onlyComments(lines[:i]) {
			return nil, fmt.Errorf("%s:%d: a program above the first #==", name, i+1)
		}
		if chunks != nil {
			chunks[len(chunks)-1].Text = program(lines, start, i)
		}
		start = i
		chunks = append(chunks, &Chunk{Title: strings.TrimSpace(line[3:]), File: name, Line: i + 1})
	}
	if chunks == nil {
		chunks = []*Chunk{{Title: "whole file", File: name, Line: 1}}
	}
	chunks[len(chunks)-1].Text = program(lines, start, len(lines))
	for _, c := range chunks {
		if err := c.read(); err != nil {
			return nil, err
		}
	}
	return chunks, nil
}

func onlyComments(lines []string) bool {
	for _, line := range lines {
		if line := strings.TrimSpace(line); line != "" && (line[0] != '#' || expectation().MatchString(line)) {
			return false
		}
	}
	return true
}

// program is the text of a chunk below as many blank lines as precede it.
func program(lines []string, start, end int) string {
	return strings.Repeat("\n", start) + strings.Join(lines[start:end], "\n")
}

// expectation recognises the lines that are about the program, not of it.
var expectation = pattern.Of(`^#(>|=|<| *\^)`)

var faultText = pattern.Of(`^(warning )?([a-z]+): *(.+)$`)

// read collects the expectations of the chunk's text. A fault belongs to the
// nearest line above that is not an expectation itself.
func (c *Chunk) read() error {
	target := c.Line
	for i, line := range strings.Split(c.Text, "\n") {
		line, n := strings.TrimRight(line, " \t\r"), i+1
		mark := expectation().FindString(line)
		if mark == "" || strings.HasPrefix(line, "#==") {
			target = n
			continue
		}
		rest := strings.TrimSpace(line[len(mark):])
		var err error
		switch mark {
		case "#>":
			err = c.readCase(n, line)
		case "#=":
			err = c.readSizes(n, rest)
		case "#<":
			err = c.readFault(target, 1, rest)
		default:
			err = c.readFault(target, utf8.RuneCountInString(mark), rest)
		}
		if err != nil {
			return fmt.Errorf("%s:%d: %w", c.File, n, err)
		}
	}
	return nil
}

func (c *Chunk) readSizes(line int, text string) error {
	words := strings.Fields(text)
	s := &Sizes{Line: line}
	for i := 0; i+1 < len(words); i += 2 {
		n, err := strconv.Atoi(words[i+1])
		if err != nil {
			return fmt.Errorf("size %q is not a number", words[i+1])
		}
		s.Names, s.Values = append(s.Names, words[i]), append(s.Values, n)
	}
	if len(words) == 0 || len(words)%2 != 0 {
		return fmt.Errorf("want pairs of a name and a number, have %q", text)
	}
	c.Sizes = append(c.Sizes, s)
	return nil
}

// readFault reads "kind: part of the message", or "hint: part of the hint",
// which belongs to the fault before it.
func (c *Chunk) readFault(line, col int, text string) error {
	f, err := parseFault(text)
	if err != nil {
		return err
	}
	f.Line, f.Col = line, col
	if f.Kind != "hint" {
		c.Faults = append(c.Faults, f)
		return nil
	}
	if n := len(c.Faults); n > 0 && c.Faults[n-1].Line == line && c.Faults[n-1].Col == col {
		c.Faults[n-1].Hints = append(c.Faults[n-1].Hints, f.Message)
		return nil
	}
	return fmt.Errorf("a hint without a fault at %d:%d above it", line, col)
}

func parseFault(text string) (*Fault, error) {
	m := faultText().FindStringSubmatch(text)
	if m == nil {
		return nil, fmt.Errorf("want \"kind: part of the message\", have %q", text)
	}
	return &Fault{Warning: m[1] != "", Kind: diag.Kind(m[2]), Message: m[3]}, nil
}
