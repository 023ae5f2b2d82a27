package service

import (
	"fmt"
	"path/filepath"
	"slices"

	"rasp/lang/check"
	"rasp/lang/diag"
	"rasp/lang/elab"
	"rasp/lang/syntax"
)

// A name is renamed in the text, and what comes of it is read again: if any name stands for
// something else than before, the new name was taken, and nothing is renamed.

// Renamed are edits by the name of the file.
type Renamed map[string][]Edit

// Renamable is the range of the name at a position. The error says why it cannot be renamed.
func (all Project) Renamable(s *Snapshot, p Position) (Range, error) {
	o, _, err := all.renamable(s, p)
	if err != nil {
		return Range{}, err
	}
	return s.Range(o.Span), nil
}

func (all Project) renamable(s *Snapshot, p Position) (*check.Occurrence, []use, error) {
	o := s.names.At(s.Offset(p))
	if o == nil || len(o.Variables) == 0 {
		return nil, nil, fmt.Errorf("there is no name here that the program binds")
	}
	list, variables := all.with(s).uses(s, o)
	for _, v := range variables {
		switch v.Role {
		case check.Language:
			return nil, nil, fmt.Errorf("%s is a name of the language or the library", v.Name)
		case check.Lost:
			return nil, nil, fmt.Errorf("%s may be bound by a statement that cannot be read", v.Name)
		}
	}
	for _, t := range all.with(s) {
		for _, d := range t.faults {
			if d.Kind == diag.Syntax && d.Severity != diag.Warning && slices.ContainsFunc(list, func(u use) bool { return u.in == t }) {
				return nil, nil, fmt.Errorf("line %d of %s cannot be read: mend that first", d.Span.Line(), t.Name)
			}
		}
	}
	return o, list, nil
}

// Rename gives the name at a position another one, wherever it stands for the same.
func (all Project) Rename(s *Snapshot, p Position, name string) (Renamed, error) {
	all = all.with(s)
	o, list, err := all.renamable(s, p)
	if err != nil {
		return nil, err
	}
	switch {
	case elab.IsReserved(name):
		return nil, fmt.Errorf("%s is a reserved name", name)
	case !syntax.IsName(name):
		return nil, fmt.Errorf("%q is no name: letters, digits and _, no digit first, no keyword", name)
	}
	edits := Renamed{}
	for _, u := range list {
		edits[u.in.Name] = append(edits[u.in.Name], Edit{u.in.Range(u.Span), name})
	}
	if err := all.keeps(edits, o.Span.Text(), name); err != nil {
		return nil, err
	}
	return edits, nil
}

// keeps is an error if a name stands for something else after the edits.
func (all Project) keeps(edits Renamed, old, name string) error {
	texts := map[string]string{}
	for _, t := range all {
		if list := edits[t.Name]; list != nil {
			texts[filepath.Clean(t.Name)] = t.Apply(list)
		}
	}
	for _, t := range all {
		text, changed := texts[filepath.Clean(t.Name)]
		if !changed {
			text = t.text
			if !t.Loads() {
				continue
			}
		}
		after := Open(t.Name, text, func(path string) (string, error) {
			if text, ok := texts[filepath.Clean(path)]; ok {
				return text, nil
			}
			return t.read(path)
		}, t.encoding)
		if errorsOf(after.faults) > errorsOf(t.faults) {
			return fmt.Errorf("%s cannot be called %s: %s", old, name, newFault(t.faults, after.faults))
		}
		if i := differs(t.names, after.names); i >= 0 {
			line := t.Position(t.names.Occurrences[min(i, len(t.names.Occurrences)-1)].Span.Start).Line + 1
			return fmt.Errorf("%s is taken: on line %d of %s another name would be meant than now", name, line, t.Name)
		}
	}
	return nil
}

// differs is the first occurrence that means other variables in the second table, -1 if none
// does. Variables are numbered as they occur.
func differs(a, b *check.Table) int {
	numbersA, numbersB := map[*check.Variable]int{}, map[*check.Variable]int{}
	number := func(numbers map[*check.Variable]int, v *check.Variable) int {
		if _, ok := numbers[v]; !ok {
			numbers[v] = len(numbers)
		}
		return numbers[v]
	}
	for i := range a.Occurrences {
		if i >= len(b.Occurrences) {
			return i
		}
		x, y := a.Occurrences[i].Variables, b.Occurrences[i].Variables
		if len(x) != len(y) {
			return i
		}
		for k := range x {
			if number(numbersA, x[k]) != number(numbersB, y[k]) || x[k].Role != y[k].Role {
				return i
			}
		}
	}
	if len(b.Occurrences) > len(a.Occurrences) {
		return len(a.Occurrences)
	}
	return -1
}

func errorsOf(list diag.List) (count int) {
	for _, d := range list {
		if d.Severity != diag.Warning {
			count++
		}
	}
	return count
}

// newFault is the message of a fault that was not there before.
func newFault(before, after diag.List) string {
	for _, d := range after {
		if d.Severity != diag.Warning && !slices.ContainsFunc(before, func(b *diag.Diagnostic) bool { return b.Message == d.Message }) {
			return d.Message
		}
	}
	return "the program would have a fault more"
}
