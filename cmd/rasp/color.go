package main

import (
	"bytes"
	"io"
	"os"
	"strings"
	"text/tabwriter"

	"rasp/lang/diag"
	"rasp/lang/syntax"
)

// Colours are for terminals only: what goes into a pipe or a file is the same bytes as ever.

// ANSI sequences (ECMA-48, SGR).
const (
	bold, dim, red, green, yellow, blue, magenta, cyan = "\x1b[1m", "\x1b[2m", "\x1b[31m", "\x1b[32m", "\x1b[33m", "\x1b[94m", "\x1b[35m", "\x1b[36m"
	plain                                              = "\x1b[0m"
)

// wantsColor says whether what is written there may be in colours: NO_COLOR (no-color.org)
// and TERM=dumb say no, CLICOLOR_FORCE says yes even where no terminal is.
func wantsColor(w io.Writer) bool {
	if os.Getenv("NO_COLOR") != "" || os.Getenv("TERM") == "dumb" {
		return false
	}
	if forced := os.Getenv("CLICOLOR_FORCE"); forced != "" && forced != "0" {
		return true
	}
	file := terminal(w)
	return file != nil && understandsColor(file)
}

// in makes text that is written there appear in a style, if it may.
func in(to io.Writer, style, text string) string {
	if text == "" || !wantsColor(to) {
		return text
	}
	return style + text + plain
}

// styles of the words of a program; others have none.
var styles = map[syntax.WordKind]string{
	syntax.CommentWord: dim, syntax.DirectiveWord: blue, syntax.KeywordWord: magenta,
	syntax.CallWord: cyan, syntax.NumberWord: yellow, syntax.StringWord: green,
}

// highlighted is the text of a program in colours.
func highlighted(text string) string {
	var b strings.Builder
	at, words := 0, syntax.Words(diag.NewSource("", text))
	for i, w := range words {
		kind := w.Kind
		if next := i + 1; kind == syntax.NameWord && next < len(words) && words[next].Span.Start == w.Span.End && words[next].Is("(") {
			kind = syntax.CallWord
		}
		if style := styles[kind]; style != "" {
			b.WriteString(text[at:w.Span.Start] + style + w.Text() + plain)
			at = w.Span.End
		}
	}
	return b.String() + text[at:]
}

// paintOf is the paint of the faults that are written there.
func paintOf(to io.Writer) diag.Paint {
	if !wantsColor(to) {
		return diag.Paint{}
	}
	style := func(style string) func(string) string {
		return func(text string) string { return style + text + plain }
	}
	severe := func(severity diag.Severity, text string) string {
		return bold + map[diag.Severity]string{diag.Error: red, diag.Warning: yellow, diag.Note: cyan}[severity] + text + plain
	}
	return diag.Paint{Place: style(bold), Kind: severe, Gutter: style(dim), Source: highlighted, Mark: severe, Hint: style(cyan)}
}

// table aligns columns; the first, which has the names, is in colour where colours may be.
type table struct {
	*tabwriter.Writer
	lines *bytes.Buffer
	to    io.Writer
}

func newTable(to io.Writer) *table {
	t := &table{lines: &bytes.Buffer{}, to: to}
	t.Writer = tabwriter.NewWriter(t.lines, 0, 0, 2, ' ', 0)
	return t
}

// widen makes columns at least so many characters wide.
func (t *table) widen(least int) { t.Init(t.lines, least, 0, 2, ' ', 0) }

// Flush writes the table.
func (t *table) Flush() error {
	if err := t.Writer.Flush(); err != nil {
		return err
	}
	text := t.lines.String()
	t.lines.Reset()
	if wantsColor(t.to) {
		var b strings.Builder
		for line := range strings.Lines(text) {
			b.WriteString(nameInColor(line))
		}
		text = b.String()
	}
	_, err := io.WriteString(t.to, text)
	return err
}

// nameInColor is a row of a table with its first cell in colour. Cells are two blanks apart;
// a row that starts with more of them has none.
func nameInColor(row string) string {
	name := strings.TrimLeft(row, " ")
	indent := len(row) - len(name)
	end := strings.Index(name, "  ")
	if indent > 2 || end < 0 {
		return row
	}
	return row[:indent] + cyan + name[:end] + plain + name[end:]
}
