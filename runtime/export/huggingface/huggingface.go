// Package huggingface writes a model as a folder that transformers of Hugging Face opens
// without code of ours: GPT-2 if attention is causal, BERT if it is bidirectional.
//
// LayerNorm is made to change nothing (package layernorm), activation is ReLU, and scores,
// which are divided by the root of the size of a head, a power of four, have queries that
// are multiplied by as much. A model whose one output is the next token is a GPT-2 with a
// head of language modelling, in which tokens that cannot come next have logit -2^30; all
// others classify each token: a label is a column of the logits.
//
//	gpt2.go   the causal ones
//	bert.go   the bidirectional ones
//	llama.go  the causal ones as Llama
package huggingface

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"

	"rasp/runtime/export"
	"rasp/runtime/export/layernorm"
	"rasp/runtime/export/tokenizer"
	"rasp/runtime/model"
)

// Form is the format.
var Form = export.Form{
	Name:  "huggingface",
	About: "a folder for transformers of Hugging Face: GPT-2 (causal) or BERT (bidirectional)",
	Make:  layOut,
}

// layout is a model in an architecture.
type layout struct {
	class   string // of transformers, for AutoModel
	task    string // for the model card
	tensors []export.Tensor
	config  any
	logits  string
}

func layOut(m *model.Model) (*export.Folder, error) {
	of := bert
	switch {
	case export.Predicts(m):
		of = gpt2LM
	case m.Causal:
		of = gpt2
	}
	return folder(m, of(export.Whole(m)), []export.Way{
		{Where: `PyTorch on a CPU, attn_implementation="sdpa", the default`, Exp: export.PyTorchExp, Norm: export.Centred},
		{Where: `PyTorch on a CPU, attn_implementation="eager"`, Exp: export.PyTorchExp, Divides: true, Norm: export.Centred},
		{Where: "other tools, whose LayerNorm adds up its mean in any order", Exp: export.PyTorchExp, Divides: true, Norm: export.Uncentred},
	}, []string{coarse})
}

// coarse holds of transformers, whatever the architecture.
const coarse = "bfloat16, float16, or TF32 on a GPU give wrong outputs"

// folder is a model in an architecture, with its tokenizer.
func folder(m *model.Model, l layout, ways []export.Way, arithmetic []string) (*export.Folder, error) {
	if err := layernorm.Check(m); err != nil {
		return nil, err
	}
	tokens := tokenizer.New(m)
	config, err := marshal(l.config)
	if err != nil {
		return nil, err
	}
	files := []export.File{
		export.Text("config.json", config),
		export.Safetensors("model.safetensors", l.tensors, map[string]string{"format": "pt"}),
	}
	text, err := tokens.Files()
	if err != nil {
		return nil, err
	}
	files = append(files, text...)
	if export.Predicts(m) {
		generation, err := marshal(newGeneration(m, tokens))
		if err != nil {
			return nil, err
		}
		files = append(files, export.Text("generation_config.json", generation))
	}
	return &export.Folder{
		Files: files, Logits: l.logits, Ways: ways, Arithmetic: arithmetic,
		Front: []string{"library_name: transformers", "pipeline_tag: " + l.task},
		Open: func(folder string) []string {
			folder = strconv.Quote(folder)
			return []string{
				fmt.Sprintf("from transformers import AutoTokenizer, %s", l.class),
				fmt.Sprintf("tokenizer, model = AutoTokenizer.from_pretrained(%s), %s.from_pretrained(%s)", folder, l.class, folder),
			}
		},
	}, nil
}

// generation is how text is sampled: as the program says, and no further than there are
// positions.
type generation struct {
	BOS         int     `json:"bos_token_id"`
	EOS         *int    `json:"eos_token_id"`
	Sample      bool    `json:"do_sample"`
	Temperature float64 `json:"temperature"`
	TopK        int     `json:"top_k"`
	TopP        float64 `json:"top_p"`
	MaxLength   int     `json:"max_length"`
}

func newGeneration(m *model.Model, t tokenizer.Tokenizer) generation {
	return generation{BOS: t.BOS(), EOS: end(t), Sample: true, Temperature: 1, TopP: 1, MaxLength: m.NCtx}
}

// end is the id that ends a text, if there is one.
func end(t tokenizer.Tokenizer) *int {
	if t.End < 0 {
		return nil
	}
	return &t.End
}

// labels are id2label and label2id of a configuration.
func labels(m *model.Model) (names map[int]string, ids map[string]int) {
	names, ids = map[int]string{}, map[string]int{}
	for i, label := range export.Labels(m) {
		names[i], ids[label] = label, i
	}
	return names, ids
}

// predicted says where a language model has its logits.
const predicted = "`model(ids).logits` is [batch, position, token id]; what cannot come next, BOS among it, has -2^30."

// classified says where a model that classifies tokens has its logits.
const classified = "`model(ids).logits` is [batch, position, column]; position 0 is BOS. The labels of the configuration are the columns."

// marshal is JSON as people write it.
func marshal(value any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	err := e.Encode(value)
	return b.Bytes(), err
}

// common is what the configurations of both architectures have.
type common struct {
	Architectures []string       `json:"architectures"`
	ModelType     string         `json:"model_type"`
	Vocab         int            `json:"vocab_size"`
	Labels        map[int]string `json:"id2label,omitempty"`
	IDs           map[string]int `json:"label2id,omitempty"`
	Tied          bool           `json:"tie_word_embeddings"`
	BOS           int            `json:"bos_token_id"`
	EOS           *int           `json:"eos_token_id"`
	Pad           *int           `json:"pad_token_id"`
	DType         string         `json:"dtype"`
	TorchDType    string         `json:"torch_dtype"` // the same, before transformers 5
}

func newCommon(m *model.Model, class, kind string) common {
	return common{
		Architectures: []string{class}, ModelType: kind, Vocab: len(m.Vocab) + 1, BOS: len(m.Vocab), EOS: end(tokenizer.New(m)), DType: "float32", TorchDType: "float32",
	}
}
