package huggingface

import (
	"fmt"

	"rasp/runtime/export"
	"rasp/runtime/export/layernorm"
	"rasp/runtime/model"
)

// gpt2Config is that of GPT-2.
type gpt2Config struct {
	common
	Positions  int     `json:"n_positions"`
	Width      int     `json:"n_embd"`
	Layers     int     `json:"n_layer"`
	Heads      int     `json:"n_head"`
	Inner      int     `json:"n_inner"`
	Activation string  `json:"activation_function"`
	Epsilon    float64 `json:"layer_norm_epsilon"`
	Residual   float64 `json:"resid_pdrop"`
	Embedding  float64 `json:"embd_pdrop"`
	Attention  float64 `json:"attn_pdrop"`
	Classifier float64 `json:"classifier_dropout"`
}

func newGPT2Config(m *model.Model, s layernorm.Stream, class string) gpt2Config {
	return gpt2Config{
		common: newCommon(m, class, "gpt2"), Positions: m.NCtx, Width: s.Width, Layers: m.Layers,
		Heads: s.Heads, Inner: m.DMLP, Activation: "relu", Epsilon: layernorm.Epsilon,
	}
}

// gpt2 is a causal model that classifies tokens.
func gpt2(m *model.Model) layout {
	s := layernorm.New(m, 0)
	config := newGPT2Config(m, s, "GPT2ForTokenClassification")
	config.Labels, config.IDs = labels(m)
	tensors := append(gpt2Body(m, s), s.Norm("transformer.ln_f")...)
	tensors = append(tensors,
		export.NewTensor("classifier.weight", s.Read(m.WU).Transpose()),
		export.NewVector("classifier.bias", m.BU))
	return layout{"AutoModelForTokenClassification", "token-classification", tensors, config, classified}
}

// impossible is the logit of tokens that cannot come next.
const impossible = -1 << 30

// gpt2LM is a causal model whose output is the next token. The head has no bias: the last
// LayerNorm writes 1 to a dimension that is not used, of which it is read.
func gpt2LM(m *model.Model) layout {
	s := layernorm.New(m, 1)
	one := s.Spare(0)
	norm := s.Norm("transformer.ln_f")
	bias := make([]float32, s.Width)
	bias[one] = 1
	norm[1] = export.NewVector(norm[1].Name, bias)
	tensors := append(gpt2Body(m, s), norm...)
	tensors = append(tensors, export.NewTensor("lm_head.weight", head(m, s, one)))
	logits := fmt.Sprintf("`model(ids).logits` is [batch, position, token id]; what cannot come next, BOS among it, has %d.", impossible)
	return layout{"AutoModelForCausalLM", "text-generation", tensors, newGPT2Config(m, s, "GPT2LMHeadModel"), logits}
}

// head is the unembedding by token id, [tokens, Width], with the bias as what is read of
// dimension one.
func head(m *model.Model, s layernorm.Stream, one int) model.Matrix {
	column := map[model.Token]int{}
	for c, class := range m.Outputs[0].Classes {
		column[class] = c
	}
	byColumn := s.Read(m.WU).Transpose()
	b := model.NewBuilder(len(m.Vocab)+1, s.Width)
	for id := range len(m.Vocab) + 1 {
		if id == len(m.Vocab) {
			b.Add(id, one, impossible) // BOS
			continue
		}
		c, possible := column[m.Vocab[id]]
		if !possible {
			b.Add(id, one, impossible)
			continue
		}
		for d, w := range byColumn.Row(c) {
			b.Add(id, d, w)
		}
		b.Add(id, one, m.BU[c])
	}
	return b.Matrix()
}

// gpt2Body is all but what comes after the layers. Its matrices stand as inputs, outputs.
func gpt2Body(m *model.Model, s layernorm.Stream) []export.Tensor {
	list := []export.Tensor{
		export.NewTensor("transformer.wte.weight", s.Written(m.WE)),
		export.NewTensor("transformer.wpe.weight", s.Written(m.WPos)),
	}
	for l := range m.Blocks {
		name, b := fmt.Sprintf("transformer.h.%d.", l), &m.Blocks[l]
		list = append(list, s.Norm(name+"ln_1")...)
		list = append(list, s.Norm(name+"ln_2")...)
		list = append(list,
			export.NewTensor(name+"attn.c_attn.weight", beside(s.ReadHeads(b.WQ, s.Scale()), s.ReadHeads(b.WK, 1), s.ReadHeads(b.WV, 1))),
			export.NewVector(name+"attn.c_attn.bias", joined(s.HeadBias(b.BQ, s.Scale()), s.HeadBias(b.BK, 1), s.HeadBias(b.BV, 1))),
			export.NewTensor(name+"attn.c_proj.weight", s.Moved(b.WO)),
			vector(name+"attn.c_proj.bias", s.WrittenBias(b.BO)),
			export.NewTensor(name+"mlp.c_fc.weight", s.Read(b.WIn)),
			export.NewVector(name+"mlp.c_fc.bias", b.BIn),
			export.NewTensor(name+"mlp.c_proj.weight", s.Written(b.WOut)),
			vector(name+"mlp.c_proj.bias", s.WrittenBias(b.BOut)))
	}
	return list
}

// vector is a matrix of one row as a tensor of one dimension.
func vector(name string, row model.Matrix) export.Tensor {
	_, n := row.Size()
	return export.Tensor{Name: name, Shape: []int{n}, Weights: row}
}

// beside are matrices of as many rows as one.
func beside(parts ...model.Matrix) model.Matrix {
	rows, cols := parts[0].Size()
	b := model.NewBuilder(rows, cols*len(parts))
	for p, part := range parts {
		for i := range rows {
			for j, w := range part.Row(i) {
				b.Add(i, p*cols+j, w)
			}
		}
	}
	return b.Matrix()
}

func joined(parts ...[]float32) []float32 {
	var all []float32
	for _, part := range parts {
		all = append(all, part...)
	}
	return all
}
