package syntax

import (
	"strings"

	"rasp/lang/pattern"
)

var word = pattern.Of(`[A-Za-z_][A-Za-z0-9_]*`)

// Identifiers are the words in a text that names can be, keywords among them.
func Identifiers(text string) []string { return word().FindAllString(text, -1) }

// Signature of a function, as its def begins.
func (f *FuncDef) Signature() string {
	names := make([]string, len(f.Params))
	for i, p := range f.Params {
		names[i] = p.Name
	}
	return f.Name.Name + "(" + strings.Join(names, ", ") + ")"
}

// Binds lists the names that statements bind where they stand; loads tells that one
// is a load, which binds names that only another file knows.
func Binds(stmts ...Stmt) (names []*Ident, loads bool) {
	for _, stmt := range stmts {
		switch stmt := stmt.(type) {
		case *Assign:
			names = append(names, stmt.Names...)
		case *FuncDef:
			names = append(names, stmt.Name)
		case *Load:
			loads = true
		case *For:
			inner, loadsToo := Binds(stmt.Body...)
			names = append(append(names, stmt.Names...), inner...)
			loads = loads || loadsToo
		}
	}
	return names, loads
}
