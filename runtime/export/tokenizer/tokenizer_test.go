package tokenizer

import (
	"bytes"
	"encoding/json"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/runtime/model"
	"rasp/runtime/model/modeltest"
)

// predicting is a model of these tokens that predicts the first of them, or is none.
func predicting(predicts bool, tokens ...model.Token) *model.Model {
	m := modeltest.Blank(model.Config{Layers: 1, Heads: 1, DModel: 2, DHead: 1, DMLP: 1, NCtx: 5, Causal: true}, len(tokens))
	m.Vocab = tokens
	if predicts {
		m.Outputs = []model.Output{{Name: "next", Classes: tokens[:1], Next: true}}
	}
	return m
}

func TestPieces(t *testing.T) {
	for _, c := range []struct {
		vocab []model.Token
		text  string
		want  []string
	}{
		{[]model.Token{`"a"`, `"☃"`, `" "`, "3"}, "a ☃z3\n", []string{"a", " ", "☃", "z", "3"}},
		{[]model.Token{`"a"`, `"<s>"`, `"</s>"`}, "a a", []string{"a", "a"}},
		{[]model.Token{`"the"`, `"cat"`, "12"}, "the cat\n12", []string{"the", "cat", "12"}},
		{[]model.Token{`"the"`, `"\n"`}, "the cat\nthe", []string{"the", "cat", "\n", "the"}},
		{[]model.Token{`"New York"`, `"New"`, `"is.big"`}, "New York is.big New", []string{"New York", "is.big", "New"}},
		{[]model.Token{`""`, `"a b"`, `"a"`}, "a a b", []string{"a", "a b"}},
	} {
		tokens := New(predicting(false, c.vocab...))
		assert.Equal(t, c.want, regexp.MustCompile(tokens.pieces()).FindAllString(c.text, -1), "%v", c.vocab)
	}
}

// parsed is tokenizer.json of a model.
func parsed(t *testing.T, m *model.Model) (file struct {
	Added []struct {
		ID      int
		Content string
	} `json:"added_tokens"`
	Model struct {
		Vocab   map[string]int
		Unknown string `json:"unk_token"`
	}
	Post struct {
		Single []map[string]struct{ ID string }
	} `json:"post_processor"`
}) {
	files, err := New(m).Files()
	require.NoError(t, err)
	var b bytes.Buffer
	require.NoError(t, files[0].Write(&b))
	require.NoError(t, json.Unmarshal(b.Bytes(), &file))
	return file
}

func TestSpecial(t *testing.T) {
	file := parsed(t, predicting(true, `"a"`, `"<s>"`, `"</s>"`, `"<unk>"`, `"<bos>"`))
	assert.Equal(t, map[string]int{"a": 0, "<s>": 1, "</s>": 2, "<unk>": 3, "<bos>": 4, "<<bos>>": 5}, file.Model.Vocab)
	assert.Equal(t, "<unk>", file.Model.Unknown)
	assert.Len(t, file.Added, 4)
	require.Len(t, file.Post.Single, 3)
	assert.Equal(t, "<<bos>>", file.Post.Single[0]["SpecialToken"].ID)
	assert.Equal(t, "<s>", file.Post.Single[1]["SpecialToken"].ID)

	file = parsed(t, predicting(false, `"a"`, `"<s>"`))
	assert.Equal(t, map[string]int{"a": 0, "<s>": 1, "<bos>": 2, "<unknown>": 3}, file.Model.Vocab)
	assert.Len(t, file.Post.Single, 2, "<s> stands before what is predicted alone")
}

func TestEnd(t *testing.T) {
	assert.Equal(t, 1, New(predicting(true, `"a"`, `"</s>"`)).End)
	assert.Equal(t, -1, New(predicting(false, `"a"`, `"</s>"`)).End)
	assert.Equal(t, 2, New(predicting(false, `"a"`, `"</s>"`)).BOS())
}
