package format

import (
	"reflect"
	"slices"

	"rasp/lang/diag"
	"rasp/lang/syntax"
	"rasp/lang/value"
)

// sameProgram tells whether text is the same program as file: without errors,
// with the same statements and the same comments.
func sameProgram(file *syntax.File, text string) bool {
	again, faults := parse(diag.NewSource(file.Source.Name, text))
	return faults == nil &&
		sameTree(reflect.ValueOf(file.Stmts), reflect.ValueOf(again.Stmts)) &&
		slices.Equal(textsOf(file.Comments), textsOf(again.Comments))
}

// textsOf comments, sorted: one behind an item has moved above it.
func textsOf(comments []*syntax.Comment) []string {
	texts := make([]string, len(comments))
	for i, c := range comments {
		texts[i] = textOf(c)
	}
	slices.Sort(texts)
	return texts
}

var (
	spanType  = reflect.TypeFor[diag.Span]()
	valueType = reflect.TypeFor[value.Value]()
)

// sameTree compares two parts of syntax trees but for their spans.
func sameTree(a, b reflect.Value) bool {
	if a.Type() != b.Type() {
		return false
	}
	switch {
	case a.Type() == spanType:
		return true
	case a.Type() == valueType:
		return reflect.DeepEqual(a.Interface(), b.Interface())
	}
	switch a.Kind() {
	case reflect.Interface, reflect.Pointer:
		if a.IsNil() || b.IsNil() {
			return a.IsNil() == b.IsNil()
		}
		return sameTree(a.Elem(), b.Elem())
	case reflect.Struct:
		for i := range a.NumField() {
			if !sameTree(a.Field(i), b.Field(i)) {
				return false
			}
		}
		return true
	case reflect.Slice:
		if a.Len() != b.Len() {
			return false
		}
		for i := range a.Len() {
			if !sameTree(a.Index(i), b.Index(i)) {
				return false
			}
		}
		return true
	}
	return a.Equal(b)
}
