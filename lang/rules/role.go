package rules

import (
	"strings"

	"rasp/lang/diag"
)

// Role is a place of an operation at which one value stands.
type Role struct {
	takes     Kinds
	otherwise string           // with the kinds that it met
	hints     map[Kinds]string // of values that are surely of the kinds, about their text
	class     diag.Class
}

// always is the hint for all values.
const always = Everything

// The roles.
var (
	// Everywhere: an s-op, or an atom that is the same at every position.
	Everywhere = &Role{takes: SOp | Atoms, otherwise: "%s stands where an s-op or an atom is needed",
		hints: map[Kinds]string{Selector: takeWidth}}
	// AggregateBy, AggregateDefault: the first and the last operand of an aggregate.
	AggregateBy = &Role{takes: Selector, otherwise: "aggregate needs a selector first, not %s",
		hints: map[Kinds]string{always: "aggregate(selector, values, default)"}}
	AggregateDefault = &Role{takes: Atoms, otherwise: "the default of an aggregate is an atom, not %s",
		hints: map[Kinds]string{SOp: "write x if has_focus(selector) else y"}}
	// Drawn: what draw(..) draws.
	Drawn = &Role{takes: SOp, otherwise: "draw needs an s-op, not %s"}

	// Looped: what a loop or comprehension runs over.
	Looped = &Role{takes: List | Dict, otherwise: "a loop runs over a list or the keys of a dict, not %s",
		hints: map[Kinds]string{SOp: "an s-op is computed at all positions at once and needs no loop", Ints: "write for i in range(n) { ... }"}}
	// Key: of a dict that is written down.
	Key = &Role{takes: Atoms, otherwise: "the key of a dict is an atom, not %s"}
	// RangeBound, ZipList, LenList: an argument of range(..), zip(..) and len(..).
	RangeBound = &Role{takes: Ints, otherwise: "range needs ints, not %s",
		hints: map[Kinds]string{SOp: "a loop runs before there is an input; indices has the positions of one"}}
	ZipList = &Role{takes: List, otherwise: "zip needs lists, not %s"}
	LenList = &Role{takes: List, otherwise: "len counts the elements of a list, not of %s",
		hints: map[Kinds]string{SOp: "length is the length of the input", Dict: "len([k for k in ..]) counts the keys of a dict"}}

	// Called: a function, or an s-op or selector that is applied to an input.
	Called = &Role{takes: Function | SOp | Selector, otherwise: "%s cannot be called", class: diag.NotCallable}
	// Input: what an s-op or selector is applied to.
	Input = &Role{takes: List | Dict | Text, otherwise: "an input is a list, string or dict, not %s"}
	// LookupTable, LookupDefault: the first and the last argument of lookup(..).
	LookupTable = &Role{takes: Dict, otherwise: "lookup needs a dict first, not %s",
		hints: map[Kinds]string{always: "lookup(table, s, default)"}}
	LookupDefault = &Role{takes: Atoms | Dict, otherwise: "the default of a lookup is an atom or a dict of atoms, not %s"}

	// Bound: what a name is bound to. InList, InDict: what a list or dict holds.
	Bound = &Role{takes: storable, otherwise: onlyPrinted,
		hints: map[Kinds]string{always: "bind the s-op itself, and apply it where it is printed"}}
	InList = &Role{takes: storable, otherwise: "the result of applying an s-op to an input cannot be put in a list"}
	InDict = &Role{takes: storable, otherwise: "the result of applying an s-op to an input cannot be put in a dict"}
)

const (
	storable    = Everything &^ Application
	takeWidth   = "selector_width(%s)" // where a selector stands and a number is wanted
	onlyPrinted = "the result of applying an s-op to an input can only be printed"
)

// Split is what is split among several names.
func Split(v Operand, names int) *Fault {
	if v.Can(List | Dict | Text) {
		return nil
	}
	return fail(0, diag.Type, "%s cannot be split among %d names: a list, string or dict can", v, names)
}

// Take is the fault of a value that cannot have the role.
func (r *Role) Take(v Operand) *Fault { return r.take(0, v) }

// take is Take of operand number at.
func (r *Role) take(at int, v Operand) *Fault {
	if v.Can(r.takes) {
		return nil
	}
	f := refuse(at, diag.Type, "%s", strings.Replace(r.otherwise, "%s", v.String(), 1))
	f.Class = r.class
	for kinds, hint := range r.hints {
		if !v.Surely(kinds) {
			continue
		}
		f.Hint = hint
		if strings.Contains(hint, "%s") {
			f.Quotes = []int{at}
		}
	}
	return f
}
