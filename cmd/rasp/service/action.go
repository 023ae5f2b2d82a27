package service

import (
	"rasp/lang/diag"
	"rasp/lang/pattern"
)

// Action mends a finding.
type Action struct {
	Title     string
	Findings  []Finding
	Edits     Renamed
	Preferred bool
}

// another finds the name that a hint proposes instead.
var another = pattern.Of(`(?:such as|this is meant:) ([A-Za-z_][A-Za-z0-9_]*)$`)

// mostRenames bounds what a wide range costs: a rename reads every program of the project again.
const mostRenames = 4

// Actions are what mends the findings in a range.
func (all Project) Actions(s *Snapshot, r Range) []Action {
	list := []Action{}
	renames := 0
	from, to := s.Offset(r.Start), s.Offset(r.End)
	for _, d := range s.faults {
		at := s.place(d)
		if at.End < from || at.Start > to {
			continue
		}
		if f, ok := s.fixOf(d); ok {
			list = append(list, Action{f.title, []Finding{s.finding(d)}, Renamed{s.Name: {{s.Range(f.at), f.text}}}, true})
		}
		if found := another().FindStringSubmatch(d.Hint); found != nil && d.Span.Source == s.src && renames < mostRenames {
			renames++
			if edits, err := all.rename(s, d, found[1]); err == nil {
				list = append(list, Action{"call it " + found[1], []Finding{s.finding(d)}, edits, false})
			}
		}
	}
	return list
}

// rename gives what a finding is about another name.
func (all Project) rename(s *Snapshot, d *diag.Diagnostic, name string) (Renamed, error) {
	return all.Rename(s, s.Position(d.Span.Start), name)
}
