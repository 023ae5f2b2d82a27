// Package gguf writes a model as a GGUF file of architecture gpt2, for llama.cpp.
//
// LayerNorm changes nothing (package layernorm), and the activation, which is a GELU there,
// is as good as a ReLU with what it reads multiplied by 2^40, and what it gives divided.
//
// The logits of llama.cpp are those of a vocabulary. So a column that is not a token stands
// for the token of the same number, and there are further tokens if there are more columns.
//
//	gguf.go    the model as gpt2
//	format.go  the format of the file
package gguf

import (
	"fmt"
	"strconv"

	"rasp/runtime/export"
	"rasp/runtime/export/layernorm"
	"rasp/runtime/export/tokenizer"
	"rasp/runtime/model"
)

// Form is the format.
var Form = export.Form{
	Name:  "gguf",
	About: "a file for llama.cpp (architecture gpt2, float32), to be run with a float32 cache",
	Make:  layOut,
}

func layOut(m *model.Model) (*export.Folder, error) {
	if err := layernorm.Check(m); err != nil {
		return nil, err
	}
	w, t := export.Whole(m), tokenizer.New(m)
	s := layernorm.New(w, 1)
	names, logits := vocabulary(m, t)
	f := file{tensors: tensors(w, s, logits)}
	f.text("general.architecture", "gpt2")
	f.text("general.name", m.Outputs[0].Name)
	f.number("general.file_type", 0) // all float32
	f.number("gpt2.context_length", w.NCtx)
	f.number("gpt2.embedding_length", s.Width)
	f.number("gpt2.feed_forward_length", w.DMLP)
	f.number("gpt2.block_count", w.Layers)
	f.number("gpt2.attention.head_count", s.Heads)
	f.float("gpt2.attention.layer_norm_epsilon", layernorm.Epsilon)
	f.flag("gpt2.attention.causal", m.Causal)
	f.number("gpt2.vocab_size", len(names))
	f.vocabulary(names, t)
	f.text("rasp.program", m.Source)
	f.text("rasp.certificate", m.Certificate.Claim)
	causal := ""
	if !m.Causal {
		causal = "; llama_cpp.llama_set_causal_attn(model.ctx, False)"
	}
	return &export.Folder{
		Files:  []export.File{f.file("model.gguf")},
		Logits: logitsOf(m),
		Arithmetic: []string{
			"the cache of keys and values must be float32 (type_k=0, type_v=0, no flash attention): with float16, the default, outputs are wrong",
			"llama.cpp has its own exp, and multiplies the weights of keys by the inverse of their sum before it adds up their values: a mean may be off by two roundings more for each key",
			"on a CPU alone: what a GPU rounds to float16 or TF32 is wrong",
		},
		Open: func(folder string) []string {
			return []string{
				"import llama_cpp",
				fmt.Sprintf("model = llama_cpp.Llama(%s, n_ctx=%d, n_batch=%d, n_ubatch=%d, type_k=0, type_v=0, flash_attn=False, logits_all=True, n_gpu_layers=0)%s",
					strconv.Quote(folder+"/model.gguf"), m.NCtx, m.NCtx, m.NCtx, causal),
			}
		},
	}, nil
}

func logitsOf(m *model.Model) string {
	if export.Predicts(m) {
		return "After `model.eval(ids)`, `model.scores` is [position, token id]; what cannot come next, BOS among it, has -2^30. Position 0 is BOS."
	}
	return "After `model.eval(ids)`, `model.scores` is [position, column], and what is behind the columns means nothing. Position 0 is BOS."
}

// vocabulary are the tokens by id, and where each column of the logits stands among them.
func vocabulary(m *model.Model, t tokenizer.Tokenizer) (names []string, logits []int) {
	names = append(names, t.Names...)
	if export.Predicts(m) {
		return names, layernorm.Classes(m)
	}
	for c := range m.BU {
		logits = append(logits, c)
		if c >= len(names) {
			names = append(names, fmt.Sprintf("<column %d>", c))
		}
	}
	return names, logits
}

// tensors are those of a whole model. Matrices stand as outputs, inputs. The vocabulary has at least
// BOS and as many tokens as logits.
func tensors(m *model.Model, s layernorm.Stream, logits []int) []export.Tensor {
	n := len(m.Vocab) + 1
	for _, id := range logits {
		n = max(n, id+1)
	}
	one := s.Spare(0)
	list := []export.Tensor{
		export.NewTensor("token_embd.weight", rows(s.Written(m.WE), n)),
		export.NewTensor("position_embd.weight", s.Written(m.WPos)),
	}
	list = append(list, s.OneNorm("output_norm", one)...)
	list = append(list, export.NewTensor("output.weight", layernorm.Head(m, s.Read(m.WU).Transpose(), logits, n, one)))
	for l := range m.Blocks {
		name, b := fmt.Sprintf("blk.%d.", l), &m.Blocks[l]
		qkv, bias := s.QKV(b)
		list = append(list, s.Norm(name+"attn_norm")...)
		list = append(list, s.Norm(name+"ffn_norm")...)
		list = append(list,
			export.NewTensor(name+"attn_qkv.weight", qkv.Transpose()), export.NewVector(name+"attn_qkv.bias", bias),
			export.NewTensor(name+"attn_output.weight", s.Moved(b.WO).Transpose()), export.RowVector(name+"attn_output.bias", s.WrittenBias(b.BO)),
			export.NewTensor(name+"ffn_up.weight", times(s.Read(b.WIn), layernorm.Scale).Transpose()), export.RowVector(name+"ffn_up.bias", times(export.Row(b.BIn), layernorm.Scale)),
			export.NewTensor(name+"ffn_down.weight", times(s.Written(b.WOut), 1/layernorm.Scale).Transpose()), export.RowVector(name+"ffn_down.bias", s.WrittenBias(b.BOut)))
	}
	return list
}

// times is a matrix multiplied.
func times(w model.Matrix, factor float32) model.Matrix {
	n, cols := w.Size()
	b := model.NewBuilder(n, cols)
	for i := range n {
		for j, x := range w.Row(i) {
			b.Add(i, j, x*factor)
		}
	}
	return b.Matrix()
}

// rows is a matrix with rows of zeros up to n.
func rows(w model.Matrix, n int) model.Matrix {
	had, cols := w.Size()
	b := model.NewBuilder(n, cols)
	for i := range had {
		for j, x := range w.Row(i) {
			b.Add(i, j, x)
		}
	}
	return b.Matrix()
}
