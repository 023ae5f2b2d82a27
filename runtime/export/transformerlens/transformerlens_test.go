package transformerlens

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/runtime/model"
	"rasp/runtime/model/modeltest"
)

// Heads have a power of four for a size, and queries are multiplied by its root, so that
// scores that are divided by it are those of the model.
func TestCheckpoint(t *testing.T) {
	m := modeltest.Tiny(4) // 2 layers, 2 heads, d_model 5, d_head 3
	size, root := dHead(m)
	require.Equal(t, 4, size)
	require.EqualValues(t, 2, root)
	byName := map[string][]float32{}
	shapes := map[string][]int{}
	for _, x := range checkpoint(m, size, root) {
		byName[x.Name], shapes[x.Name] = x.Weights.Floats(), x.Shape
	}
	require.Len(t, byName, len(m.Tensors()))
	for _, x := range m.Tensors() {
		assert.Contains(t, byName, x.Name)
	}
	assert.Equal(t, []int{2, 5, 4}, shapes["blocks.1.attn.W_Q"])
	assert.Equal(t, []int{2, 4, 5}, shapes["blocks.1.attn.W_O"])
	b := &m.Blocks[1]
	for h := range 2 {
		for j := range 4 {
			for d := range 5 {
				q, k, o := float32(0), float32(0), float32(0)
				if j < 3 {
					q, k, o = 2*b.WQ.At(h*5+d, j), b.WK.At(h*5+d, j), b.WO.At(h*3+j, d)
				}
				assert.Equal(t, q, byName["blocks.1.attn.W_Q"][(h*5+d)*4+j])
				assert.Equal(t, k, byName["blocks.1.attn.W_K"][(h*5+d)*4+j])
				assert.Equal(t, o, byName["blocks.1.attn.W_O"][(h*4+j)*5+d])
			}
		}
		assert.Equal(t, 2*b.BQ[h*3+1], byName["blocks.1.attn.b_Q"][h*4+1])
	}
}

// The configuration says what TransformerLens has to know, also of a model without heads.
func TestConfig(t *testing.T) {
	folder, err := Form.Make(modeltest.Random(model.Config{Layers: 0, Heads: 0, DModel: 3, NCtx: 4}, 2, 0, 1))
	require.NoError(t, err)
	var b bytes.Buffer
	require.NoError(t, folder.Files[2].Write(&b))
	var config map[string]any
	require.NoError(t, json.Unmarshal(b.Bytes(), &config))
	assert.Equal(t, map[string]any{
		"n_layers": 1.0, "n_heads": 1.0, "d_model": 3.0, "d_head": 1.0, "d_mlp": 1.0, "d_vocab": 3.0, "d_vocab_out": 6.0, "n_ctx": 4.0,
		"act_fn": "relu", "normalization_type": nil, "positional_embedding_type": "standard", "attention_dir": "bidirectional",
		"default_prepend_bos": true,
	}, config)
}
