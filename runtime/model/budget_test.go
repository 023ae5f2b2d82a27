package model_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	goruntime "runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rasp/runtime/model"
	"rasp/runtime/model/modeltest"
)

// sparseFile is a file of a model with large tensors, of which as few weights are stored
// as may be: 2^-16 of their elements.
func sparseFile(t *testing.T, c model.Config) []byte {
	t.Helper()
	m := modeltest.Blank(model.Config{Layers: c.Layers, DModel: 1, NCtx: 2}, 2)
	header, _ := split(t, encoded(t, m))
	metadata := metadataOf(header)
	delete(metadata, model.KeyDigest)
	m.Config = c
	metadata["config"] = fmt.Sprintf(`{"n_layers":%d,"n_heads":%d,"d_model":%d,"d_head":%d,"d_mlp":%d,"d_vocab":3,"d_vocab_out":6,"n_ctx":%d,"act_fn":"relu","normalization_type":null,"use_attn_scale":false,"attention_dir":"causal"}`,
		c.Layers, c.Heads, c.DModel, c.DHead, c.DMLP, c.NCtx)
	all, shapes, end := map[string]any{"__metadata__": metadata}, map[string][]int{}, 0
	add := func(name, dtype string, shape []int, n int) {
		all[name] = map[string]any{"dtype": dtype, "shape": shape, "data_offsets": []int{end, end + 4*n}}
		end += 4 * n
	}
	for _, x := range m.Tensors() {
		n := x.Elements()
		if n < model.SparseFrom || strings.Contains(x.Name, ".b_") {
			add(x.Name, "F32", x.Shape, n)
			continue
		}
		few := n >> 16
		shapes[x.Name] = x.Shape
		add(x.Name+".indices", "I32", []int{few}, few)
		add(x.Name+".values", "F32", []int{few}, few)
	}
	text, err := json.Marshal(shapes)
	require.NoError(t, err)
	metadata["sparse"] = string(text)
	text, err = json.Marshal(all)
	require.NoError(t, err)
	return assemble(string(text), make([]byte, end))
}

// TestBudget: what a header asks for is refused before it
// is allocated. No file here takes more than some multiple of its size.
func TestBudget(t *testing.T) {
	long := strings.Repeat("x", 4_000_000)
	many := func(text string, n int) string { return strings.TrimSuffix(strings.Repeat(text+",", n), ",") }
	for _, x := range []struct {
		name  string
		file  []byte
		error string
	}{
		{"sparse tensors together", sparseFile(t, model.Config{Layers: 1, Heads: 1 << 10, DModel: 1 << 14, DHead: 1, NCtx: 2}), "have more than 16777216 rows together"},
		{"one sparse tensor", sparseFile(t, model.Config{DModel: 64, NCtx: 1 << 25}), "have more than 16777216 rows together"},
		{"many positions", sparseFile(t, model.Config{DModel: 128, NCtx: 1 << 23}), "has more than 536870912 elements"},
		{"a config of huge dims", metadataEdited(t, "config", `"d_mlp":4`, `"d_mlp":2147483647`), "the config asks for [5 2147483647]"},
		{"a product beyond 64 bits", edited(t, func(header, _ map[string]any) {
			header["embed.W_E"].(map[string]any)["shape"] = []int64{1 << 40, 1 << 40}
		}), "not those of float32"},
		{"a product of 2^32 elements", edited(t, func(header, _ map[string]any) {
			header["embed.W_E"].(map[string]any)["shape"] = []int64{1 << 16, 1 << 16}
		}), "not those of float32"},
		{"no elements and a dim beyond", edited(t, func(header, _ map[string]any) {
			header["embed.W_E"].(map[string]any)["shape"] = []int64{0, 1 << 40}
		}), "not those of float32"},
		{"many dims", entryEdited(t, "embed.W_E", "shape", make([]int, 1_000_000)), "values of JSON are too many for"},
		{"some dims", entryEdited(t, "embed.W_E", "shape", make([]int, 1_000)), "has 1000 dimensions"},
		{"many tensors", assemble(`{"__metadata__":{}`+strings.Repeat(`,"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}`, 140_000)+`}`, nil), "header: more than 131072 tensors"},
		{"a tensor twice", assemble(`{"__metadata__":{},"a":{},"a":{}}`, nil), `the key "a" stands twice in one object`},
		{"many keys", assemble(`{"__metadata__":{`+many(`"a":""`, 1_000_000)+`}}`, nil), "values of JSON are too many for"},
		{"a long name", assemble(`{"`+long+`":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}`, nil), `the metadata has no "rasp_model"`},
		{"a long name of a model", edited(t, func(header, _ map[string]any) {
			header[long] = header["embed.W_E"]
		}), `xxx"... overlaps the one before it`},
		{"a deep header", assemble(`{"a":`+strings.Repeat("[", 2_000_000)+strings.Repeat("]", 2_000_000)+"}", nil), "values of JSON are too many for"},
		{"an open header", assemble(strings.Repeat("{", 2_000_000), nil), "header: more than 131072 tensors"},
		{"a huge vocabulary", edited(t, func(_, metadata map[string]any) { metadata["vocab"] = "[" + many(`"1"`, 1_000_000) + "]" }), `metadata "vocab": 1000000 values of JSON are too many for the dimensions of the model`},
		{"labels", edited(t, func(_, metadata map[string]any) { metadata["provenance"] = `{"dims":[` + many(`{}`, 1_000_000) + "]}" }), `metadata "provenance": `},
		{"a deep vocabulary", edited(t, func(_, metadata map[string]any) {
			metadata["vocab"] = strings.Repeat("[", 1_000_000) + strings.Repeat("]", 1_000_000)
		}), `metadata "vocab": 1000000 values of JSON`},
		{"a sparse list", edited(t, func(_, metadata map[string]any) { metadata["sparse"] = `{"a":[` + many("1", 1_000_000) + "]}" }), `metadata "sparse": `},
	} {
		t.Run(x.name, func(t *testing.T) {
			var before, after goruntime.MemStats
			goruntime.ReadMemStats(&before)
			_, err := model.Read(bytes.NewReader(x.file))
			if strconv.IntSize < 64 { // where a size that is too large may be no int at all
				require.Error(t, err)
				return
			}
			goruntime.ReadMemStats(&after)
			require.ErrorContains(t, err, x.error)
			require.Less(t, len(err.Error()), 500)
			require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(16*len(x.file)+1<<20))
		})
	}
}

// TestWithinBudget: a model of 2^27 elements is no claim too many. Its indices, which are
// all 0, are read.
func TestWithinBudget(t *testing.T) {
	if testing.Short() {
		t.Skip("takes 0.5 GB")
	}
	_, err := model.Read(bytes.NewReader(sparseFile(t, model.Config{Layers: 1, DModel: 64, DMLP: 1 << 20, NCtx: 2})))
	require.ErrorContains(t, err, "index 1 is 0")
}
