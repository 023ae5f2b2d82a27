package inside_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io/fs"
	"slices"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/compiler/inside"
	"rasp/lang/golden"
	"rasp/lang/value"
	"rasp/runtime/circuit"
	"rasp/runtime/model"
	"rasp/stdlib"
)

func compiledText(t *testing.T, text string) *model.Model {
	m := compiled(&golden.Chunk{File: "test.rasp", Text: text}, 1)
	require.NotNil(t, m)
	return m
}

// TestTraceOfOverflow: of a model whose numbers grow beyond float32 a trace is JSON all the same,
// no s-op is said to hold what is no number, and a circuit is refused.
func TestTraceOfOverflow(t *testing.T) {
	text, err := fs.ReadFile(stdlib.FS, "sort.rasp")
	require.NoError(t, err)
	m := compiledText(t, string(text))
	for n := range m.Blocks[0].BIn {
		m.Blocks[0].BIn[n] = 1e38
	}
	x, err := inside.New(m)
	require.NoError(t, err)
	input := []value.Value{value.OfString("c"), value.OfString("a")}
	trace, err := x.Trace(input)
	require.NoError(t, err)
	text, err = json.Marshal(trace)
	require.NoError(t, err)
	schema, err := jsonschema.NewCompiler().Compile("../../docs/trace.schema.json")
	require.NoError(t, err)
	data, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	require.NoError(t, err)
	require.NoError(t, schema.Validate(data))
	assert.Equal(t, model.Undefined, trace.Outputs[0].Model[0])
	assert.Equal(t, []int{0, 1}, trace.Outputs[0].Differ)
	e, err := x.Intervene(input, inside.Intervention{Ablate: []inside.Ablation{{Part: "dim 0"}}, Logits: true})
	require.NoError(t, err)
	_, err = json.Marshal(e)
	require.NoError(t, err)

	var undefined *model.UndefinedError
	_, err = circuit.Of(context.Background(), m, slices.Values([]circuit.Pair{{Input: []int{0, 1}, Resampled: []int{1, 1}}}))
	assert.ErrorAs(t, err, &undefined)
}

// TestTraceOfLongInputs: a trace has heads at the first positions, or at the one that is asked for,
// and what is too long to be looked into is refused.
func TestTraceOfLongInputs(t *testing.T) {
	m := compiledText(t, "#rasp:vocab \"ab\"\n#rasp:length 4000\n#rasp:causal\nshare = aggregate(select(indices, indices, <=), indicator(tokens == \"a\"));")
	x, err := inside.New(m)
	require.NoError(t, err)
	input := slices.Repeat([]value.Value{value.OfString("a")}, 600)
	trace, err := x.Trace(input)
	require.NoError(t, err)
	at, err := x.TraceAt(input, 500)
	require.NoError(t, err)
	for h, head := range trace.Layers[0].Heads {
		assert.Len(t, head.Queries, 257)
		assert.Len(t, head.Weights, 257)
		assert.Equal(t, []int{501}, at.Layers[0].Heads[h].Queries)
		assert.Len(t, at.Layers[0].Heads[h].Weights[0], 601)
	}
	assert.Len(t, trace.Outputs[0].Model, 600)
	assert.Empty(t, trace.Outputs[0].Differ, "a number within the bound of the certificate is no other one")

	_, err = x.Trace(slices.Repeat(input, 4))
	assert.ErrorContains(t, err, "the input has 2400 tokens, and up to 2048 are looked into")
}
