package diag

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Paint gives colours to the parts of a diagnostic. A nil function leaves its part as it is.
type Paint struct {
	Place  func(string) string           // file:line:col:
	Kind   func(Severity, string) string // syntax error:
	Gutter func(string) string           // the line's number, and the bar beside it
	Source func(line string) string      // the source line, without control characters
	Mark   func(Severity, string) string // ^~~
	Hint   func(string) string           // = hint:
}

// Render prints d with its source line, a caret and the hint. Of a span over
// several lines the first is marked.
func (d *Diagnostic) Render() string { return d.RenderIn(Paint{}) }

// RenderIn is Render in colours.
func (d *Diagnostic) RenderIn(p Paint) string {
	severity := d.Severity
	if severity == "" {
		severity = Error
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s %s\n", painted(p.Place, Visible(d.Span.String()+":")),
		paintedAs(p.Kind, severity, fmt.Sprintf("%s %s:", d.Kind, severity)), Visible(d.Message))
	if d.Span.Source != nil {
		line, col := d.Span.Source.Position(d.Span.Start)
		width := utf8.RuneCountInString(firstLine(d.Span.Text()))
		text, col, width := excerpt(d.Span.Source.Line(line), col, max(width, 1))
		fmt.Fprintf(&b, "%s %s\n%s %s%s\n", painted(p.Gutter, fmt.Sprintf("%5d |", line)), painted(p.Source, text),
			painted(p.Gutter, "      |"), strings.Repeat(" ", col-1), paintedAs(p.Mark, severity, "^"+strings.Repeat("~", width-1)))
	}
	if d.Hint != "" {
		fmt.Fprintf(&b, "      %s %s\n", painted(p.Hint, "= hint:"), Visible(d.Hint))
	}
	return b.String()
}

func painted(paint func(string) string, text string) string {
	if paint == nil {
		return text
	}
	return paint(text)
}

func paintedAs(paint func(Severity, string) string, severity Severity, text string) string {
	if paint == nil {
		return text
	}
	return paint(severity, text)
}

// excerpt makes a line fit for printing: tabs and control characters become
// blanks, so that a character is a column, and of a long line only the part
// around col remains, with col and width moved along.
func excerpt(line string, col, width int) (text string, newCol, newWidth int) {
	const most, dots = 160, "..." // characters shown
	runes := []rune(line)
	for i, r := range runes {
		if obeyed(r) {
			runes[i] = ' '
		}
	}
	if len(runes) <= most {
		return string(runes), col, width
	}
	start := max(min(col-1-most/2, len(runes)-most), 0)
	end := start + most
	width = max(min(width, end-(col-1)), 1)
	text = string(runes[start:end])
	if end < len(runes) {
		text += dots
	}
	if start > 0 {
		text = dots + text
		col += len(dots) - start
	}
	return text, col, width
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return strings.TrimRight(line, "\r")
}
