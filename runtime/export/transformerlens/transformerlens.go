// Package transformerlens writes a model for TransformerLens: a checkpoint in its names, a
// configuration, a tokenizer, and load.py, which makes of them a TransformerBridge
// (TransformerLens 4.x) or a HookedTransformer (2.x and 3.x).
//
// Every loader of TransformerLens 4 divides scores by the root of d_head, whatever
// use_attn_scale says, and older ones do so unless they are told otherwise. So the size of a
// head is raised to a power of four with zeros, and queries are multiplied by its root, a
// power of two: then all of them are right by default.
package transformerlens

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"strconv"

	"rasp/runtime/export"
	"rasp/runtime/export/tokenizer"
	"rasp/runtime/model"
)

// Form is the format.
var Form = export.Form{
	Name:  "transformerlens",
	About: "a checkpoint for TransformerLens 2.x to 4.x, with hooks on everything",
	Make:  layOut,
}

//go:embed load.py
var loader []byte

// config is what HookedTransformerConfig.from_dict and TransformerBridgeConfig take.
type config struct {
	Layers     int     `json:"n_layers"`
	Heads      int     `json:"n_heads"`
	DModel     int     `json:"d_model"`
	DHead      int     `json:"d_head"`
	DMLP       int     `json:"d_mlp"`
	Vocab      int     `json:"d_vocab"`
	VocabOut   int     `json:"d_vocab_out"`
	NCtx       int     `json:"n_ctx"`
	Activation string  `json:"act_fn"`
	Norm       *string `json:"normalization_type"`
	Positions  string  `json:"positional_embedding_type"`
	Direction  string  `json:"attention_dir"`
	PrependBOS bool    `json:"default_prepend_bos"`
}

func layOut(m *model.Model) (*export.Folder, error) {
	w := export.Whole(m)
	size, scale := dHead(w)
	direction := "bidirectional"
	if m.Causal {
		direction = "causal"
	}
	_, columns := m.WU.Size()
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetIndent("", " ")
	if err := e.Encode(config{
		Layers: w.Layers, Heads: w.Heads, DModel: w.DModel, DHead: size, DMLP: w.DMLP, Vocab: len(m.Vocab) + 1, VocabOut: columns,
		NCtx: m.NCtx, Activation: "relu", Positions: "standard", Direction: direction, PrependBOS: true,
	}); err != nil {
		return nil, err
	}
	tokens, err := tokenizer.New(m).Files()
	if err != nil {
		return nil, err
	}
	return &export.Folder{
		Files: append(tokens,
			export.Text("config.json", text.Bytes()),
			export.Text("load.py", loader),
			export.Safetensors("model.safetensors", checkpoint(w, size, scale), map[string]string{"format": "pt"})),
		Logits: "`model(ids)` is [batch, position, column]; position 0 is BOS, which is put before a text but not before ids.",
		Ways:   []export.Way{{Where: "TransformerLens, float32, on a CPU", Exp: export.PyTorchExp, Divides: true}},
		Arithmetic: []string{
			"bfloat16, float16, or TF32 on a GPU give wrong outputs; so does processing of weights, as in enable_compatibility_mode() of 4.x without no_processing=True",
		},
		Open: func(folder string) []string {
			return []string{"import runpy", fmt.Sprintf(`model = runpy.run_path(%s)["model"]`, strconv.Quote(folder+"/load.py"))}
		},
	}, nil
}

// dHead is the least power of four from d_head on, and its root.
func dHead(m *model.Model) (size int, root float32) {
	size, root = 1, 1
	for size < m.DHead {
		size, root = 4*size, 2*root
	}
	return size, root
}

// checkpoint are the tensors of a model with heads of that size and queries multiplied.
func checkpoint(m *model.Model, size int, scale float32) []export.Tensor {
	read, bias := []int{m.Heads, m.DModel, size}, []int{m.Heads, size}
	_, columns := m.WU.Size()
	list := []export.Tensor{
		export.NewTensor("embed.W_E", m.WE),
		export.NewTensor("pos_embed.W_pos", m.WPos),
		export.NewTensor("unembed.W_U", m.WU),
		{Name: "unembed.b_U", Shape: []int{columns}, Weights: export.Row(m.BU)},
	}
	for l := range m.Blocks {
		name, b := fmt.Sprintf("blocks.%d.", l), &m.Blocks[l]
		list = append(list,
			export.Tensor{Name: name + "attn.W_Q", Shape: read, Weights: wider(b.WQ, size, scale)},
			export.Tensor{Name: name + "attn.W_K", Shape: read, Weights: wider(b.WK, size, 1)},
			export.Tensor{Name: name + "attn.W_V", Shape: read, Weights: wider(b.WV, size, 1)},
			export.Tensor{Name: name + "attn.b_Q", Shape: bias, Weights: widerBias(b.BQ, m.DHead, size, scale)},
			export.Tensor{Name: name + "attn.b_K", Shape: bias, Weights: widerBias(b.BK, m.DHead, size, 1)},
			export.Tensor{Name: name + "attn.b_V", Shape: bias, Weights: widerBias(b.BV, m.DHead, size, 1)},
			export.Tensor{Name: name + "attn.W_O", Shape: []int{m.Heads, size, m.DModel}, Weights: longer(b.WO, m.DHead, size)},
			export.NewVector(name+"attn.b_O", b.BO),
			export.NewTensor(name+"mlp.W_in", b.WIn), export.NewVector(name+"mlp.b_in", b.BIn),
			export.NewTensor(name+"mlp.W_out", b.WOut), export.NewVector(name+"mlp.b_out", b.BOut))
	}
	return list
}

// wider is a matrix [n, d_head] with columns of zeros up to size, multiplied.
func wider(w model.Matrix, size int, factor float32) model.Matrix {
	rows, _ := w.Size()
	b := model.NewBuilder(rows, size)
	for i := range rows {
		for j, x := range w.Row(i) {
			b.Add(i, j, x*factor)
		}
	}
	return b.Matrix()
}

func widerBias(bias []float32, dHead, size int, factor float32) model.Matrix {
	return wider(model.Dense(len(bias)/dHead, dHead, bias), size, factor)
}

// longer is a matrix [heads*d_head, d_model] with rows of zeros: [heads*size, d_model].
func longer(w model.Matrix, dHead, size int) model.Matrix {
	rows, cols := w.Size()
	b := model.NewBuilder(rows/dHead*size, cols)
	for i := range rows {
		for j, x := range w.Row(i) {
			b.Add(i/dHead*size+i%dHead, j, x)
		}
	}
	return b.Matrix()
}
