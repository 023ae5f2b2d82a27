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

// gpt2LM is a causal model whose output is the next token. The head has no bias: the last
// LayerNorm writes 1 to a dimension that is not used, of which it is read.
func gpt2LM(m *model.Model) layout {
	s := layernorm.New(m, 1)
	one := s.Spare(0)
	tensors := append(gpt2Body(m, s), s.OneNorm("transformer.ln_f", one)...)
	tensors = append(tensors, export.NewTensor("lm_head.weight", layernorm.Head(m, s.Read(m.WU).Transpose(), layernorm.Classes(m), len(m.Vocab)+1, one)))
	return layout{"AutoModelForCausalLM", "text-generation", tensors, newGPT2Config(m, s, "GPT2LMHeadModel"), predicted}
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
		qkv, bias := s.QKV(b)
		list = append(list,
			export.NewTensor(name+"attn.c_attn.weight", qkv),
			export.NewVector(name+"attn.c_attn.bias", bias),
			export.NewTensor(name+"attn.c_proj.weight", s.Moved(b.WO)),
			export.RowVector(name+"attn.c_proj.bias", s.WrittenBias(b.BO)),
			export.NewTensor(name+"mlp.c_fc.weight", s.Read(b.WIn)),
			export.NewVector(name+"mlp.c_fc.bias", b.BIn),
			export.NewTensor(name+"mlp.c_proj.weight", s.Written(b.WOut)),
			export.RowVector(name+"mlp.c_proj.bias", s.WrittenBias(b.BOut)))
	}
	return list
}
