package syntax

import (
	"rasp/lang/diag"
)

// Lost is the text of the file with blanks for all that was understood: what is
// left belongs to faulty statements. What stands after an exit is never read,
// and so not lost.
func (f *File) Lost() string {
	text := []byte(f.Source.Text)
	blank := func(span diag.Span) {
		for i := span.Start; i < span.End; i++ {
			if text[i] != '\n' {
				text[i] = ' '
			}
		}
	}
	for _, comment := range f.Comments {
		blank(comment.Span())
	}
	for _, stmt := range f.Stmts {
		if IsExit(stmt) {
			blank(diag.Span{Start: stmt.Span().Start, End: len(text)})
		}
		understood(stmt, blank)
	}
	return string(text)
}

// IsExit reports whether a statement ends its file.
func IsExit(stmt Stmt) bool {
	command, ok := stmt.(*Command)
	return ok && command.Verb == "exit"
}

// understood visits the parts of a statement that parsed: all of it, but for a
// body those of its statements.
func understood(stmt Stmt, visit func(diag.Span)) {
	switch stmt := stmt.(type) {
	case *FuncDef:
		visit(stmt.Name.Span())
		for _, param := range stmt.Params {
			visit(param.Span())
		}
		for _, inner := range stmt.Body {
			understood(inner, visit)
		}
		visit(Across(stmt.Results))
	case *For:
		for _, name := range stmt.Names {
			visit(name.Span())
		}
		visit(stmt.In.Span())
		for _, inner := range stmt.Body {
			understood(inner, visit)
		}
	default:
		visit(stmt.Span())
	}
}
