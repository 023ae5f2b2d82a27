// Package safetensors writes the tensors of a model as they are, none of them sparse, and what
// one has to know of them as JSON: for a forward pass of one's own.
package safetensors

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"

	"rasp/runtime/export"
	"rasp/runtime/model"
)

// Form is the format.
var Form = export.Form{
	Name:  "safetensors",
	About: "the tensors as they are, by the names of TransformerLens, none of them sparse",
	Make:  layOut,
}

// config is config.json.
type config struct {
	model.Config
	Vocab   []model.Token  `json:"vocab"` // by id; BOS is the next
	Outputs []model.Output `json:"outputs"`
}

func layOut(m *model.Model) (*export.Folder, error) {
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(config{m.Config, m.Vocab, m.Outputs}); err != nil {
		return nil, err
	}
	var tensors []export.Tensor
	for _, t := range m.Tensors() {
		tensors = append(tensors, export.Tensor{Name: t.Name, Shape: t.Shape, Weights: t.Weights()})
	}
	return &export.Folder{
		Files: []export.File{
			export.Text("config.json", text.Bytes()),
			export.Safetensors("model.safetensors", tensors, map[string]string{"format": "pt"}),
		},
		Logits: "`x @ unembed.W_U + unembed.b_U` is [batch, position, column]; position 0 is BOS. Scores of attention are not divided by the root of d_head.",
		Open: func(folder string) []string {
			return []string{
				"from safetensors.numpy import load_file",
				fmt.Sprintf("weights = load_file(%s)", strconv.Quote(folder+"/model.safetensors")),
			}
		},
	}, nil
}
