// Package onnx writes a model as an ONNX graph of plain operations (opset 17), for ONNX
// Runtime and whatever else runs them: any batch, any length up to the longest.
//
// The softmax is written out, as the model computes it: numerators and denominators of
// attention are added up apart, and divided once. So the operations are those that the
// certificate speaks of.
//
//	onnx.go   the folder
//	graph.go  the forward pass as nodes
//	proto.go  nodes, weights and types as protocol buffers
package onnx

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strconv"

	"rasp/runtime/export"
	"rasp/runtime/export/tokenizer"
	"rasp/runtime/model"
)

// Form is the format.
var Form = export.Form{
	Name:  "onnx",
	About: "a graph for ONNX Runtime, with the patterns of attention as further outputs",
	Make:  layOut,
}

func layOut(m *model.Model) (*export.Folder, error) {
	p := newProgram(m)
	metadata, err := properties(m)
	if err != nil {
		return nil, err
	}
	file := p.file("model.onnx", metadata)
	if file.Size > math.MaxInt32 {
		return nil, &export.Refusal{
			Why:  fmt.Sprintf("a protocol buffer has at most 2 GiB, and this one would have %.1f GB", float64(file.Size)/1e9),
			Hint: "--to safetensors has no limit; most of the weights are zeros, which a shorter --length or a smaller --vocab makes fewer",
		}
	}
	tokens, err := tokenizer.New(m).Files()
	if err != nil {
		return nil, err
	}
	return &export.Folder{
		Files:  append(tokens, file),
		Logits: "`logits` is [batch, position, column]; position 0 is BOS. `blocks.L.attn.pattern` is [batch, head, query, key].",
		Ways:   []export.Way{{Where: "ONNX Runtime on a CPU, and others whose Exp is right to 3 * 2^-24, 1 at 0, and 0 from -104 on", Exp: 3}},
		Arithmetic: []string{
			"bfloat16, float16, or TF32 on a GPU give wrong outputs",
		},
		Open: func(folder string) []string {
			return []string{
				"import onnxruntime",
				fmt.Sprintf("session = onnxruntime.InferenceSession(%s)", strconv.Quote(folder+"/model.onnx")),
			}
		},
	}, nil
}

// properties are what there is to know of a model beside its weights, as text.
func properties(m *model.Model) ([][2]string, error) {
	list := [][2]string{{"program", m.Source}}
	for _, p := range []struct {
		key   string
		value any
	}{{"vocab", m.Vocab}, {"outputs", m.Outputs}, {"certificate", m.Certificate}} {
		text, err := json.Marshal(p.value)
		if err != nil {
			return nil, err
		}
		list = append(list, [2]string{p.key, string(text)})
	}
	return list, nil
}

// file is a ModelProto of the graph. The weights are written as they are needed.
func (p *program) file(name string, metadata [][2]string) export.File {
	heads, size := make([][]byte, len(p.weights)), int64(len(p.graph))
	for i, w := range p.weights {
		heads[i] = tensorHead(w)
		size += int64(len(heads[i])) + w.Size()
	}
	model := modelHead(metadata)
	model.size(modelGraph, size)
	return export.File{Name: name, Size: int64(len(model)) + size, Write: func(to io.Writer) error {
		out := bufio.NewWriter(to)
		out.Write(model) // an error stays with the writer
		out.Write(p.graph)
		for i, w := range p.weights {
			out.Write(heads[i])
			if err := w.Write(out); err != nil {
				return err
			}
		}
		return out.Flush()
	}}
}
