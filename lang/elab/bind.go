package elab

import (
	"unicode/utf8"

	"rasp/lang/diag"
	"rasp/lang/rules"
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
// only, if they do not yield; functions, comprehensions and loaded files may use them.
func (f *frame) isReserved(name string) bool {
	return reserved[name] || f.scope == f.top && f.library[name] && !rules.Yields(name)
}

// bind gives a name a value in the current scope.
func (f *frame) bind(name *syntax.Ident, v Value) error {
	if err := f.take(rules.Bound, v, name); err != nil {
		return err
	}
	if f.isReserved(name.Name) {
		return f.refuse(rules.Reserved(name.Name), name)
	}
	f.set(name.Name, v, name.Span())
	if f.Evaluated != nil {
		f.Evaluated(name, v)
	}
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
		return nil, f.DiagnoseAt(rules.Split(f.Known(v), len(names)), span)
	}
	if fault := rules.Names(f.Known(v), len(names), len(values)); fault != nil {
		return nil, f.DiagnoseAt(fault, syntax.Across(names))
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
	if err := f.take(rules.Looped, v, x); err != nil {
		return nil, err
	}
	values, _ := parts(v)
	return values, nil
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
