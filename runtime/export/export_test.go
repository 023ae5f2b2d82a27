package export_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/runtime/export"
	"rasp/runtime/export/safetensors"
	"rasp/runtime/model"
	"rasp/runtime/model/modeltest"
)

// Two tokens that print alike are told apart, and so are those that look like what they
// become.
func TestNames(t *testing.T) {
	names := export.Names([]model.Token{`"a b"`, `"3"`, "3", "2.5", "true", `"\"3\""`, `"☃"`, `""`})
	assert.Equal(t, []string{"a b", `"3"`, "3", "2.5", "true", `"3"'`, "☃", ""}, names)
}

func TestLabels(t *testing.T) {
	assert.Equal(t, []string{"class: x", "class: 1", "class: 2.5", "class: true", "value: the number", "value: above 1/2: a float"},
		export.Labels(modeltest.Tiny(1)))
}

// A model that lacks layers, heads or neurons gets some that do nothing.
func TestWhole(t *testing.T) {
	for _, c := range []model.Config{
		{Layers: 0, Heads: 0, DModel: 3, NCtx: 4}, {Layers: 0, Heads: 2, DHead: 3, DModel: 3, DMLP: 5, NCtx: 4},
		{Layers: 2, Heads: 0, DModel: 3, DMLP: 2, NCtx: 4}, {Layers: 2, Heads: 1, DHead: 2, DModel: 3, NCtx: 4},
	} {
		m := modeltest.Random(c, 2, 0, 1)
		w := export.Whole(m)
		require.NoError(t, w.Validate(), "%+v", c)
		assert.Positive(t, w.Layers*w.Heads*w.DHead*w.DMLP, "%+v", c)
		_, before := m.Parameters()
		_, after := w.Parameters()
		assert.Equal(t, before, after, "what is added is zeros")
		require.NoError(t, m.Validate(), "the model itself is as it was")
	}
	m := modeltest.Tiny(1)
	assert.Same(t, m, export.Whole(m))
}

// The file is one that the format allows: no holes, the data of the tensors, and metadata
// of strings.
func TestSafetensors(t *testing.T) {
	folder, said, err := export.Of(context.Background(), modeltest.Tiny(3), "tiny", safetensors.Form, nil)
	assert.Empty(t, said)
	require.NoError(t, err)
	content := file(t, folder, "model.safetensors")
	length := binary.LittleEndian.Uint64(content)
	assert.Zero(t, (8+length)%8)
	var header map[string]json.RawMessage
	require.NoError(t, json.Unmarshal(content[8:8+length], &header))
	assert.JSONEq(t, `{"format":"pt"}`, string(header["__metadata__"]))
	assert.Len(t, header, len(modeltest.Tiny(3).Tensors())+1)
	var bias struct {
		Shape   []int  `json:"shape"`
		Offsets []int  `json:"data_offsets"`
		DType   string `json:"dtype"`
	}
	require.NoError(t, json.Unmarshal(header["blocks.1.attn.b_Q"], &bias))
	assert.Equal(t, []int{2, 3}, bias.Shape)
	assert.Equal(t, "F32", bias.DType)
	var numbers [6]float32
	require.NoError(t, binary.Read(bytes.NewReader(content[8+int(length)+bias.Offsets[0]:]), binary.LittleEndian, &numbers))
	assert.Equal(t, modeltest.Tiny(3).Blocks[1].BQ, numbers[:])
}

// The card has the program, the certificate, the outputs and the circuit, whatever they
// are made of.
func TestCard(t *testing.T) {
	m := modeltest.Tiny(3)
	m.Source = "# ```` a fence\nx = tokens;\n"
	m.Vocab[0] = "\"`|\""
	m.Inputs = "t1+ t2"
	form := safetensors.Form
	form.Make = func(m *model.Model) (*export.Folder, error) {
		made, err := safetensors.Form.Make(m)
		made.Ways = []export.Way{{Where: "here"}, {Where: "there", Divides: true}}
		made.Arithmetic = []string{"bfloat16 is wrong"}
		return made, err
	}
	certify := func(w export.Way) (string, bool) {
		return map[bool]string{false: "exact", true: "too rough"}[w.Divides], !w.Divides
	}
	folder, said, err := export.Of(context.Background(), m, "tiny", form, certify)
	require.NoError(t, err)
	assert.Equal(t, []export.Said{{Text: "here: exact", Holds: true}, {Text: "there: too rough"}, {Text: "bfloat16 is wrong"}}, said)
	card := string(file(t, folder, "README.md"))
	assert.Contains(t, card, "certified anew for what it is opened in:\n\n- here: exact.\n\nIn this form these are not certain:\n\n- there: too rough.\n- bfloat16 is wrong.\n")
	assert.Contains(t, card, "`````\n# ```` a fence\nx = tokens;\n`````\n")
	assert.Contains(t, card, "| 0 | `` \"`\\|\" `` |\n")
	assert.Contains(t, card, "It is made for inputs of this form alone: ")
	assert.Contains(t, card, "Of the model that was exported: exact.")
	assert.Contains(t, card, "- `value`: column 4 is the number; it is a float where column 5 is above 1/2, else an int.")
	assert.Contains(t, card, "| `input->a0.h0<q>` |")
	assert.True(t, json.Valid(file(t, folder, "circuit.json")))
}

func file(t *testing.T, folder *export.Folder, name string) []byte {
	for _, f := range folder.Files {
		if f.Name == name {
			var b bytes.Buffer
			require.NoError(t, f.Write(&b))
			return b.Bytes()
		}
	}
	require.Fail(t, "no file "+name)
	return nil
}
