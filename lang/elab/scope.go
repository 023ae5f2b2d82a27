package elab

import (
	"sort"

	"rasp/lang/diag"
)

// Scope holds the names bound at one level. Reads fall outward to the parent
// when they happen, so they see what was bound since.
type Scope struct {
	parent *Scope
	vars   map[string]*variable
	out    Value // the last value evaluated here
	opaque bool  // some names are missing because of a fault reported elsewhere
}

type variable struct {
	value Value
	span  diag.Span // where it was bound
	order int       // of the binding, counted over the session
}

func newScope(parent *Scope) *Scope { return &Scope{parent: parent} }

// lookup finds the innermost variable of that name. Without one, hidden tells
// whether a fault already reported may be why.
func (s *Scope) lookup(name string) (v *variable, hidden bool) {
	for ; s != nil; s = s.parent {
		if v := s.vars[name]; v != nil {
			return v, false
		}
		hidden = hidden || s.opaque
	}
	return nil, hidden
}

// lastOut is the value of the name out, nil if nothing was evaluated yet.
func (s *Scope) lastOut() Value {
	for ; s != nil; s = s.parent {
		if s.out != nil {
			return s.out
		}
	}
	return nil
}

func (s *Scope) set(name string, v Value, span diag.Span, order int) {
	if s.vars == nil {
		s.vars = map[string]*variable{}
	}
	if old := s.vars[name]; old != nil {
		*old = variable{v, span, order}
		return
	}
	s.vars[name] = &variable{v, span, order}
}

// names of the scope itself, in the order of their last binding.
func (s *Scope) names() []string {
	list := make([]string, 0, len(s.vars))
	for name := range s.vars {
		list = append(list, name)
	}
	sort.Slice(list, func(i, j int) bool { return s.vars[list[i]].order < s.vars[list[j]].order })
	return list
}
