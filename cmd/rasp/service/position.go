package service

import (
	"sort"
	"unicode/utf8"

	"rasp/lang/diag"
)

// Encoding says in what characters are counted.
type Encoding string

// The encodings. Editors that say nothing count in UTF16.
const (
	UTF8  Encoding = "utf-8"
	UTF16 Encoding = "utf-16"
	UTF32 Encoding = "utf-32"
)

// Position is a place in a text; both count from 0, characters in units of the encoding.
type Position struct {
	Line      int `json:"line"`
	Character int `json:"character"`
}

// Range is a piece of a text; its end is not in it.
type Range struct {
	Start Position `json:"start"`
	End   Position `json:"end"`
}

// Edit replaces a piece of a text.
type Edit struct {
	Range   Range  `json:"range"`
	NewText string `json:"newText"`
}

// Location is a piece of another file, named as in the program: p.rasp for load "p".
type Location struct {
	URI   string `json:"uri"`
	Range Range  `json:"range"`
}

// Text knows where in it positions are. Lines end with \n, \r\n or \r.
type Text struct {
	text     string
	encoding Encoding
	starts   []int  // of lines
	marks    []mark // one in every markEvery bytes
}

// mark is how many units stand before an offset, so that places in a very long line are found
// without a walk from its start.
type mark struct{ offset, units int }

const markEvery = 256

// NewText indexes a text.
func NewText(text string, e Encoding) *Text {
	t := &Text{text: text, encoding: e, starts: []int{0}}
	for i := 0; i < len(text); i++ {
		if text[i] == '\n' || text[i] == '\r' && (i+1 == len(text) || text[i+1] != '\n') {
			t.starts = append(t.starts, i+1)
		}
	}
	units := 0
	for at, next := 0, 0; at < len(text); {
		if at >= next {
			t.marks = append(t.marks, mark{at, units})
			next += markEvery
		}
		r, size := utf8.DecodeRuneInString(text[at:])
		units += t.units(r, size)
		at += size
	}
	return t
}

// String is the text.
func (t *Text) String() string { return t.text }

// Offset of a position in bytes. What is outside of the text is moved to the nearest place
// in it: beyond a line to its end, into a character to its start.
func (t *Text) Offset(p Position) int {
	if p.Line < 0 {
		return 0
	}
	if p.Line >= len(t.starts) {
		return len(t.text)
	}
	start := t.starts[p.Line]
	line := t.line(p.Line)
	at, units := 0, 0
	for at < len(line) {
		r, size := utf8.DecodeRuneInString(line[at:])
		if units += t.units(r, size); units > p.Character {
			break
		}
		at += size
	}
	return start + at
}

// line is line n without its end.
func (t *Text) line(n int) string {
	end := len(t.text)
	if n+1 < len(t.starts) {
		end = t.starts[n+1]
	}
	for end > t.starts[n] && (t.text[end-1] == '\n' || t.text[end-1] == '\r') {
		end--
	}
	return t.text[t.starts[n]:end]
}

// units of a character of so many bytes.
func (t *Text) units(r rune, size int) int {
	switch {
	case t.encoding == UTF8:
		return size
	case t.encoding == UTF16 && r > 0xffff:
		return 2
	}
	return 1
}

// Position of an offset in bytes.
func (t *Text) Position(offset int) Position {
	offset = min(max(offset, 0), len(t.text))
	line := sort.SearchInts(t.starts, offset+1) - 1
	return Position{line, t.unitsBefore(offset) - t.unitsBefore(t.starts[line])}
}

// unitsBefore counts from the start of the text.
func (t *Text) unitsBefore(offset int) int {
	i := min(offset/markEvery, len(t.marks)-1)
	for i > 0 && t.marks[i].offset > offset {
		i-- // a mark stands after the character that a multiple of markEvery is in
	}
	if i < 0 {
		return 0
	}
	at, units := t.marks[i].offset, t.marks[i].units
	for at < offset {
		r, size := utf8.DecodeRuneInString(t.text[at:])
		units += t.units(r, size)
		at += size
	}
	return units
}

// Range of a span of bytes.
func (t *Text) Range(s diag.Span) Range { return Range{t.Position(s.Start), t.Position(s.End)} }

// Splice is the text with another one in place of a piece.
func (t *Text) Splice(r Range, with string) string {
	start, end := t.Offset(r.Start), t.Offset(r.End)
	return t.text[:start] + with + t.text[max(start, end):]
}

// Apply is the text after edits that do not overlap.
func (t *Text) Apply(edits []Edit) string {
	sorted := append([]Edit(nil), edits...)
	sort.SliceStable(sorted, func(i, j int) bool { return t.Offset(sorted[i].Range.Start) > t.Offset(sorted[j].Range.Start) })
	text := t.text
	for _, e := range sorted {
		text = text[:t.Offset(e.Range.Start)] + e.NewText + text[t.Offset(e.Range.End):]
	}
	return text
}
