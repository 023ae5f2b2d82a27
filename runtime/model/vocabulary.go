package model

import (
	"fmt"
	"strings"
)

// Encode looks up the ids of tokens, compared as text. The error names the first
// token that is not in the vocabulary. It indexes the vocabulary anew each time:
// encode a long text in one call.
func (m *Model) Encode(tokens []Token) ([]int, error) {
	id := make(map[Token]int, len(m.Vocab))
	for i, t := range m.Vocab {
		id[t] = i
	}
	ids := make([]int, len(tokens))
	for i, t := range tokens {
		var ok bool
		if ids[i], ok = id[t]; !ok {
			return nil, fmt.Errorf("token %s at position %d is not in the vocabulary: %s", t, i, m.listVocab())
		}
	}
	return ids, nil
}

// listed is how many tokens of a vocabulary a message shows.
const listed = 20

func (m *Model) listVocab() string {
	var b strings.Builder
	for i, t := range m.Vocab[:min(listed, len(m.Vocab))] {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(string(t))
	}
	if len(m.Vocab) > listed {
		fmt.Fprintf(&b, ", ... (%d in all)", len(m.Vocab))
	}
	return b.String()
}
