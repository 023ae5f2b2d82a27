package model_test

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	goruntime "runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rasp/runtime"
	"rasp/runtime/bounded"
	"rasp/runtime/model"
	"rasp/runtime/model/modeltest"
)

// assemble makes a file of a header and data, without checks.
func assemble(header string, data []byte) []byte {
	file := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	return append(append(file, header...), data...)
}

// edited is the file of tiny with its parsed header changed.
func edited(t testing.TB, change func(header, metadata map[string]any)) []byte {
	t.Helper()
	file := encoded(t, modeltest.Tiny(1))
	length := binary.LittleEndian.Uint64(file)
	var header map[string]any
	require.NoError(t, json.Unmarshal(file[8:8+length], &header))
	change(header, header["__metadata__"].(map[string]any))
	text, err := json.Marshal(header)
	require.NoError(t, err)
	return assemble(string(text), file[8+length:])
}

// entryEdited changes one key of one tensor's entry.
func entryEdited(t testing.TB, tensor, key string, value any) []byte {
	return edited(t, func(header, _ map[string]any) { header[tensor].(map[string]any)[key] = value })
}

// metadataEdited replaces text in one value of the metadata.
func metadataEdited(t testing.TB, key, from, to string) []byte {
	return edited(t, func(_, metadata map[string]any) {
		text := metadata[key].(string)
		require.Contains(t, text, from)
		metadata[key] = strings.Replace(text, from, to, 1)
	})
}

// weightEdited sets the last float of the file, which is the last of W_U.
func weightEdited(t testing.TB, w float32) []byte {
	file := encoded(t, modeltest.Tiny(1))
	binary.LittleEndian.PutUint32(file[len(file)-4:], math.Float32bits(w))
	return file
}

type damage struct {
	name  string
	file  []byte
	error string
}

func damages(t testing.TB) []damage {
	good := encoded(t, modeltest.Tiny(1))
	header := 8 + int(binary.LittleEndian.Uint64(good))
	absent := func(name string) []byte {
		return edited(t, func(header, metadata map[string]any) { delete(header, name); delete(metadata, name) })
	}
	begin, end := 0, 0 // of the first tensor in the file
	{
		var h map[string]any
		require.NoError(t, json.Unmarshal(good[8:header], &h))
		offsets := h["blocks.0.attn.W_K"].(map[string]any)["data_offsets"].([]any)
		begin, end = int(offsets[0].(float64)), int(offsets[1].(float64))
	}
	return []damage{
		{"empty", nil, "truncated: it ends within the length of the header"},
		{"short", good[:5], "truncated: it ends within the length of the header"},
		{"in the header", good[:header-9], "truncated: it ends within the header of"},
		{"a number for metadata", assemble(`{"__metadata__":3}`, nil), "not an object of strings: the JSON number is of another kind than expected there"},
		{"a number for a dtype", entryEdited(t, "unembed.b_U", "dtype", 5), `header: tensor "unembed.b_U": the JSON number is of another kind than expected at dtype`},
		{"no data", good[:header], "truncated: it ends within tensor blocks.0.attn.W_K"},
		{"last byte missing", good[:len(good)-1], "truncated: it ends within tensor unembed.b_U"},
		{"too long", append(bytes.Clone(good), 0), "goes on after the last tensor"},
		{"text", []byte("x = tokens;\ny = indices;\n"), "not a safetensors file: a header of"},
		{"header oversized", binary.LittleEndian.AppendUint64(nil, model.MaxHeader+1), "not a safetensors file: a header of 100000001 bytes"},
		{"header not JSON", assemble("{nonsense}", nil), "not a JSON object"},
		{"header a list", assemble("[1, 2]", nil), "not a JSON object: the JSON array is of another kind than expected there"},
		{"nothing", assemble("{}", nil), `not a compiled model: the metadata has no "rasp_model"`},
		{"foreign", assemble(`{"__metadata__":{"format":"pt"},"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}`, make([]byte, 4)),
			`not a compiled model: the metadata has no "rasp_model"`},
		{"metadata of numbers", assemble(`{"__metadata__":{"rasp_model":1}}`, nil), "the metadata is not an object of strings"},
		{"version of the future", metadataEdited(t, "rasp_model", "1", "4"), "format version 4, this program reads up to 3"},
		{"version of a form without one", metadataEdited(t, "rasp_model", "1", "3"), `"inputs" is missing`},
		{"version nonsense", metadataEdited(t, "rasp_model", "1", "one"), `"one" is not a version`},

		{"dtype", entryEdited(t, "unembed.b_U", "dtype", "F16"), `tensor "unembed.b_U" has dtype "F16"`},
		{"one offset", entryEdited(t, "unembed.b_U", "data_offsets", []int{0}), "expected [begin, end]"},
		{"negative offset", entryEdited(t, "unembed.b_U", "data_offsets", []int{-4, 20}), "expected [begin, end]"},
		{"offsets in reverse", entryEdited(t, "unembed.b_U", "data_offsets", []int{24, 0}), "expected [begin, end]"},
		{"offset not an int", entryEdited(t, "unembed.b_U", "data_offsets", []float64{0, 1e30}), `tensor "unembed.b_U"`},
		{"shape against offsets", entryEdited(t, "unembed.b_U", "shape", []int{7}), "has 24 bytes, not those of float32 [7]"},
		{"negative shape", entryEdited(t, "unembed.b_U", "shape", []int{-2, -3}), "has shape [-2 -3]"},
		{"overflowing shape", entryEdited(t, "unembed.b_U", "shape", []int{1 << 30, 1 << 30, 16}), "not those of float32"},
		{"wrong shape", entryEdited(t, "unembed.b_U", "shape", []int{2, 3}), "has shape [2 3], the config asks for [6]"},
		{"overlap", entryEdited(t, "blocks.0.attn.W_O", "data_offsets", []int{begin + 4, end + 4}), "overlaps the one before it"},
		{"hole", absent("blocks.0.attn.W_O"), "a hole of 120 bytes"},
		{"missing tensor", edited(t, func(header, _ map[string]any) { delete(header, "unembed.b_U") }), "tensor unembed.b_U is missing"},
		{"surplus tensor", edited(t, func(header, _ map[string]any) {
			header["other"] = map[string]any{"dtype": "F32", "shape": []int{0}, "data_offsets": []int{0, 0}}
		}), `tensor "other" does not belong`},

		{"no config", absent("config"), `metadata "config" is missing`},
		{"config not JSON", metadataEdited(t, "config", "{", "["), `metadata "config"`},
		{"activation", metadataEdited(t, "config", `"relu"`, `"gelu"`), `act_fn is "gelu"`},
		{"layer norm", metadataEdited(t, "config", `null`, `"LN"`), `normalization_type is "LN"`},
		{"scaled", metadataEdited(t, "config", `"use_attn_scale":false`, `"use_attn_scale":true`), "use_attn_scale"},
		{"direction", metadataEdited(t, "config", `"causal"`, `"sideways"`), `attention_dir is "sideways"`},
		{"negative dimension", metadataEdited(t, "config", `"d_head":3`, `"d_head":-3`), "d_head is -3"},
		{"huge dimension", metadataEdited(t, "config", `"d_mlp":4`, `"d_mlp":4000000000`), "d_mlp"},
		{"absurd layers", metadataEdited(t, "config", `"n_layers":2`, `"n_layers":2000000000`), "too few for 2000000000 layers"},
		{"fewer layers", metadataEdited(t, "config", `"n_layers":2`, `"n_layers":1`), "does not belong to a model of 1 layers"},
		{"no positions", metadataEdited(t, "config", `"n_ctx":7`, `"n_ctx":1`), "n_ctx is 1"},
		{"d_vocab", metadataEdited(t, "config", `"d_vocab":4`, `"d_vocab":5`), "tensor embed.W_E has shape [4 5], the config asks for [5 5]"},
		{"vocabulary", edited(t, func(_, metadata map[string]any) { metadata["vocab"] = `["\"a\""]` }), "d_vocab is 4, the vocabulary and BOS make 2"},
		{"outputs", edited(t, func(_, metadata map[string]any) { metadata["outputs"] = `[{"name":"x","column":0}]` }), "d_vocab_out is 6, the outputs make 2"},
		{"d_vocab_out", metadataEdited(t, "config", `"d_vocab_out":6`, `"d_vocab_out":5`), "tensor unembed.W_U has shape [5 6], the config asks for [5 5]"},
		{"token twice", metadataEdited(t, "vocab", `t0`, `t1`), `vocabulary: "t1" is there twice`},
		{"token not a scalar", metadataEdited(t, "vocab", `"\"t0\""`, `"[1]"`), "not a JSON scalar"},
		{"class not a scalar", metadataEdited(t, "outputs", `"2.5"`, `"2.5."`), "not a JSON scalar"},
		{"output elsewhere", metadataEdited(t, "outputs", `"column":4`, `"column":3`), `output "value" starts at column 3, must start at 4`},
		{"labels", metadataEdited(t, "provenance", `{"what":"BOS"}`, `{"what":"BOS"},{}`), "6 labels for d_model = 5"},
		{"head labels", metadataEdited(t, "provenance", `{"what":"off"}`, `{},{}`), "3 labels for the 2 heads of layer 1"},

		{"NaN", weightEdited(t, float32(math.NaN())), "tensor unembed.b_U: element 5 is NaN"},
		{"infinite", weightEdited(t, float32(math.Inf(-1))), "tensor unembed.b_U: element 5 is -Inf"},
	}
}

func TestDamagedFiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bad.safetensors")
	for _, d := range damages(t) {
		t.Run(d.name, func(t *testing.T) {
			require.NoError(t, os.WriteFile(path, d.file, 0o600))
			_, err := model.Load(path)
			require.ErrorContains(t, err, d.error)
			require.ErrorContains(t, err, path)
		})
	}
	_, err := model.Load(filepath.Join(t.TempDir(), "absent"))
	require.ErrorIs(t, err, os.ErrNotExist)
}

// Claims of gigabytes in a small file cost no memory.
func TestReadAllocatesWhatIsThere(t *testing.T) {
	header := binary.LittleEndian.AppendUint64(nil, model.MaxHeader)
	tensor := edited(t, func(header, metadata map[string]any) {
		metadata["config"] = strings.Replace(metadata["config"].(string), `"n_ctx":7`, `"n_ctx":100000000`, 1)
		e := header["pos_embed.W_pos"].(map[string]any)
		begin := e["data_offsets"].([]any)[0].(float64)
		e["shape"], e["data_offsets"] = []int{1e8, 5}, []float64{begin, begin + 2e9}
		u := header["unembed.W_U"].(map[string]any)
		u["data_offsets"] = []float64{begin + 2e9, begin + 2e9 + 120}
		b := header["unembed.b_U"].(map[string]any)
		b["data_offsets"] = []float64{begin + 2e9 + 120, begin + 2e9 + 144}
	})
	for _, file := range [][]byte{header, tensor} {
		var before, after goruntime.MemStats
		goruntime.ReadMemStats(&before)
		_, err := model.Read(bytes.NewReader(file))
		goruntime.ReadMemStats(&after)
		require.ErrorContains(t, err, "truncated")
		require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(4<<20))
	}
}

func TestSmallSparseTensor(t *testing.T) {
	m, err := model.Read(bytes.NewReader(sparsely(t)))
	require.NoError(t, err)
	require.Len(t, m.BU, 6)
	require.Zero(t, m.BU[1])
	require.NotZero(t, m.BU[2])
}

// FuzzRead: whatever the bytes, an error or a model that can be written, read
// back and run.
func FuzzRead(f *testing.F) {
	f.Add(encoded(f, modeltest.Tiny(1)))
	for _, d := range damages(f) {
		f.Add(d.file)
	}
	f.Add(sparsely(f))
	f.Fuzz(func(t *testing.T, file []byte) {
		bounded.Work(t)
		m, err := model.Read(bytes.NewReader(file))
		if err != nil {
			bounded.Words(t, err.Error(), string(file))
			return
		}
		again, err := model.Read(bytes.NewReader(encoded(t, m)))
		require.NoError(t, err)
		require.Equal(t, encoded(t, m), encoded(t, again))
		_, err = runtime.NewSession(m).Run([][]int{{0}})
		require.NoError(t, err)
	})
}

// sparsely is the file of tiny with one tensor stored as what is not zero, and without
// the digest, which would say of each change only that there is one.
func sparsely(t testing.TB) []byte {
	file := edited(t, func(header, metadata map[string]any) {
		const name = "unembed.b_U" // the last in the file: 6 floats, of which 3 stay for values
		whole := header[name].(map[string]any)
		begin := whole["data_offsets"].([]any)[0].(float64)
		for i, part := range []string{".indices", ".values"} {
			at := begin + float64(12*i)
			header[name+part] = map[string]any{"dtype": []string{"I32", "F32"}[i], "shape": []int{3}, "data_offsets": []float64{at, at + 12}}
		}
		delete(header, name)
		delete(metadata, model.KeyDigest)
		metadata["rasp_model"], metadata["sparse"] = "2", `{"unembed.b_U":[6]}`
	})
	for i, index := range []uint32{0, 2, 5} {
		binary.LittleEndian.PutUint32(file[len(file)-24+4*i:], index)
	}
	return file
}
