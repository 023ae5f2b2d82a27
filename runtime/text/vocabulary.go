package text

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// The names of the tokens that stand before a sentence, behind it, and for all
// that is not in the vocabulary, as the tools for language models have them.
const (
	BeginName   = "<s>"
	EndName     = "</s>"
	UnknownName = "<unk>"
)

// Vocabulary is the names of tokens and their ids.
type Vocabulary struct {
	Names []string       // by id
	IDs   map[string]int // by name
	// The ids of the tokens that stand for the beginning and the end of a
	// sentence, and for all tokens that are not in the vocabulary; -1 for none.
	Begin, End, Unknown int
}

// NewVocabulary has the names by id and the ids by name. The latter says which
// token is meant where several have the same name.
func NewVocabulary(names []string, ids map[string]int) Vocabulary {
	special := func(name string) int {
		if id, ok := ids[name]; ok {
			return id
		}
		return -1
	}
	return Vocabulary{names, ids, special(BeginName), special(EndName), special(UnknownName)}
}

// Split guesses what a token of a text is: a word if the vocabulary has a token
// that is longer than a character, other than the special ones.
func (v Vocabulary) Split() Split {
	for _, name := range v.Names {
		special := name == BeginName || name == EndName || name == UnknownName
		if !special && utf8.RuneCountInString(name) > 1 {
			return Words
		}
	}
	return Chars
}

// Join is what stands for some tokens behind the text before: characters follow
// upon each other, words after a blank, but at the ends of lines.
func (v Vocabulary) Join(split Split, before string, ids ...int) string {
	var b strings.Builder
	for _, id := range ids {
		name := v.Names[id]
		if split == Words && before != "" && !strings.HasSuffix(before, "\n") && name != "\n" {
			b.WriteByte(' ')
		}
		b.WriteString(name)
		before = name
	}
	return b.String()
}

// Started is ids with the beginning of a sentence before them, once, if the
// vocabulary has it.
func (v Vocabulary) Started(ids []int) []int {
	if v.Begin < 0 {
		return ids
	}
	for len(ids) > 0 && ids[0] == v.Begin {
		ids = ids[1:]
	}
	return slices.Concat([]int{v.Begin}, ids)
}

// longest name, in bytes.
func (v Vocabulary) longest() int {
	longest := 0
	for name := range v.IDs {
		longest = max(longest, len(name))
	}
	return longest
}
