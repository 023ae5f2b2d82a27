package service

import (
	"cmp"
	"slices"

	"rasp/lang/check"
	"rasp/lang/diag"
	"rasp/lang/syntax"
)

// Symbol is a name of the outline.
type Symbol struct {
	Name           string   `json:"name"`
	Detail         string   `json:"detail,omitempty"`
	Kind           int      `json:"kind"`
	Range          Range    `json:"range"`
	SelectionRange Range    `json:"selectionRange"`
	Children       []Symbol `json:"children,omitempty"`
}

// Kinds of symbols, as the protocol numbers them.
const (
	fileSymbol     = 1
	functionSymbol = 12
	variableSymbol = 13
)

// Symbols are what the program binds, each name where it is bound first, and the files that
// it loads.
func (s *Snapshot) Symbols() []Symbol {
	list := s.symbols(s.program.File.Stmts)
	for _, f := range s.program.File.Partial {
		list = append(list, s.functionSymbol(f))
	}
	slices.SortStableFunc(list, func(a, b Symbol) int {
		return cmp.Or(cmp.Compare(a.Range.Start.Line, b.Range.Start.Line), cmp.Compare(a.Range.Start.Character, b.Range.Start.Character))
	})
	return list
}

func (s *Snapshot) symbols(stmts []syntax.Stmt) []Symbol {
	list := []Symbol{}
	for _, stmt := range stmts {
		switch stmt := stmt.(type) {
		case *syntax.Assign:
			for _, name := range stmt.Names {
				if s.first(name) {
					list = append(list, s.symbolOf(name, kindOf(s.known(name)), variableSymbol, stmt.Span()))
				}
			}
		case *syntax.FuncDef:
			list = append(list, s.functionSymbol(stmt))
		case *syntax.For:
			list = append(list, s.symbols(stmt.Body)...)
		case *syntax.Load:
			list = append(list, Symbol{Name: stmt.Path, Detail: "load", Kind: fileSymbol, Range: s.Range(stmt.Span()), SelectionRange: s.Range(stmt.Span())})
		}
	}
	return list
}

func (s *Snapshot) functionSymbol(f *syntax.FuncDef) Symbol {
	symbol := s.symbolOf(f.Name, f.Signature(), functionSymbol, f.Span())
	symbol.Children = s.symbols(f.Body)
	return symbol
}

func (s *Snapshot) symbolOf(name *syntax.Ident, detail string, kind int, whole diag.Span) Symbol {
	return Symbol{Name: name.Name, Detail: detail, Kind: kind, Range: s.Range(whole), SelectionRange: s.Range(name.Span())}
}

// first reports whether a name is bound for the first time.
func (s *Snapshot) first(name *syntax.Ident) bool {
	o := s.names.At(name.Span().Start)
	return o == nil || len(o.Variables) == 0 || o.Variables[0].Role == check.Lost || o.Variables[0].Where == name.Span()
}
