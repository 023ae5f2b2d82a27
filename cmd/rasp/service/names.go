package service

import (
	"path/filepath"
	"slices"

	"rasp/lang/check"
	"rasp/lang/diag"
)

// Highlight is an occurrence of what stands at a place.
type Highlight struct {
	Range Range `json:"range"`
	Kind  int   `json:"kind"` // readHighlight or writeHighlight
}

const (
	readHighlight  = 2
	writeHighlight = 3
)

// Highlights are the occurrences in the program of the name at a position.
func (s *Snapshot) Highlights(p Position) []Highlight {
	list := []Highlight{}
	o := s.names.At(s.Offset(p))
	if o == nil {
		return list
	}
	same, _ := s.names.Same(o)
	for _, x := range same {
		kind := readHighlight
		if x.Binds {
			kind = writeHighlight
		}
		list = append(list, Highlight{s.Range(x.Span), kind})
	}
	return list
}

// Definition is where the name at a position was bound: the last time above, or first of
// all, maybe in another file. It is nil for names of the language.
func (s *Snapshot) Definition(p Position) *Location {
	o := s.names.At(s.Offset(p))
	if o == nil || len(o.Variables) == 0 {
		return nil
	}
	v := o.Variables[0]
	if v.Role == check.Language || v.Where.Source == nil {
		return nil
	}
	where := v.Where
	for _, x := range s.names.Occurrences {
		if x.Binds && !o.Binds && x.Span.Start < o.Span.Start && slices.Contains(x.Variables, v) {
			where = x.Span
		}
	}
	return s.location(where)
}

// location of a span, in this text or another one.
func (s *Snapshot) location(at diag.Span) *Location {
	if at.Source == s.src {
		return &Location{s.Name, s.Range(at)}
	}
	return &Location{at.Source.Name, NewText(at.Source.Text, s.encoding).Range(at)}
}

// Project are programs that may load each other.
type Project []*Snapshot

// symbol is what a variable is in all programs: the place where it is bound first.
type symbol struct {
	file  string
	start int
}

func (s *Snapshot) symbol(v *check.Variable) (symbol, bool) {
	if v.Where.Source == nil || v.Role == check.Language {
		return symbol{}, false
	}
	file := v.Where.Source.Name
	if v.Where.Source == s.src {
		file = s.Name
	}
	return symbol{filepath.Clean(file), v.Where.Start}, true
}

// with is the project and the programs that s loads, as far as they are not in it.
func (all Project) with(s *Snapshot) Project {
	all = slices.Clone(all)
	known := map[string]bool{}
	for _, t := range all {
		known[filepath.Clean(t.Name)] = true
	}
	add := func(name string, open func() *Snapshot) {
		if !known[filepath.Clean(name)] {
			known[filepath.Clean(name)] = true
			all = append(all, open())
		}
	}
	add(s.Name, func() *Snapshot { return s })
	for path := range s.program.Loaded {
		add(path, func() *Snapshot { return Open(path, s.program.Loaded[path], s.read, s.encoding) })
	}
	return all
}

// use is an occurrence in one of the programs.
type use struct {
	in *Snapshot
	*check.Occurrence
}

// uses are all occurrences of what stands at a place, and the variables that they mean.
func (all Project) uses(s *Snapshot, o *check.Occurrence) (list []use, variables []*check.Variable) {
	wanted := map[symbol]bool{}
	same, meant := s.names.Same(o)
	for _, v := range meant {
		if key, ok := s.symbol(v); ok {
			wanted[key] = true
		}
	}
	if len(wanted) == 0 {
		for _, o := range same {
			list = append(list, use{s, o})
		}
		return list, meant
	}
	for size := 0; size < len(wanted); {
		size, list, variables = len(wanted), nil, nil
		for _, t := range all {
			found, meant := t.among(wanted)
			list = append(list, found...)
			variables = append(variables, meant...)
		}
	}
	return list, variables
}

// among are the occurrences that mean a wanted symbol; what else they may mean is wanted
// from then on.
func (s *Snapshot) among(wanted map[symbol]bool) (list []use, variables []*check.Variable) {
	for i := range s.names.Occurrences {
		o := &s.names.Occurrences[i]
		isWanted := slices.ContainsFunc(o.Variables, func(v *check.Variable) bool {
			key, ok := s.symbol(v)
			return ok && wanted[key]
		})
		if !isWanted {
			continue
		}
		list = append(list, use{s, o})
		for _, v := range o.Variables {
			if key, ok := s.symbol(v); ok {
				wanted[key] = true
			}
			variables = append(variables, v)
		}
	}
	return list, variables
}

// References are the places in the programs where the name at a position stands for the
// same, those that bind it only if declarations are asked for.
func (all Project) References(s *Snapshot, p Position, declarations bool) []Location {
	locations := []Location{}
	o := s.names.At(s.Offset(p))
	if o == nil {
		return locations
	}
	list, _ := all.with(s).uses(s, o)
	for _, u := range list {
		if declarations || !u.Binds {
			locations = append(locations, Location{u.in.Name, u.in.Range(u.Span)})
		}
	}
	return locations
}
