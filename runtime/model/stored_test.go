package model_test

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"math"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"rasp/runtime/model"
	"rasp/runtime/model/modeltest"
)

// mostlyZeros is a model whose W_in and W_out are large and have few weights.
func mostlyZeros() *model.Model {
	m := modeltest.Random(model.Config{Layers: 1, Heads: 1, DModel: 64, DHead: 3, DMLP: model.SparseFrom / 64, NCtx: 4}, 2, 0, 1)
	for _, matrix := range []*model.Matrix{&m.Blocks[0].WIn, &m.Blocks[0].WOut} {
		modeltest.Change(matrix, func(w []float32) {
			for i := range w {
				if i%100 != 7 {
					w[i] = 0
				}
			}
		})
	}
	modeltest.Set(&m.Blocks[0].WIn, 3, float32(math.Copysign(0, -1)))
	return m
}

func TestSparseTensors(t *testing.T) {
	m := mostlyZeros()
	file := encoded(t, m)
	require.Less(t, len(file), 4*model.SparseFrom, "two tensors of that size")
	got, err := model.Read(bytes.NewReader(file))
	require.NoError(t, err)
	require.Equal(t, m, got)
	require.True(t, math.Signbit(float64(got.Blocks[0].WIn.Floats()[3])), "bit for bit")
	require.Equal(t, file, encoded(t, got))

	header, data := split(t, file)
	require.Equal(t, "2", metadataOf(header)["rasp_model"])
	require.JSONEq(t, `{"blocks.0.mlp.W_in":[64,4096],"blocks.0.mlp.W_out":[4096,64]}`, metadataOf(header)["sparse"].(string))
	indices := header["blocks.0.mlp.W_out.indices"].(map[string]any)
	require.Equal(t, "I32", indices["dtype"])
	begin := int(indices["data_offsets"].([]any)[0].(float64))
	require.EqualValues(t, 7, binary.LittleEndian.Uint32(data[begin:]))
	require.EqualValues(t, 107, binary.LittleEndian.Uint32(data[begin+4:]))

	_, data = split(t, encoded(t, modeltest.Tiny(1)))
	require.NotEmpty(t, data)
	header, _ = split(t, encoded(t, modeltest.Tiny(1)))
	require.Equal(t, "1", metadataOf(header)["rasp_model"], "what has no sparse tensors is as before")
	require.NotContains(t, metadataOf(header), "sparse")
}

// TestPlacesBeyondInt32: a matrix of more than 2^31 weights is as small as what is in it.
func TestPlacesBeyondInt32(t *testing.T) {
	if strconv.IntSize < 64 {
		t.Skip("so many weights have no places in an int")
	}
	const rows, cols = 60_000, 40_000
	m := modeltest.Blank(model.Config{DModel: 1, NCtx: 2}, 1)
	m.Config = model.Config{Layers: 1, DModel: rows, DMLP: cols, NCtx: 2}
	none := func(rows, cols int) model.Matrix { return model.NewBuilder(rows, cols).Matrix() }
	m.WE, m.WPos, m.WU = none(2, rows), none(2, rows), none(rows, 6)
	in := model.NewBuilder(rows, cols)
	in.Add(0, 1, 2)
	in.Add(rows-1, cols-1, 3)
	m.Blocks = []model.Block{{WQ: none(0, 0), WK: none(0, 0), WV: none(0, 0), WO: none(0, rows), BO: make([]float32, rows),
		WIn: in.Matrix(), BIn: make([]float32, cols), WOut: none(cols, rows), BOut: make([]float32, rows)}}
	file := encoded(t, m)
	header, _ := split(t, file)
	require.Equal(t, "I64", header["blocks.0.mlp.W_in.indices"].(map[string]any)["dtype"])
	require.Less(t, len(file), 4<<20)
	got, err := model.Read(bytes.NewReader(file))
	require.NoError(t, err)
	require.Equal(t, float32(3), got.Blocks[0].WIn.At(rows-1, cols-1))
	require.Equal(t, file, encoded(t, got))
}

// split a file into its header and its data.
func split(t *testing.T, file []byte) (header map[string]any, data []byte) {
	t.Helper()
	length := binary.LittleEndian.Uint64(file)
	require.NoError(t, json.Unmarshal(file[8:8+length], &header))
	return header, file[8+length:]
}

func metadataOf(header map[string]any) map[string]any { return header["__metadata__"].(map[string]any) }

func TestDamagedSparseTensors(t *testing.T) {
	file := encoded(t, mostlyZeros())
	length := int(binary.LittleEndian.Uint64(file))
	damaged := func(change func(header map[string]any, data []byte)) error {
		header, data := split(t, bytes.Clone(file))
		delete(metadataOf(header), model.KeyDigest)
		change(header, data)
		text, err := json.Marshal(header)
		require.NoError(t, err)
		_, err = model.Read(bytes.NewReader(assemble(string(text), data)))
		return err
	}
	const name = "blocks.0.mlp.W_in.indices"
	at := func(header map[string]any) int {
		return int(header[name].(map[string]any)["data_offsets"].([]any)[0].(float64))
	}
	require.NoError(t, damaged(func(map[string]any, []byte) {}))
	for want, change := range map[string]func(header map[string]any, data []byte){
		"index 1 is 262144, must be above":                   func(h map[string]any, data []byte) { binary.LittleEndian.PutUint32(data[at(h)+4:], model.SparseFrom) },
		"index 1 is -1, must be above":                       func(h map[string]any, data []byte) { binary.LittleEndian.PutUint32(data[at(h)+4:], math.MaxUint32) },
		"index 1 is 3, must be above":                        func(h map[string]any, data []byte) { binary.LittleEndian.PutUint32(data[at(h)+4:], 3) },
		"expected I32 or I64":                                func(h map[string]any, _ []byte) { h[name].(map[string]any)["dtype"] = "F32" },
		`tensor "blocks.0.mlp.W_in.indices" does not belong`: func(h map[string]any, _ []byte) { metadataOf(h)["sparse"] = "{}" },
		`metadata "sparse"`:                                  func(h map[string]any, _ []byte) { metadataOf(h)["sparse"] = "[" },
		"has shape [64 4097], the config asks for [64 4096]": func(h map[string]any, _ []byte) {
			metadataOf(h)["sparse"] = `{"blocks.0.mlp.W_in":[64,4097],"blocks.0.mlp.W_out":[4096,64]}`
		},
	} {
		require.ErrorContains(t, damaged(change), want)
	}
	_, err := model.Read(bytes.NewReader(file[:8+length+100]))
	require.ErrorContains(t, err, "truncated")
}
