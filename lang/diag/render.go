package diag

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Render prints d with its source line, a caret and the hint. Of a span over
// several lines the first is marked.
func (d *Diagnostic) Render() string {
	var b strings.Builder
	b.WriteString(Visible(d.Error()))
	b.WriteByte('\n')
	if d.Span.Source != nil {
		line, col := d.Span.Source.Position(d.Span.Start)
		width := utf8.RuneCountInString(firstLine(d.Span.Text()))
		text, col, width := excerpt(d.Span.Source.Line(line), col, max(width, 1))
		fmt.Fprintf(&b, "%5d | %s\n      | %s^%s\n", line, text,
			strings.Repeat(" ", col-1), strings.Repeat("~", width-1))
	}
	if d.Hint != "" {
		fmt.Fprintf(&b, "      = hint: %s\n", Visible(d.Hint))
	}
	return b.String()
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
