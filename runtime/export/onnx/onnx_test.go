package onnx

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/encoding/protowire"

	"rasp/runtime/export"
	"rasp/runtime/model"
	"rasp/runtime/model/modeltest"
)

// fields are those of a message, by number, in order.
func fields(t *testing.T, m []byte) map[protowire.Number][][]byte {
	list := map[protowire.Number][][]byte{}
	for len(m) > 0 {
		number, kind, n := protowire.ConsumeTag(m)
		require.Positive(t, n)
		m = m[n:]
		n = protowire.ConsumeFieldValue(number, kind, m)
		require.Positive(t, n)
		value := m[:n]
		if kind == protowire.BytesType {
			value, _ = protowire.ConsumeBytes(m)
		}
		list[number], m = append(list[number], value), m[n:]
	}
	return list
}

// written is the graph of a model as it stands in the file.
func written(t *testing.T, m *model.Model) map[protowire.Number][][]byte {
	folder, err := Form.Make(m)
	require.NoError(t, err)
	file := folder.Files[len(folder.Files)-1]
	var b bytes.Buffer
	require.NoError(t, file.Write(&b))
	require.EqualValues(t, b.Len(), file.Size)
	model := fields(t, b.Bytes())
	require.Len(t, model[modelMetadata], 4)
	return fields(t, model[modelGraph][0])
}

// Each node reads what is there by then, and the outputs are made.
func TestGraph(t *testing.T) {
	for _, c := range []model.Config{
		{Layers: 2, Heads: 2, DModel: 5, DHead: 3, DMLP: 4, NCtx: 7, Causal: true},
		{Layers: 1, Heads: 1, DModel: 5, DHead: 3, DMLP: 0, NCtx: 7},
		{Layers: 1, Heads: 0, DModel: 5, DMLP: 4, NCtx: 7, Causal: true},
		{Layers: 0, Heads: 0, DModel: 5, NCtx: 7},
	} {
		graph, there := written(t, modeltest.Random(c, 3, 0.3, 1)), map[string]bool{tokens: true}
		name := func(m []byte, field protowire.Number) string { return string(fields(t, m)[field][0]) }
		for _, w := range graph[graphWeight] {
			require.False(t, there[name(w, tensorName)])
			there[name(w, tensorName)] = true
		}
		for _, n := range graph[graphNode] {
			of := fields(t, n)
			for _, input := range of[nodeInput] {
				assert.True(t, there[string(input)], "%s reads %s", of[nodeName][0], input)
			}
			require.False(t, there[string(of[nodeOutput][0])])
			there[string(of[nodeOutput][0])] = true
		}
		patterns := 0
		if c.Heads > 0 {
			patterns = c.Layers
		}
		require.Len(t, graph[graphOutput], 1+patterns)
		for _, output := range graph[graphOutput] {
			assert.True(t, there[name(output, 1)])
		}
	}
}

// The operations of one layer, in order.
func TestOperations(t *testing.T) {
	m := modeltest.Random(model.Config{Layers: 1, Heads: 2, DModel: 5, DHead: 3, DMLP: 4, NCtx: 7, Causal: true}, 3, 0.3, 1)
	var operations []string
	for _, n := range written(t, m)[graphNode] {
		operations = append(operations, string(fields(t, n)[nodeOperator][0]))
	}
	assert.Equal(t, "Shape Slice Gather Add Concat Expand Trilu "+
		"MatMul Add Reshape Transpose MatMul Add Reshape Transpose MatMul Add Reshape Transpose "+
		"MatMul Add ReduceMax Sub Exp ReduceSum Div MatMul Div Transpose Reshape MatMul Add Add "+
		"MatMul Add Relu MatMul Add Add Identity MatMul Add", strings.Join(operations, " "))
}

// A file that readers of protocol buffers refuse is not written.
func TestTooLarge(t *testing.T) {
	m := modeltest.Blank(model.Config{Layers: 0, Heads: 0, DModel: 5, NCtx: 7}, 3)
	m.WPos = model.NewBuilder(5, 1<<28).Matrix()
	_, err := Form.Make(m)
	var refusal *export.Refusal
	require.ErrorAs(t, err, &refusal)
	assert.Contains(t, refusal.Why, "this one would have 5.4 GB")
	assert.Contains(t, refusal.Hint, "--to safetensors")
}
