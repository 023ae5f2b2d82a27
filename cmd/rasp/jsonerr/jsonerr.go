// Package jsonerr says what is wrong with JSON in words of JSON: no type and no field of Go.
package jsonerr

import (
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"strings"
)

// Text is an error of encoding/json in words.
func Text(err error) string {
	switch {
	case errors.Is(err, io.EOF):
		return "there is no JSON"
	case errors.Is(err, io.ErrUnexpectedEOF):
		return "the JSON ends too early"
	}
	var wrong *json.UnmarshalTypeError
	if !errors.As(err, &wrong) {
		return strings.TrimPrefix(err.Error(), "json: ")
	}
	found, number, _ := strings.Cut(wrong.Value, " ")
	said := kindsOfJSON[found]
	if number != "" {
		said = "the number " + number
	}
	said += " where " + wanted(wrong.Type) + " belongs"
	if wrong.Field != "" {
		said += ", at " + wrong.Field[strings.LastIndex(wrong.Field, ".")+1:]
	}
	return said
}

// kindsOfJSON are what encoding/json calls a value, in words.
var kindsOfJSON = map[string]string{
	"number": "a number", "string": "text", "array": "a list", "object": "an object", "bool": "true or false", "null": "null",
}

// wanted is what a type of Go is in JSON.
func wanted(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Pointer:
		return wanted(t.Elem())
	case reflect.Bool:
		return "true or false"
	case reflect.String:
		return "text"
	case reflect.Slice, reflect.Array:
		return "a list"
	case reflect.Float32, reflect.Float64:
		return "a number"
	case reflect.Struct, reflect.Map:
		return "an object"
	}
	if t.Kind() == reflect.Uint64 {
		return "a whole number from 0"
	}
	return "a whole number"
}

// Kind is what JSON begins there, in words.
func Kind(raw json.RawMessage) string {
	switch {
	case len(raw) == 0 || raw[0] == 'n':
		return "null"
	case raw[0] == '"':
		return "text"
	case raw[0] == '[':
		return "a list"
	case raw[0] == '{':
		return "an object"
	case raw[0] == 't' || raw[0] == 'f':
		return "true or false"
	}
	return "a number"
}
