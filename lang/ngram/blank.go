package ngram

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"rasp/runtime/text"
)

// spaceName is the blank in files of characters, as the tools for speech write it
// (ESPnet), since fields stand between blanks.
const spaceName = "<space>"

// fields are the names of the tokens that are in use in a file, by id.
func fields(names []string, inUse func(id int32) bool) ([]string, error) {
	names = slices.Clone(names)
	for id, name := range names {
		switch {
		case !inUse(int32(id)):
		case name == " ":
			names[id] = spaceName
		case strings.ContainsAny(name, " \t\r\n\v\f"):
			return nil, fmt.Errorf("the file cannot hold the token %s, since its tokens stand between blanks", brief(name))
		}
	}
	return names, nil
}

// blank makes <space> the blank where all other tokens are characters.
func (v *vocabulary) blank() {
	id, is := v.ids[spaceName]
	if !is {
		return
	}
	for _, name := range v.names {
		special := name == spaceName || name == text.BeginName || name == text.EndName || name == text.UnknownName
		if !special && utf8.RuneCountInString(name) > 1 {
			return
		}
	}
	delete(v.ids, spaceName)
	v.names[id], v.ids[" "] = " ", id
}
