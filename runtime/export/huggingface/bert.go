package huggingface

import (
	"fmt"

	"rasp/runtime/export"
	"rasp/runtime/export/layernorm"
	"rasp/runtime/model"
)

// bertConfig is that of BERT.
type bertConfig struct {
	common
	Width      int     `json:"hidden_size"`
	Layers     int     `json:"num_hidden_layers"`
	Heads      int     `json:"num_attention_heads"`
	Inner      int     `json:"intermediate_size"`
	Activation string  `json:"hidden_act"`
	Positions  int     `json:"max_position_embeddings"`
	Types      int     `json:"type_vocab_size"`
	Epsilon    float64 `json:"layer_norm_eps"`
	Hidden     float64 `json:"hidden_dropout_prob"`
	Attention  float64 `json:"attention_probs_dropout_prob"`
	Classifier float64 `json:"classifier_dropout"`
}

// bert is a bidirectional model that classifies tokens. LayerNorm stands after each sum,
// in the stream itself. Matrices stand as outputs, inputs.
func bert(m *model.Model) layout {
	s := layernorm.New(m, 0)
	config := bertConfig{
		common: newCommon(m, "BertForTokenClassification", "bert"), Width: s.Width, Layers: m.Layers, Heads: s.Heads, Inner: m.DMLP,
		Activation: "relu", Positions: m.NCtx, Types: 1, Epsilon: layernorm.Epsilon,
	}
	config.Labels, config.IDs = labels(m)
	list := []export.Tensor{
		export.NewTensor("bert.embeddings.word_embeddings.weight", s.Written(m.WE)),
		export.NewTensor("bert.embeddings.position_embeddings.weight", s.Written(m.WPos)),
		export.NewTensor("bert.embeddings.token_type_embeddings.weight", model.NewBuilder(1, s.Width).Matrix()),
	}
	list = append(list, s.Norm("bert.embeddings.LayerNorm")...)
	for l := range m.Blocks {
		list = append(list, bertLayer(&m.Blocks[l], s, fmt.Sprintf("bert.encoder.layer.%d.", l))...)
	}
	list = append(list,
		export.NewTensor("classifier.weight", s.Read(m.WU).Transpose()),
		export.NewVector("classifier.bias", m.BU))
	return layout{"AutoModelForTokenClassification", "token-classification", list, config, classified}
}

func bertLayer(b *model.Block, s layernorm.Stream, name string) []export.Tensor {
	var list []export.Tensor
	linear := func(part string, weight model.Matrix, bias model.Matrix) {
		list = append(list, export.NewTensor(name+part+".weight", weight.Transpose()), export.RowVector(name+part+".bias", bias))
	}
	self := "attention.self."
	linear(self+"query", s.ReadHeads(b.WQ, s.Root()), export.Row(s.HeadBias(b.BQ, s.Root())))
	linear(self+"key", s.ReadHeads(b.WK, 1), export.Row(s.HeadBias(b.BK, 1)))
	linear(self+"value", s.ReadHeads(b.WV, 1), export.Row(s.HeadBias(b.BV, 1)))
	linear("attention.output.dense", s.Moved(b.WO), s.WrittenBias(b.BO))
	linear("intermediate.dense", s.Read(b.WIn), export.Row(b.BIn))
	linear("output.dense", s.Written(b.WOut), s.WrittenBias(b.BOut))
	list = append(list, s.Norm(name+"attention.output.LayerNorm")...)
	return append(list, s.Norm(name+"output.LayerNorm")...)
}
