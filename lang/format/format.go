// Package format lays RASP programs out in one way: four blanks a level, a
// statement a line, blanks around operators, at most one blank line between
// statements, and lines of up to 100 characters.
//
// What comes in is text without syntax errors; what goes out is the same tokens
// in the same order, and the same comments, with other blanks and line breaks.
// In running order: syntax parses the text; stmt.go walks over the statements
// and comment.go puts the comments between them; expr.go makes each expression
// a doc, which is text with places where it may break, and doc.go chooses among
// these by the width of a line. At last same.go parses the result and compares
// it with the program: if they differed, that would be a fault, not a result.
//
// The result is legal wherever the text was, and for stricter readers too: a
// comment inside an expression gets a line of its own, since other RASP
// interpreters take it only there.
//
// A comment of blanks and a ^ points at the line above. That line keeps its
// layout and the comment its column.
package format

import (
	"rasp/lang/diag"
	"rasp/lang/syntax"
)

// width of a line in characters; comments behind it do not count.
const width = 100

// Source is the program in canonical layout, ending in a line break unless it
// is empty. A program with syntax errors has no layout: the list has them.
func Source(src *diag.Source) (string, diag.List) { return source(src, width) }

func source(src *diag.Source, width int) (string, diag.List) {
	file, faults := parse(src)
	if faults != nil {
		return "", faults
	}
	p := &printer{src: src, width: width, comments: file.Comments, frozen: pointedAt(src, file.Comments)}
	p.file(file.Stmts)
	text := join(p.rows)
	if !sameProgram(file, text) {
		return "", diag.List{diag.Errorf(diag.Span{Source: src}, diag.Limit, "the layout of this program would change its meaning").
			WithHint("this is a fault of the formatter; the program is left as it is")}
	}
	return text, nil
}

// parse gives a file, or what is wrong with its text. Directives may be wrong:
// they are comments.
func parse(src *diag.Source) (*syntax.File, diag.List) {
	file, all := syntax.Parse(src)
	var faults diag.List
	for _, d := range all {
		if d.Severity != diag.Warning && d.Kind != diag.Domain {
			faults = append(faults, d)
		}
	}
	return file, faults
}
