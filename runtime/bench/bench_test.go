package bench

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/runtime/model"
)

func TestParseShape(t *testing.T) {
	c, vocab, err := ParseShape("d_model=768,layers=12,heads=12,vocab=50257,length=1024")
	require.NoError(t, err)
	assert.Equal(t, model.Config{Layers: 12, Heads: 12, DModel: 768, DHead: 64, DMLP: 3072, NCtx: 1025, Causal: true}, c)
	assert.Equal(t, 50257, vocab)
	c, _, err = ParseShape("d_model=8,layers=1,heads=16,vocab=2,length=4,d_mlp=5")
	require.NoError(t, err)
	assert.Equal(t, []int{1, 5}, []int{c.DHead, c.DMLP}, "a head has a dim at least")
	_, _, err = ParseShape("d_model=8,layers=0")
	assert.EqualError(t, err, `"layers=0" is not one of the sizes of a model`)
	_, _, err = ParseShape("d_model=8,layers=1")
	assert.EqualError(t, err, "heads is missing")
}
