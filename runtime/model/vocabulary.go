package model

import (
	"encoding/json"
	"fmt"
	"strings"

	"rasp/runtime/form"
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

// Form is that of the inputs which the model is for, nil if it is for all.
func (m *Model) Form() (*form.Form, error) {
	if m.Inputs == "" {
		return nil, nil
	}
	names := make([]string, len(m.Vocab))
	for i, t := range m.Vocab {
		names[i] = string(t)
		if strings.HasPrefix(names[i], `"`) {
			if err := json.Unmarshal([]byte(t), &names[i]); err != nil {
				return nil, err
			}
		}
	}
	f, err := form.Parse(m.Inputs, names)
	if err != nil {
		return nil, fmt.Errorf("config: inputs: %w", err)
	}
	if m.Causal {
		f = f.Beginnings()
	}
	if f.Shortest() > m.NCtx-1 {
		return nil, fmt.Errorf("config: inputs: no input up to length %d is %s", m.NCtx-1, f.Described())
	}
	return f, nil
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
