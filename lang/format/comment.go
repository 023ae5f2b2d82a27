package format

import (
	"strings"
	"unicode/utf8"

	"rasp/lang/diag"
	"rasp/lang/pattern"
	"rasp/lang/syntax"
)

// pointing finds comments that point at the line above.
var pointing = pattern.Of(`^#( *\^|<)`)

// remark finds comments that may stand between such a comment and its line.
var remark = pattern.Of(`^#(>|=| *\^|<)`)

// pointedAt has the numbers of the lines that a comment points at.
func pointedAt(src *diag.Source, comments []*syntax.Comment) map[int]bool {
	lines := map[int]bool{}
	remarks := map[int]bool{}
	for _, c := range comments {
		n := c.Where.Line()
		remarks[n] = ownLine(c) && remark().MatchString(c.Where.Text())
		if !ownLine(c) || !pointing().MatchString(c.Where.Text()) {
			continue
		}
		for n--; remarks[n]; n-- {
		}
		lines[n] = true
	}
	return lines
}

// ownLine tells whether nothing but blanks stands before the comment.
func ownLine(c *syntax.Comment) bool {
	line := c.Where.Source.Line(c.Where.Line())
	return strings.HasPrefix(strings.TrimLeft(strings.TrimPrefix(line, "\ufeff"), " \t\r"), "#")
}

func textOf(c *syntax.Comment) string { return strings.TrimRight(c.Where.Text(), " \t\r") }

// next is the comment that comes next, nil if there is none.
func (p *printer) next() *syntax.Comment {
	if len(p.comments) == 0 {
		return nil
	}
	return p.comments[0]
}

// take removes and returns the next comment.
func (p *printer) take() *syntax.Comment {
	c := p.comments[0]
	p.comments = p.comments[1:]
	return c
}

// before takes the comments in front of offset.
func (p *printer) before(offset int) []*syntax.Comment {
	n := 0
	for n < len(p.comments) && p.comments[n].Where.Start < offset {
		n++
	}
	taken := p.comments[:n]
	p.comments = p.comments[n:]
	return taken
}

// behind takes the next comment if it is on the line where end is, in front of
// limit, with nothing but blanks and the characters of skip between; else it is
// nil.
func (p *printer) behind(end, limit int, skip string) *syntax.Comment {
	c := p.next()
	if c == nil || c.Where.Start < end || c.Where.Start >= limit ||
		strings.Trim(p.src.Text[end:c.Where.Start], " \t"+skip) != "" {
		return nil
	}
	return p.take()
}

// skip is the offset of the next token from offset on.
func (p *printer) skip(offset int) int {
	for s := p.src.Text; offset < len(s); {
		switch s[offset] {
		case ' ', '\t', '\r', '\n':
			offset++
		case '#':
			offset += strings.IndexByte(s[offset:]+"\n", '\n')
		default:
			return offset
		}
	}
	return offset
}

// row is one or several lines of the result, with what stands around them.
type row struct {
	blank   bool // a blank line before
	indent  int
	code    string // may be empty
	comment string // behind the code, or alone; may be empty
	gap     int    // blanks between the two; 0 means 1
}

// comment writes a comment on a line of its own.
func (p *printer) comment(c *syntax.Comment, depth int) {
	r := row{blank: p.blankBefore(c.Where.Start), indent: depth * indentation, comment: textOf(c)}
	if pointing().MatchString(r.comment) && ownLine(c) {
		_, col := p.src.Position(c.Where.Start)
		r.indent = col - 1
	}
	p.rows = append(p.rows, r)
}

// blankBefore tells whether a blank line stands right before offset.
func (p *printer) blankBefore(offset int) bool {
	before := p.src.Text[:offset]
	blanks := before[len(strings.TrimRight(before, " \t\r\n")):]
	return strings.Count(blanks, "\n") > 1
}

// join makes the text of rows.
func join(rows []row) string {
	alignComments(rows)
	var b strings.Builder
	for i, r := range rows {
		if r.blank && i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(strings.Repeat(" ", r.indent) + r.code)
		if r.code != "" && r.comment != "" {
			b.WriteString(strings.Repeat(" ", max(r.gap, 1)))
		}
		b.WriteString(r.comment + "\n")
	}
	return b.String()
}

// alignComments puts the comments behind the lines of a block one below the
// other, where lines with such comments follow each other.
func alignComments(rows []row) {
	for start := 0; start < len(rows); {
		end, column := start, 0
		for end < len(rows) && rows[end].aligns(rows[start], end == start) {
			column = max(column, rows[end].lastWidth())
			end++
		}
		for i := start; i < end; i++ {
			rows[i].gap = column - rows[i].lastWidth() + 1
		}
		start = max(end, start+1)
	}
}

// aligns tells whether the comment of r lines up with that of first, the first
// of its block. Comments behind a brace stand by themselves.
func (r row) aligns(first row, isFirst bool) bool {
	return r.code != "" && r.comment != "" && !strings.HasSuffix(r.code, "{") && !strings.HasSuffix(r.code, "}") &&
		(isFirst || !r.blank && r.indent == first.indent)
}

// lastWidth is the width of the last line of the code, its indentation left out
// if it is the only one.
func (r row) lastWidth() int {
	at := strings.LastIndexByte(r.code, '\n')
	width := utf8.RuneCountInString(r.code[at+1:])
	if at >= 0 {
		width -= r.indent
	}
	return width
}
