package model

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// encoding/json takes the last of two equal keys, and for a field "vocab" the key "Vocab"
// too. Other readers do neither, so a file with such keys would mean different things
// to different readers. It is refused.

// checkKeys refuses JSON in which an object has a key twice, or a key that is one of
// names but for its case. The text is valid JSON. Only keys are copied.
func checkKeys(text []byte, names map[string]string) error {
	var open []keys // of objects and lists, one inside the other
	known := make(map[string]string, len(names))
	for _, name := range names {
		known[`"`+name+`"`] = name
	}
	isKey := false
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '{', '[':
			open, isKey = opened(open, text[i] == '['), text[i] == '{'
		case '}', ']':
			open, isKey = open[:len(open)-1], false
		case ',':
			isKey = !open[len(open)-1].list
		case '"':
			end := i + stringLength(text[i:])
			if isKey {
				if err := open[len(open)-1].check(text[i:end], known, names); err != nil {
					return err
				}
			}
			i, isKey = end-1, false
		}
	}
	return nil
}

// keys are those of an object so far: few in a list, since a map for each of a hundred
// thousand labels would take longer than all else, more in a map. A list has none.
type keys struct {
	list bool
	few  []string
	more map[string]bool
}

// fewKeys is how many keys are gone through one by one.
const fewKeys = 16

// opened is the objects and lists when another begins.
func opened(open []keys, list bool) []keys {
	if len(open) == cap(open) {
		return append(open, keys{list: list})
	}
	open = open[:len(open)+1]
	k := &open[len(open)-1]
	k.list, k.few, k.more = list, k.few[:0], nil
	return open
}

// check takes another key, in its quotes, and known are the names in theirs.
func (k *keys) check(quoted []byte, known, names map[string]string) error {
	key, isName := known[string(quoted)]
	if !isName {
		if err := json.Unmarshal(quoted, &key); err != nil {
			return err
		}
	}
	if !k.add(key) {
		return fmt.Errorf("the key %s stands twice in one object", brief(key))
	}
	if isName {
		return nil
	}
	if name, ok := names[fold(key)]; ok && name != key {
		return fmt.Errorf("the key %q must be %q", key, name)
	}
	return nil
}

// add reports that the key is new.
func (k *keys) add(key string) bool {
	if k.more[key] || slices.Contains(k.few, key) {
		return false
	}
	if len(k.few) < fewKeys {
		k.few = append(k.few, key)
		return true
	}
	if k.more == nil {
		k.more = map[string]bool{}
	}
	k.more[key] = true
	return true
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
