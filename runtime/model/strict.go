package model

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
)

// encoding/json takes the last of two equal keys, and for a field "vocab" the key "Vocab"
// too. Other readers do neither, so a file with such keys would mean different things
// to different readers. It is refused.

// checkKeys refuses JSON in which an object has a key twice, or a key that is one of
// names but for its case. The text is valid JSON. Only keys are copied.
func checkKeys(text []byte, names map[string]string) error {
	var open []map[string]bool // objects and lists, the keys of each so far; nil for a list
	isKey := false
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '{':
			open, isKey = append(open, map[string]bool{}), true
		case '[':
			open, isKey = append(open, nil), false
		case '}', ']':
			open, isKey = open[:len(open)-1], false
		case ',':
			isKey = open[len(open)-1] != nil
		case '"':
			end := i + stringLength(text[i:])
			if isKey {
				if err := checkKey(text[i:end], open[len(open)-1], names); err != nil {
					return err
				}
			}
			i, isKey = end-1, false
		}
	}
	return nil
}

func checkKey(quoted []byte, seen map[string]bool, names map[string]string) error {
	var key string
	if err := json.Unmarshal(quoted, &key); err != nil {
		return err
	}
	if seen[key] {
		return fmt.Errorf("the key %s stands twice in one object", brief(key))
	}
	seen[key] = true
	if name, ok := names[fold(key)]; ok && name != key {
		return fmt.Errorf("the key %q must be %q", key, name)
	}
	return nil
}

// fold is equal for keys that encoding/json takes for the same.
func fold(key string) string { return strings.ToLower(strings.ToUpper(key)) }

// namesIn are the names of the fields of what JSON is read into, by their folded form.
func namesIn(target any) map[string]string {
	names := map[string]string{}
	addNames(reflect.TypeOf(target), names)
	return names
}

func addNames(t reflect.Type, names map[string]string) {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map:
		addNames(t.Elem(), names)
	case reflect.Struct:
		for i := range t.NumField() {
			if name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ","); name != "" {
				names[fold(name)] = name
			}
			addNames(t.Field(i).Type, names)
		}
	}
}
