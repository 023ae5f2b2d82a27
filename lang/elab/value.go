package elab

import (
	"rasp/lang/diag"
	"rasp/lang/graph"
	"rasp/lang/rules"
	"rasp/lang/syntax"
	"rasp/lang/value"
)

// Value is what an expression means at compile time: an Atom, a *List, a *Dict,
// a *Function, a Native, an SOp, a Selector or an *Application. Values are immutable.
type Value interface{ elab() }

type (
	// Atom is an int, a float, a string or a bool.
	Atom struct{ value.Value }

	// List is a sequence of values of any kinds.
	List struct {
		Elems []Value
		bulk
	}

	// Dict maps atoms to values. Keys stand in the order in which they were
	// first given; 1, 1.0 and True are one key.
	Dict struct {
		Keys   []value.Value
		Values []Value
		index  map[value.Value]int // value.Key of the key -> place
		bulk
	}

	// Function is what def makes, with the scope it was made in.
	Function struct {
		Def     *syntax.FuncDef
		Creator string // where it was made: "console", the path of a load, with a ' for each function around it
		scope   *Scope
		library bool
	}

	// Native is a function that is predefined and not written in RASP, by its
	// name.
	Native string

	// SOp and Selector are nodes of the graph.
	SOp      struct{ Node *graph.Node }
	Selector struct{ Node *graph.Node }

	// Application is s("abc"): an s-op or selector and an input to run it on.
	// It can be printed and nothing else.
	Application struct {
		Of    *graph.Node
		Input []value.Value // nil for draw(s): the current s-op example
		Draw  bool          // made by draw(..)
	}

	// poison stands for a value that a failed statement would have bound.
	poison struct{}
)

func (Atom) elab()         {}
func (*List) elab()        {}
func (*Dict) elab()        {}
func (*Function) elab()    {}
func (Native) elab()       {}
func (SOp) elab()          {}
func (Selector) elab()     {}
func (*Application) elab() {}
func (poison) elab()       {}

// Name of the function, as its def has it.
func (f *Function) Name() string { return f.Def.Name.Name }

// KindOf names the kind of v: int, float, string, bool, list, dict, function,
// s-op, selector or application.
func KindOf(v Value) string { return kindOf(v).Name() }

// Describe names it with its article: an int, a list.
func Describe(v Value) string { return kindOf(v).String() }

func kindOf(v Value) rules.Kinds {
	switch v := v.(type) {
	case Atom:
		return rules.OfAtom(v.Value).Kinds
	case *List:
		return rules.List
	case *Dict:
		return rules.Dict
	case *Function, Native:
		return rules.Function
	case SOp:
		return rules.SOp
	case Selector:
		return rules.Selector
	}
	return rules.Application
}

// nodeOf is the graph node of an s-op or a selector, nil for other values.
func nodeOf(v Value) *graph.Node {
	switch v := v.(type) {
	case SOp:
		return v.Node
	case Selector:
		return v.Node
	}
	return nil
}

func truthy(v Value) bool {
	switch v := v.(type) {
	case Atom:
		return v.Truthy()
	case *List:
		return len(v.Elems) > 0
	case *Dict:
		return len(v.Keys) > 0
	}
	return true
}

func newDict() *Dict { return &Dict{index: map[value.Value]int{}} }

// Get is the value of a key, false if the dict lacks it.
func (d *Dict) Get(key value.Value) (Value, bool) {
	if i, ok := d.index[value.Key(key)]; ok {
		return d.Values[i], true
	}
	return nil, false
}

// set adds a key, or replaces the value of an equal one.
func (d *Dict) set(key value.Value, v Value) {
	c := value.Key(key)
	if i, ok := d.index[c]; ok {
		d.Values[i] = v
		return
	}
	d.index[c] = len(d.Keys)
	d.Keys = append(d.Keys, key)
	d.Values = append(d.Values, v)
}

// bulk is the extent of a list or dict with all that is inside it.
type bulk struct{ depth, size int }

// measure is the bulk of a container of values.
func measure(values []Value) bulk {
	b := bulk{1, len(values)}
	for _, v := range values {
		inner := bulk{}
		switch v := v.(type) {
		case *List:
			inner = v.bulk
		case *Dict:
			inner = v.bulk
		}
		b.depth = max(b.depth, inner.depth+1)
		b.size += inner.size
	}
	return b
}

// fault refuses a container that later steps could not walk through.
func (b bulk) fault(span diag.Span) error {
	switch {
	case b.depth > maxDepth:
		return diag.Errorf(span, diag.Limit, "lists are nested more than %d deep", maxDepth)
	case b.size > maxWork:
		return diag.Errorf(span, diag.Limit, "a list of more than %d items in all", maxWork)
	}
	return nil
}
