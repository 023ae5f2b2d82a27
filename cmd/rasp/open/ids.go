package open

import (
	"rasp/compiler/verify"
	"rasp/lang/value"
	"rasp/runtime/model"
)

// InputOf reads an input of a model, see Input.
func InputOf(m *model.Model, text string) ([]value.Value, error) {
	vocab, err := vocabularyOf(m)
	if err != nil {
		return nil, err
	}
	return Input(text, vocab)
}

// IDs are an input of a model as token ids, or why the model does not take it.
func IDs(m *model.Model, text string) ([]int, error) {
	vocab, err := vocabularyOf(m)
	if err != nil {
		return nil, err
	}
	input, err := Input(text, vocab)
	if err != nil {
		return nil, err
	}
	return vocab.encode(input, m.NCtx-1)
}

func vocabularyOf(m *model.Model) (*Vocabulary, error) {
	tokens, err := verify.Values(m.Vocab)
	return NewVocabulary(tokens), err
}
