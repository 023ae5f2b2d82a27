package service

import (
	"strings"

	"rasp/lang/elab"
	"rasp/lang/syntax"
)

// Hint is text that an editor shows within a line.
type Hint struct {
	Position    Position `json:"position"`
	Label       string   `json:"label"`
	Kind        int      `json:"kind,omitempty"` // 1: of a type
	PaddingLeft bool     `json:"paddingLeft,omitempty"`
}

const (
	typeHint     = 1
	longestValue = 60 // characters of a value beside a line
)

// Hints are the kinds of what the program assigns, behind the names, and the values on the
// example, behind the statements. Those of bodies are left out: these run with many values.
func (s *Snapshot) Hints(r Range) []Hint {
	list := []Hint{}
	for _, stmt := range s.program.File.Stmts {
		at, span := s.Range(stmt.Span()), stmt.Span()
		if at.End.Line < r.Start.Line || at.Start.Line > r.End.Line {
			continue
		}
		switch stmt := stmt.(type) {
		case *syntax.Assign:
			for _, name := range stmt.Names {
				if kind := s.hintKind(name); kind != "" {
					list = append(list, Hint{Position: s.Position(name.Span().End), Label: ": " + kind, Kind: typeHint})
				}
			}
			if len(stmt.Names) == 1 {
				list = append(list, s.valueHint(stmt.Names[0], span.End)...)
			}
		case *syntax.ExprStmt:
			list = append(list, s.valueHint(stmt.X, span.End)...)
		}
	}
	return list
}

// hintKind is the kind of what a name is bound to, if that is an s-op or selector; of atoms
// the value says all.
func (s *Snapshot) hintKind(name *syntax.Ident) string {
	o, ok := s.values[name]
	if !ok || nodeOf(o.Value) == nil {
		return ""
	}
	if known := s.program.Known(o.Value); known.Elems != 0 {
		return known.Elems.String()
	}
	return kindOf(s.program.Known(o.Value))
}

func (s *Snapshot) valueHint(n syntax.Node, at int) []Hint {
	o, ok := s.values[n]
	if !ok {
		return nil
	}
	if _, isAtom := o.Value.(elab.Atom); isAtom {
		return nil
	}
	text := s.valueOf(o.Value)
	if text == "" || nodeOf(o.Value) == nil && len(text) > longestValue {
		return nil
	}
	if !strings.HasPrefix(text, failed) {
		text = "= " + text
	}
	return []Hint{{Position: s.Position(at), Label: shorten(text, longestValue), PaddingLeft: true}}
}
