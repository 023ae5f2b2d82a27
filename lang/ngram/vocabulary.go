package ngram

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"rasp/runtime/text"
)

// Ids of the tokens that no text contains, in each vocabulary.
const (
	beginID int32 = iota
	endID
	unknownID
	firstWord
)

// vocabulary names the tokens: "<s>", "</s>", "<unk>", then the others.
type vocabulary struct {
	names []string
	ids   map[string]int32
}

func newVocabulary(words []string) *vocabulary {
	v := &vocabulary{ids: make(map[string]int32, len(words)+int(firstWord))}
	for _, name := range append([]string{text.BeginName, text.EndName, text.UnknownName}, words...) {
		v.ids[name] = int32(len(v.names))
		v.names = append(v.names, name)
	}
	return v
}

// id of a token; that of "<unk>" if it has no name.
func (v *vocabulary) id(token []byte) int32 {
	if id, ok := v.ids[string(token)]; ok {
		return id
	}
	return unknownID
}

// maxWords bounds the different tokens of a text, and the memory that they take.
const maxWords = 1 << 22

// cut makes the vocabulary of the tokens of a text, which it sorts: by falling count, equal
// counts in the order of code points, without those that the options cut off.
func (o Options) cut(all []tokenCount) (*vocabulary, []tokenCount, error) {
	if len(all) == 0 {
		return nil, nil, errors.New("the text has no tokens")
	}
	slices.SortFunc(all, func(a, b tokenCount) int {
		return cmp.Or(cmp.Compare(b.count, a.count), cmp.Compare(a.name, b.name))
	})
	for o.MinCount > 1 && len(all) > 0 && all[len(all)-1].count < int64(o.MinCount) {
		all = all[:len(all)-1]
	}
	if o.VocabSize > 0 && len(all) > o.VocabSize {
		all = all[:o.VocabSize]
	}
	if len(all) == 0 {
		return nil, nil, fmt.Errorf("no token occurs %d times", o.MinCount)
	}
	names := make([]string, len(all))
	for i, token := range all {
		names[i] = token.name
	}
	return newVocabulary(names), all, nil
}
