package open

import (
	"rasp/compiler/verify"
	"rasp/runtime/model"
)

// IDs reads an input of a model, see Input, as token ids.
func IDs(m *model.Model, text string) ([]int, error) {
	tokens, err := verify.Values(m.Vocab)
	if err != nil {
		return nil, err
	}
	vocab := NewVocabulary(tokens)
	input, err := Input(text, vocab)
	if err != nil {
		return nil, err
	}
	return vocab.encode(input, m.NCtx-1)
}
