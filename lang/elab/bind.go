package elab

import (
	"unicode/utf8"

	"rasp/lang/diag"
	"rasp/lang/syntax"
	"rasp/lang/value"
)

// reserved names belong to the language, in every scope.
var reserved = map[string]bool{
	"tokens_asis": true, "tokens_str": true, "tokens_int": true, "tokens_bool": true, "tokens_float": true,
	"indices": true, "True": true, "False": true, "out": true, "get": true, "range": true, "zip": true, "len": true,
}

// IsReserved reports whether a name belongs to the language, so that no scope can
// bind it.
func IsReserved(name string) bool { return reserved[name] }

// isReserved: names of the library are reserved in the program's own top scope
// only; functions, comprehensions and loaded files may use them.
func (f *frame) isReserved(name string) bool {
	return reserved[name] || f.scope == f.top && f.library[name]
}

// bind gives a name a value in the current scope.
func (f *frame) bind(name *syntax.Ident, v Value) error {
	if _, ok := v.(*Application); ok {
		return f.errorf(name.Span(), diag.Type, "the result of applying an s-op to an input can only be printed").
			WithHint("bind the s-op itself, and apply it where it is printed")
	}
	if f.isReserved(name.Name) {
		return f.errorf(name.Span(), diag.Reserved, "%s is a reserved name", name.Name).
			WithHint("choose another name, such as my_%s", name.Name)
	}
	f.set(name.Name, v, name.Span())
	return nil
}

func (f *frame) set(name string, v Value, span diag.Span) {
	f.order++
	f.scope.set(name, v, span, f.order)
}

// bindItem binds the names of a loop or comprehension over x to one item.
func (f *frame) bindItem(names []*syntax.Ident, item Value, x syntax.Expr) error {
	values := []Value{item}
	if len(names) > 1 {
		var err *diag.Diagnostic
		if values, err = f.unpack(item, names, x.Span()); err != nil {
			return err.WithClass(diag.Refused)
		}
	}
	for i, name := range names {
		if err := f.bind(name, values[i]); err != nil {
			return err
		}
	}
	return nil
}

// unpack splits v, which the expression at span gave, among several names.
func (f *frame) unpack(v Value, names []*syntax.Ident, span diag.Span) ([]Value, *diag.Diagnostic) {
	values, ok := parts(v)
	if !ok {
		return nil, f.errorf(span, diag.Type, "%s cannot be split among %d names: a list, string or dict can",
			aKindOf(v), len(names)).WithClass(diag.Failed)
	}
	if len(values) != len(names) {
		return nil, f.errorf(names[0].Span().To(names[len(names)-1].Span()), diag.Arity,
			"%d names for %s of %d", len(names), aKindOf(v), len(values))
	}
	return values, nil
}

// parts of a list are its elements, of a dict its keys, of a string its
// characters.
func parts(v Value) ([]Value, bool) {
	switch v := v.(type) {
	case *List:
		return v.Elems, true
	case *Dict:
		return atoms(v.Keys), true
	case Atom:
		if v.Kind() == value.String {
			return atoms(characters(v.Text())), true
		}
	}
	return nil, false
}

// iterate evaluates what a loop runs over: a list, or the keys of a dict.
func (f *frame) iterate(x syntax.Expr) ([]Value, error) {
	v, err := f.eval(x)
	if err != nil {
		return nil, err
	}
	if _, ok := v.(Atom); !ok {
		if values, ok := parts(v); ok {
			return values, nil
		}
	}
	d := f.errorf(x.Span(), diag.Type, "a loop runs over a list or the keys of a dict, not %s", aKindOf(v))
	if _, ok := v.(SOp); ok {
		d.WithHint("an s-op is computed at all positions at once and needs no loop")
	}
	return nil, d
}

func atoms(list []value.Value) []Value {
	values := make([]Value, len(list))
	for i, v := range list {
		values[i] = Atom{v}
	}
	return values
}

// characters of a string, as atoms.
func characters(text string) []value.Value {
	var list []value.Value
	for len(text) > 0 {
		_, size := utf8.DecodeRuneInString(text)
		list = append(list, value.OfString(text[:size]))
		text = text[size:]
	}
	return list
}
