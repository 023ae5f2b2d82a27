package elab

import (
	"strings"

	"rasp/lang/value"
)

// elements is the set of kinds that the elements of an s-op can have, a bit for
// each value.Kind: at least those that do occur on some input.
type elements uint8

const (
	ints     elements = 1 << value.Int
	floats   elements = 1 << value.Float
	strs     elements = 1 << value.String
	bools    elements = 1 << value.Bool
	numbers           = ints | floats | bools
	anything          = numbers | strs
)

func elementsOf(kind value.Kind) elements { return 1 << kind }

// String names the kinds in the plural, as the reference names sequence types.
func (e elements) String() string {
	var names []string
	for kind, name := range []string{"ints", "floats", "strings", "bools"} {
		if e&(1<<kind) != 0 {
			names = append(names, name)
		}
	}
	return strings.Join(names, " or ")
}

// samples of each kind. For every operation and every pair of kinds, either all
// pairs of samples have a type fault, or some pair gives each kind of result
// that the kinds can give: 2^-2 is a float, 2^2 an int.
var samples = [...][]value.Value{
	value.Int:    {value.OfInt(2), value.OfInt(-2)},
	value.Float:  {value.OfFloat(1.5)},
	value.String: {value.OfString("ab")},
	value.Bool:   {value.OfBool(true)},
}

// each calls visit with the samples of every kind in e.
func (e elements) each(visit func(value.Value)) {
	for kind, list := range samples {
		if e&(1<<kind) != 0 {
			for _, v := range list {
				visit(v)
			}
		}
	}
}

// outcome adds the kind of a result to a set, unless there is none.
func (e *elements) outcome(v value.Value, err error) {
	if err == nil {
		*e |= elementsOf(v.Kind())
	}
}

// unaryElements are the kinds that fn gives on elements of a; none if it always
// fails. The arithmetic itself is asked, so the two cannot disagree.
func unaryElements(fn value.Fn, a elements) (result elements) {
	a.each(func(x value.Value) { result.outcome(value.Unary(fn, x)) })
	return result
}

// binaryElements are the kinds that fn gives on elements of a and b; none if it
// always fails.
func binaryElements(fn value.Fn, a, b elements) (result elements) {
	if fn == value.And || fn == value.Or {
		return bools
	}
	a.each(func(x value.Value) {
		b.each(func(y value.Value) { result.outcome(value.Binary(fn, x, y)) })
	})
	return result
}

// aggregateElements are the kinds of an aggregate: an element by itself, the
// default, or a mean, which numbers among them make possible.
func aggregateElements(values elements, def value.Value) elements {
	result := values | elementsOf(def.Kind())
	if values&(ints|floats) != 0 {
		result |= floats
	}
	return result
}

// zeroDivisor reports a division that no dividend survives.
func zeroDivisor(fn value.Fn, divisor Value) bool {
	a, ok := divisor.(Atom)
	return ok && (fn == value.Div || fn == value.Mod) && a.IsNumber() && !a.Truthy()
}
