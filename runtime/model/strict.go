package model

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
)

// encoding/json takes the last of two equal keys, and for a field "vocab" the key "Vocab"
// too. Other readers do neither, so a file with such keys would mean different things
// to different readers. It is refused.

// checkKeys refuses JSON in which an object has a key twice, or a key that is one of
// names but for its case. The text is valid JSON.
func checkKeys(text []byte, names map[string]string) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	return checkValue(d, names)
}

func checkValue(d *json.Decoder, names map[string]string) error {
	token, err := d.Token()
	if err != nil {
		return err
	}
	open, ok := token.(json.Delim)
	if !ok {
		return nil
	}
	seen := map[string]bool{}
	for d.More() {
		if open == '{' {
			if err := checkKey(d, seen, names); err != nil {
				return err
			}
		}
		if err := checkValue(d, names); err != nil {
			return err
		}
	}
	_, err = d.Token()
	return err
}

func checkKey(d *json.Decoder, seen map[string]bool, names map[string]string) error {
	token, err := d.Token()
	if err != nil {
		return err
	}
	key, _ := token.(string)
	if seen[key] {
		return fmt.Errorf("the key %q stands twice in one object", key)
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
