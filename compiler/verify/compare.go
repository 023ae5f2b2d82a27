package verify

import (
	"errors"
	"fmt"

	"rasp/compiler/agree"
	"rasp/lang"
	"rasp/lang/diag"
	"rasp/lang/graph"
	"rasp/lang/value"
	"rasp/runtime/model"
)

// Target is a model and what it was compiled from.
type Target struct {
	Model   *model.Model
	Outputs []*graph.Node // the s-op of each of Model.Outputs, in that order
	// Prediction is what the one output of Model predicts the next token by; nil
	// if it is an s-op.
	Prediction *lang.Prediction
}

// ErrNoSource is the error for a model file that does not carry its program.
var ErrNoSource = errors.New("the model does not carry the program that it was compiled from")

// Stored reads the program that a model carries. The error is ErrNoSource or
// the diag.List of a program that is at fault.
func Stored(m *model.Model) (Target, error) {
	if m.Source == "" {
		return Target{}, ErrNoSource
	}
	program, faults := lang.Parse("program in the model", m.Source)
	if err := faults.Err(); err != nil {
		return Target{}, err
	}
	target := Target{Model: m}
	if len(m.Outputs) == 1 && m.Outputs[0].Next {
		vocab, err := agree.Values(m.Vocab)
		if err != nil {
			return Target{}, err
		}
		prediction, fault := program.PredictionOf(m.Outputs[0].Name, vocab)
		if fault != nil {
			return Target{}, diag.List{fault}
		}
		target.Prediction = prediction
		return target, nil
	}
	for _, o := range m.Outputs {
		binding, fault := program.Find(o.Name)
		if fault != nil {
			return Target{}, diag.List{fault}
		}
		target.Outputs = append(target.Outputs, binding.Node)
	}
	return target, nil
}

// length of the longest input.
func (t Target) length() int { return t.Model.NCtx - 1 }

// check refuses a target that cannot be compared and reads its vocabulary.
func (t Target) check() (vocab []value.Value, err error) {
	if next := len(t.Model.Outputs) == 1 && t.Model.Outputs[0].Next; next != (t.Prediction != nil) {
		return nil, errors.New("of model and program only one predicts the next token")
	}
	if t.Prediction == nil && len(t.Outputs) != len(t.Model.Outputs) {
		return nil, fmt.Errorf("the model has %d outputs, the program %d", len(t.Model.Outputs), len(t.Outputs))
	}
	for i, n := range t.Outputs {
		if n.IsSelector() {
			return nil, fmt.Errorf("output %s is a selector, which a model does not give", t.Model.Outputs[i].Name)
		}
	}
	vocab, err = agree.Values(t.Model.Vocab)
	if err == nil && (len(vocab) == 0 || t.length() < 1) {
		err = errors.New("the model takes no input at all")
	}
	return vocab, err
}
