package gguf

import (
	"bytes"
	"encoding/binary"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/runtime/export/layernorm"
	"rasp/runtime/model"
	"rasp/runtime/model/modeltest"
)

// reader reads what a file has, in order.
type reader struct {
	t *testing.T
	*bytes.Reader
}

func take[T any](r reader) (x T) {
	require.NoError(r.t, binary.Read(r, binary.LittleEndian, &x))
	return x
}

func (r reader) text() string {
	b := make([]byte, take[uint64](r))
	_, err := r.Read(b)
	require.NoError(r.t, err)
	return string(b)
}

func (r reader) value(kind uint32) any {
	switch kind {
	case uint32Type:
		return take[uint32](r)
	case int32Type:
		return take[int32](r)
	case float32Type:
		return take[float32](r)
	case boolType:
		return take[bool](r)
	case stringType:
		return r.text()
	}
	require.EqualValues(r.t, arrayType, kind)
	elements, list := take[uint32](r), []any{}
	for range take[uint64](r) {
		list = append(list, r.value(elements))
	}
	return list
}

// parsed are the pairs of a file, and the tensors as they stand in it.
func parsed(t *testing.T, m *model.Model) (pairs map[string]any, tensors map[string][]float32) {
	folder, err := Form.Make(m)
	require.NoError(t, err)
	var b bytes.Buffer
	require.NoError(t, folder.Files[0].Write(&b))
	require.EqualValues(t, b.Len(), folder.Files[0].Size)
	r := reader{t, bytes.NewReader(b.Bytes())}
	require.Equal(t, [4]byte{'G', 'G', 'U', 'F'}, take[[4]byte](r))
	require.EqualValues(t, 3, take[uint32](r))
	n, count := take[uint64](r), take[uint64](r)
	pairs, tensors = map[string]any{}, map[string][]float32{}
	for range count {
		name := r.text()
		require.NotContains(t, pairs, name)
		pairs[name] = r.value(take[uint32](r))
	}
	type info struct {
		name         string
		size, offset uint64
	}
	var list []info
	for range n {
		of := info{name: r.text(), size: 1}
		for range take[uint32](r) {
			of.size *= take[uint64](r)
		}
		require.EqualValues(t, float32Tensor, take[uint32](r))
		of.offset = take[uint64](r)
		require.Zero(t, of.offset%alignment)
		list = append(list, of)
	}
	start := b.Len() - r.Len()
	start += int(padding(int64(start)))
	for _, of := range list {
		numbers := make([]float32, of.size)
		require.NoError(t, binary.Read(bytes.NewReader(b.Bytes()[start+int(of.offset):]), binary.LittleEndian, numbers))
		tensors[of.name] = numbers
	}
	return pairs, tensors
}

func TestFile(t *testing.T) {
	m := modeltest.Tiny(2)
	m.Vocab[1] = `"☃"`
	pairs, tensors := parsed(t, m)
	assert.Equal(t, "gpt2", pairs["general.architecture"])
	assert.EqualValues(t, 512, pairs["gpt2.embedding_length"])
	assert.EqualValues(t, 2, pairs["gpt2.attention.head_count"])
	assert.EqualValues(t, 3, pairs["tokenizer.ggml.bos_token_id"])
	assert.Equal(t, float32(0x1p120), pairs["gpt2.attention.layer_norm_epsilon"])
	assert.Equal(t, []any{"t0", "âĺĥ", "t2", "<bos>", "<columnĠ4>", "<columnĠ5>"}, pairs["tokenizer.ggml.tokens"], "as many tokens as columns")
	assert.Equal(t, []any{"Ā Ā", "â ĺ", "âĺ ĥ"}, pairs["tokenizer.ggml.merges"])
	assert.Len(t, tensors["token_embd.weight"], 6*512)
	b := &m.Blocks[1]
	for n := range m.DMLP {
		for d := range m.DModel {
			assert.Equal(t, b.WIn.At(d, n)*layernorm.Scale, tensors["blk.1.ffn_up.weight"][n*512+d])
			assert.Equal(t, b.WOut.At(n, d), tensors["blk.1.ffn_down.weight"][d*m.DMLP+n]*layernorm.Scale)
		}
	}
	for c := range m.BU {
		assert.Equal(t, m.WU.At(2, c), tensors["output.weight"][c*512+2])
		assert.Equal(t, m.BU[c], tensors["output.weight"][c*512+m.DModel])
	}
	assert.EqualValues(t, 1, tensors["output_norm.bias"][m.DModel])
}

// Of a model that predicts, logits stand by token, and what cannot come next is impossible.
func TestPrediction(t *testing.T) {
	m := modeltest.Random(model.Config{Layers: 1, Heads: 1, DModel: 4, DHead: 2, DMLP: 2, NCtx: 3, Causal: true}, 4, 0, 1)
	m.Outputs = []model.Output{{Name: "next", Classes: []model.Token{m.Vocab[0], m.Vocab[3]}, Next: true}}
	m.WU, m.BU = model.Dense(4, 2, []float32{1, 2, 3, 4, 5, 6, 7, 8}), []float32{0.5, -2}
	_, tensors := parsed(t, m)
	row := func(id int) []float32 { return tensors["output.weight"][id*512 : id*512+5] }
	assert.Equal(t, []float32{1, 3, 5, 7, 0.5}, row(0))
	assert.Equal(t, []float32{2, 4, 6, 8, -2}, row(3))
	for _, id := range []int{1, 2, 4} {
		assert.Equal(t, []float32{0, 0, 0, 0, layernorm.Impossible}, row(id))
	}
}

// With the scale a GELU is a ReLU but for what counts for nothing.
func TestGELU(t *testing.T) {
	gelu := func(x float64) float64 { return x / 2 * (1 + math.Erf(x/math.Sqrt2)) }
	for _, x := range []float64{-1e6, -1, -0x1p-33, 0, 0x1p-33, 1.0 / 3, 1e6} {
		assert.Equal(t, float32(max(x, 0)), float32(gelu(x*layernorm.Scale)/layernorm.Scale), "%g", x)
	}
	for _, x := range []float64{-0x1p-39, -0x1p-40, 0x1p-41} {
		assert.InDelta(t, max(x, 0), gelu(x*layernorm.Scale)/layernorm.Scale, 0.2/layernorm.Scale, "%g", x)
	}
}

func TestOpen(t *testing.T) {
	m := modeltest.Tiny(2)
	open := func() string {
		folder, err := Form.Make(m)
		require.NoError(t, err)
		return folder.Open("x")[1]
	}
	assert.NotContains(t, open(), "set_causal_attn")
	m.Causal = false
	assert.Contains(t, open(), "llama_set_causal_attn(model.ctx, False)")
}
