package stored

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/lang/graph"
	"rasp/runtime/model"
)

func TestOutputs(t *testing.T) {
	m := &model.Model{Vocab: []model.Token{"0", "1"}, Outputs: []model.Output{{Name: "b"}, {Name: "a"}}}
	_, err := Outputs(m)
	assert.ErrorIs(t, err, ErrNoSource)

	m.Source = "a = length;\nb = tokens_int;"
	outputs, err := Outputs(m)
	require.NoError(t, err)
	assert.Equal(t, graph.Tokens, outputs[0].Node.Op)

	m.Source = "a = ;"
	_, err = Outputs(m)
	assert.ErrorContains(t, err, "syntax error")

	m.Source = "a = length;"
	_, err = Outputs(m)
	assert.ErrorContains(t, err, "no s-op or selector b")
}

func TestDistribution(t *testing.T) {
	m := &model.Model{Vocab: []model.Token{`"a"`, `"b"`}, Outputs: []model.Output{{Name: "next"}}, Source: "next = {\"b\": length};"}
	outputs, err := Outputs(m)
	require.NoError(t, err)
	assert.NotNil(t, outputs[0].Next)
}
