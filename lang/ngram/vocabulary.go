package ngram

import (
	"cmp"
	"errors"
	"fmt"
	"io"
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

// maxWords bounds the memory that finding the vocabulary takes.
const maxWords = 1 << 22

// findVocabulary reads a text and names its tokens by falling count, equal counts
// in the order of code points, without those that the options cut off.
func findVocabulary(r io.Reader, o Options) (*vocabulary, error) {
	counts := map[string]*int64{}
	in := o.sentences(r)
	for {
		token, end, err := in.next()
		switch {
		case err == io.EOF:
			return o.cut(counts)
		case err != nil:
			return nil, err
		case end:
			continue
		}
		if n := counts[string(token)]; n != nil {
			*n++
			continue
		}
		name := string(token)
		switch {
		case name == text.UnknownName && o.Split == text.Words:
			continue // the text says itself that it does not know
		case name == text.BeginName || name == text.EndName:
			return nil, in.errorf("the word %q, which marks where sentences begin and end, stands in the text", name)
		case len(counts) == maxWords:
			return nil, in.errorf("more than %d different tokens; split by characters or count part of the text", maxWords)
		}
		n := int64(1)
		counts[name] = &n
	}
}

// cut makes the vocabulary of the tokens that are frequent enough.
func (o Options) cut(counts map[string]*int64) (*vocabulary, error) {
	if len(counts) == 0 {
		return nil, errors.New("the text has no tokens")
	}
	var words []string
	for name, n := range counts {
		if *n >= int64(o.MinCount) {
			words = append(words, name)
		}
	}
	slices.SortFunc(words, func(a, b string) int {
		return cmp.Or(cmp.Compare(*counts[b], *counts[a]), cmp.Compare(a, b))
	})
	if o.VocabSize > 0 && len(words) > o.VocabSize {
		words = words[:o.VocabSize]
	}
	if len(words) == 0 {
		return nil, fmt.Errorf("no token occurs %d times", o.MinCount)
	}
	return newVocabulary(words), nil
}
