package model_test

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"rasp/runtime/model"
	"rasp/runtime/model/modeltest"
)

func encoded(t testing.TB, m *model.Model) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, m.Write(&b))
	return b.Bytes()
}

func TestRoundTrip(t *testing.T) {
	numbers := modeltest.Blank(model.Config{DModel: 1, NCtx: 2}, 1)
	numbers.Outputs = []model.Output{{Name: "n"}}
	numbers.WU, numbers.BU = model.NewBuilder(1, 2).Matrix(), make([]float32, 2)
	odd := modeltest.Tiny(1)
	modeltest.Change(&odd.WE, func(w []float32) { copy(w, []float32{float32(math.Copysign(0, -1)), 1e-45, 3.4e38, 0.1}) })
	large := modeltest.Random(model.Config{Layers: 1, Heads: 1, DModel: 200, DHead: 3, DMLP: 300, NCtx: 4}, 2, 0, 1) // several chunks

	for _, m := range []*model.Model{modeltest.Tiny(1), odd, numbers, large, modeltest.Random(model.Config{Layers: 1, Heads: 1, DModel: 4, DHead: 2, DMLP: 1, NCtx: 5 + 1}, 3, 0.5, 3)} {
		path := filepath.Join(t.TempDir(), "model.safetensors")
		require.NoError(t, m.Save(path))
		got, err := model.Load(path)
		require.NoError(t, err)
		require.Equal(t, m, got)

		require.Equal(t, math.Float32bits(m.WE.Floats()[0]), math.Float32bits(got.WE.Floats()[0]))
		first, err := os.ReadFile(path)
		require.NoError(t, err)
		for range 3 {
			require.Equal(t, first, encoded(t, got), "the same model gives the same bytes")
		}
	}
}

// TestForm: the form of the inputs is in the file, which readers that do not know it refuse.
func TestForm(t *testing.T) {
	m := modeltest.Tiny(1)
	m.Inputs = `one "t1"`
	file := encoded(t, m)
	require.Contains(t, string(file), `"rasp_model":"3"`)
	got, err := model.Read(bytes.NewReader(file))
	require.NoError(t, err)
	require.Equal(t, m, got)
	f, err := got.Form()
	require.NoError(t, err)
	require.True(t, m.Causal)
	_, ok := f.Leaves([]int{0, 2})
	require.True(t, ok, "what an input begins with is one, too")
	_, ok = f.Leaves([]int{1, 1})
	require.False(t, ok)
	m.Inputs = "t1 t9"
	require.ErrorContains(t, m.Validate(), `config: inputs: neither "t9" nor "t" is a token of the vocabulary`)
	m.Inputs = "t1{9}"
	require.NoError(t, m.Validate(), "what is shorter is a beginning")
	m.Causal = false
	require.ErrorContains(t, m.Validate(), "no input up to length 6")
}

// What other tools rely on: the container's layout, TransformerLens's words.
func TestLayout(t *testing.T) {
	m := modeltest.Tiny(1)
	file := encoded(t, m)
	length := binary.LittleEndian.Uint64(file)
	require.Zero(t, length%8)
	var header map[string]any
	require.NoError(t, json.Unmarshal(file[8:8+length], &header))

	wk := header["blocks.1.attn.W_K"].(map[string]any)
	require.Equal(t, "F32", wk["dtype"])
	require.Equal(t, []any{2.0, 5.0, 3.0}, wk["shape"])
	begin := uint64(wk["data_offsets"].([]any)[0].(float64))
	require.Equal(t, m.Blocks[1].WK.Floats()[0], decodeFloat(file[8+length+begin:]))
	require.Equal(t, []any{4.0, 5.0}, header["embed.W_E"].(map[string]any)["shape"])
	require.Equal(t, []any{2.0, 3.0, 5.0}, header["blocks.0.attn.W_O"].(map[string]any)["shape"])
	require.Len(t, header, 1+4+2*12)

	metadata := header["__metadata__"].(map[string]any)
	require.JSONEq(t, `{"n_layers":2,"n_heads":2,"d_model":5,"d_head":3,"d_mlp":4,"d_vocab":4,"d_vocab_out":6,"n_ctx":7,
		"act_fn":"relu","normalization_type":null,"use_attn_scale":false,"attention_dir":"causal"}`, metadata["config"].(string))
	require.Equal(t, m.Source, metadata["program"])
	require.JSONEq(t, `["\"t0\"","\"t1\"","\"t2\""]`, metadata["vocab"].(string))
}

func decodeFloat(b []byte) float32 {
	var f float32
	binary.Read(bytes.NewReader(b), binary.LittleEndian, &f)
	return f
}

func names(t *testing.T, folder string) (list []string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	require.NoError(t, err)
	for _, e := range entries {
		list = append(list, e.Name())
	}
	return list
}

func TestSaveReplaces(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "m.safetensors")
	require.NoError(t, modeltest.Tiny(1).Save(path))
	require.NoError(t, os.Chmod(path, 0o600))
	link := filepath.Join(folder, "link")
	require.NoError(t, os.Symlink(path, link))
	require.NoError(t, modeltest.Tiny(2).Save(link))

	got, err := model.Load(path)
	require.NoError(t, err)
	require.Equal(t, modeltest.Tiny(2), got)
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	require.Equal(t, []string{"link", "m.safetensors"}, names(t, folder))
}

func TestFailedSaveLeavesNothing(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "m.safetensors")
	require.NoError(t, modeltest.Tiny(1).Save(path))
	before, err := os.ReadFile(path)
	require.NoError(t, err)

	broken := modeltest.Tiny(2)
	broken.WU = model.NewBuilder(29, 1).Matrix()
	require.ErrorContains(t, broken.Save(path), path+": tensor unembed.W_U has 29 elements")

	after, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, before, after)
	require.Equal(t, []string{"m.safetensors"}, names(t, folder))

	require.ErrorContains(t, modeltest.Tiny(1).Save(folder), "not a regular file")
	require.ErrorContains(t, modeltest.Tiny(1).Save(filepath.Join(folder, "none", "m")), "saving")
	require.Equal(t, []string{"m.safetensors"}, names(t, folder))
}

// failing accepts some bytes and then fails, as a full disk does.
type failing struct{ left int }

func (f *failing) Write(p []byte) (int, error) {
	if len(p) > f.left {
		return 0, os.ErrClosed
	}
	f.left -= len(p)
	return len(p), nil
}

func TestWriteReportsFailure(t *testing.T) {
	m := modeltest.Random(model.Config{Layers: 1, Heads: 1, DModel: 50, DHead: 20, DMLP: 100, NCtx: 4}, 2, 0, 1)
	size := len(encoded(t, m))
	for left := 0; left < size; left += size / 9 {
		require.ErrorIs(t, m.Write(&failing{left}), os.ErrClosed)
	}
}
