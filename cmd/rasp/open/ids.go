package open

import (
	"rasp/compiler/verify"
	"rasp/lang/value"
	"rasp/runtime/model"
)

// InputOf reads an input of a model, see Input, or says why the model does not take it.
func InputOf(m *model.Model, text string) ([]value.Value, error) {
	input, _, err := encoded(m, text)
	return input, err
}

// IDs are an input of a model as token ids, or why the model does not take it.
func IDs(m *model.Model, text string) ([]int, error) {
	_, ids, err := encoded(m, text)
	return ids, err
}

// encoded reads an input and gives its token ids.
func encoded(m *model.Model, text string) ([]value.Value, []int, error) {
	tokens, err := verify.Values(m.Vocab)
	if err != nil {
		return nil, nil, err
	}
	vocab := NewVocabulary(tokens)
	if vocab.Form, err = m.Form(); err != nil {
		return nil, nil, err
	}
	input, err := Input(text, vocab)
	if err != nil {
		return nil, nil, err
	}
	ids, err := vocab.encode(nil, input, m.NCtx-1)
	return input, ids, err
}
