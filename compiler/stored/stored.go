// Package stored reads the program that a model carries, so that the model can be
// compared with it.
package stored

import (
	"errors"

	"rasp/compiler/verify"
	"rasp/lang"
	"rasp/lang/diag"
	"rasp/lang/graph"
	"rasp/runtime/model"
)

// ErrNoSource is the error for a model file that does not carry its program.
var ErrNoSource = errors.New("the model does not carry the program that it was compiled from")

// ErrNotStored is why a program in a model loads no files but those that it carries: who
// made the model would read files of who runs it.
var ErrNotStored = errors.New("the model does not carry it, and a program in a model reads no other files")

// Program is the one that a model was compiled from. The error is ErrNoSource or the
// diag.List of a program that is at fault.
func Program(m *model.Model) (*lang.Program, error) {
	if m.Source == "" {
		return nil, ErrNoSource
	}
	program, faults := lang.ParseWith("program in the model", m.Source, func(path string) (string, error) {
		if text, ok := m.Loads[path]; ok {
			return text, nil
		}
		return "", ErrNotStored
	})
	return program, faults.Err()
}

// Outputs are those that the outputs of a model were compiled from, in their order.
// The errors are those of Program.
func Outputs(m *model.Model) ([]graph.Output, error) {
	program, err := Program(m)
	if err != nil {
		return nil, err
	}
	vocab, err := verify.Values(m.Vocab)
	if err != nil {
		return nil, err
	}
	names := make([]string, len(m.Outputs))
	for i, o := range m.Outputs {
		names[i] = o.Name
	}
	outputs, fault := program.Outputs(names, vocab)
	if fault != nil {
		return nil, diag.List{fault}
	}
	return outputs, nil
}
