// Package diag says what is wrong with a program and where.
//
// Every stage reports in the same currency: a Diagnostic has a Span in a
// Source, a Kind that scripts can rely on, a message and, where one is known, a
// hint. Stages collect them in a List, so that one run reports every fault it
// can find. Render prints them for people: file:line:col, the source line, a
// caret, the hint.
package diag

import (
	"fmt"
	"sort"
	"strings"
	"unicode/utf8"
)

// Source is one file of RASP text.
type Source struct {
	Name  string // as the user gave it
	Text  string
	lines []int // byte offset of the first character of each line
}

// NewSource indexes text by line.
func NewSource(name, text string) *Source {
	s := &Source{Name: name, Text: text, lines: []int{0}}
	for i := 0; i < len(text); i++ {
		if text[i] == '\n' {
			s.lines = append(s.lines, i+1)
		}
	}
	return s
}

// Line returns the text of line n (1-based) without its line break.
func (s *Source) Line(n int) string {
	if n < 1 || n > len(s.lines) {
		return ""
	}
	end := len(s.Text)
	if n < len(s.lines) {
		end = s.lines[n] - 1
	}
	return strings.TrimSuffix(s.Text[s.lines[n-1]:end], "\r")
}

// Position turns a byte offset into a line and a column, both from 1; columns
// count characters.
func (s *Source) Position(offset int) (line, col int) {
	offset = min(max(offset, 0), len(s.Text))
	line = sort.SearchInts(s.lines, offset+1)
	return line, utf8.RuneCountInString(s.Text[s.lines[line-1]:offset]) + 1
}

// Span is a piece of a source: bytes Start up to End, End not included. The
// zero Span belongs to no source.
type Span struct {
	Source     *Source
	Start, End int
}

// Widened is the span, or, if it is empty, what an editor can mark in its place: the next
// character or, at the end of a line, the one before.
func (s Span) Widened() Span {
	if s.Source == nil || s.End > s.Start {
		return s
	}
	before, after := s.Source.Text[:s.Start], s.Source.Text[s.Start:]
	switch {
	case after != "" && after[0] != '\n' && after[0] != '\r':
		_, n := utf8.DecodeRuneInString(after)
		s.End += n
	case before != "" && before[len(before)-1] != '\n':
		_, n := utf8.DecodeLastRuneInString(before)
		s.Start -= n
	}
	return s
}

// Line is the line on which the span starts, from 1; 0 without a source.
func (s Span) Line() int {
	if s.Source == nil {
		return 0
	}
	line, _ := s.Source.Position(s.Start)
	return line
}

// Col is the column at which the span starts, from 1; 0 without a source.
func (s Span) Col() int {
	if s.Source == nil {
		return 0
	}
	_, col := s.Source.Position(s.Start)
	return col
}

// Text is the source text under the span.
func (s Span) Text() string {
	if s.Source == nil {
		return ""
	}
	return s.Source.Text[s.Start:s.End]
}

// To is the span from the start of s to the end of t.
func (s Span) To(t Span) Span {
	if s.Source == nil {
		return t
	}
	if t.Source != s.Source {
		return s
	}
	return Span{s.Source, s.Start, max(s.End, t.End)}
}

// String is file:line:col.
func (s Span) String() string {
	if s.Source == nil {
		return "-"
	}
	line, col := s.Source.Position(s.Start)
	return fmt.Sprintf("%s:%d:%d", s.Source.Name, line, col)
}

// Kind classifies a fault; the words are part of the command line's interface.
type Kind string

const (
	Syntax    Kind = "syntax"    // the text is not RASP
	Undefined Kind = "undefined" // a name, key or file that does not exist
	Reserved  Kind = "reserved"  // binding a name that belongs to the language
	Type      Kind = "type"      // operands of the wrong kind
	Value     Kind = "value"     // right kind, impossible value: 1/0, an absent key
	Arity     Kind = "arity"     // wrong number of arguments or of names
	Index     Kind = "index"     // outside a list or string
	Domain    Kind = "domain"    // compiler: vocabulary, length or output missing or malformed
	Limit     Kind = "limit"     // too large for the budget, or not supported
	Internal  Kind = "internal"  // the compiler itself is at fault
	Unused    Kind = "unused"    // warning: a name or value that nothing reads
	Shadow    Kind = "shadow"    // warning: a name that hides another one, likely by mistake
)

// Class tells faults apart as the console of the reference interpreter does.
type Class uint8

const (
	Refused     Class = iota // the language does not allow it
	Failed                   // an operation cannot compute with what it met: "a" - 1, 1/0, a mean of strings
	NotCallable              // a call of what is neither function, s-op nor selector
)

// Severity tells faults from remarks.
type Severity string

const (
	Error   Severity = "error"
	Warning Severity = "warning"
	Note    Severity = "note" // no fault at all
)

// Diagnostic is one fault at one place.
type Diagnostic struct {
	Span     Span
	Severity Severity // "" means Error
	Kind     Kind
	Class    Class
	Message  string // lower case, no full stop: what was found and what was expected
	Hint     string // what to write instead; may be empty
}

// Errorf makes an error diagnostic.
func Errorf(span Span, kind Kind, format string, args ...any) *Diagnostic {
	return &Diagnostic{Span: span, Severity: Error, Kind: kind, Message: fmt.Sprintf(format, args...)}
}

// Warningf makes a warning diagnostic.
func Warningf(span Span, kind Kind, format string, args ...any) *Diagnostic {
	return &Diagnostic{Span: span, Severity: Warning, Kind: kind, Message: fmt.Sprintf(format, args...)}
}

// WithHint adds a hint and returns d.
func (d *Diagnostic) WithHint(format string, args ...any) *Diagnostic {
	d.Hint = fmt.Sprintf(format, args...)
	return d
}

// WithClass sets the class and returns d.
func (d *Diagnostic) WithClass(class Class) *Diagnostic {
	d.Class = class
	return d
}

// Error is one line: file:line:col: kind error: message.
func (d *Diagnostic) Error() string {
	severity := d.Severity
	if severity == "" {
		severity = Error
	}
	return fmt.Sprintf("%s: %s %s: %s", d.Span, d.Kind, severity, d.Message)
}

// List is every fault found in a run, in the order found.
type List []*Diagnostic

// Err is nil for a list without errors (warnings and notes do not count).
func (l List) Err() error {
	for _, d := range l {
		if d.Severity != Warning && d.Severity != Note {
			return l
		}
	}
	return nil
}

// Error joins the one-line forms.
func (l List) Error() string {
	lines := make([]string, len(l))
	for i, d := range l {
		lines[i] = d.Error()
	}
	return strings.Join(lines, "\n")
}
