package model

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"unicode/utf8"
)

// Validate checks that the parts of the model fit together: dimensions,
// vocabulary, outputs, provenance, the length of every tensor, and that every
// weight is finite. A Session needs a valid model; Load and Save insist on one.
func (m *Model) Validate() error {
	checks := []func() error{
		m.checkConfig, m.checkVocab, m.checkOutputs, m.checkProvenance, m.checkCertificate, m.checkTensors,
	}
	for _, check := range checks {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

func (m *Model) checkConfig() error {
	c := m.Config
	dims := []struct {
		name         string
		value, least int
	}{
		{"n_layers", c.Layers, 0}, {"n_heads", c.Heads, 0}, {"d_model", c.DModel, 1},
		{"d_head", c.DHead, 0}, {"d_mlp", c.DMLP, 0}, {"n_ctx", c.NCtx, 2},
	}
	for _, d := range dims {
		if d.value < d.least || d.value > math.MaxInt32 {
			return fmt.Errorf("%s is %d, must be from %d to %d", d.name, d.value, d.least, math.MaxInt32)
		}
	}
	if (c.Heads == 0) != (c.DHead == 0) {
		return fmt.Errorf("n_heads is %d and d_head %d: both must be 0, or neither", c.Heads, c.DHead)
	}
	return nil
}

func (m *Model) checkVocab() error {
	if len(m.Vocab) == 0 {
		return errors.New("the vocabulary is empty")
	}
	seen := make(map[Token]bool, len(m.Vocab))
	for id, t := range m.Vocab {
		if !t.isScalar() {
			return fmt.Errorf("vocabulary: token %d is %q, not a JSON scalar", id, string(t))
		}
		if seen[t] {
			return fmt.Errorf("vocabulary: %s is there twice", t)
		}
		seen[t] = true
	}
	_, err := m.Form()
	return err
}

// checkOutputs wants the outputs to own the columns of W_U in order, none left
// over.
func (m *Model) checkOutputs() error {
	if len(m.Outputs) == 0 {
		return errors.New("the model has no output")
	}
	next := 0
	for _, o := range m.Outputs {
		if !isLine(o.Name) {
			return fmt.Errorf("the name %q of an output is not a line of text", o.Name)
		}
		if o.Column != next {
			return fmt.Errorf("output %q starts at column %d, must start at %d, where the one before ends", o.Name, o.Column, next)
		}
		for i, t := range o.Classes {
			if !t.isScalar() {
				return fmt.Errorf("output %q: class %d is %q, not a JSON scalar", o.Name, i, string(t))
			}
		}
		if o.Next {
			if err := m.checkNext(o); err != nil {
				return err
			}
		}
		next += o.Width()
	}
	return nil
}

// checkNext wants the classes of an output that predicts to be tokens of the
// vocabulary, in its order.
func (m *Model) checkNext(o Output) error {
	if o.Numeric() {
		return fmt.Errorf("output %q predicts the next token, but has no classes", o.Name)
	}
	at := 0
	for i, class := range o.Classes {
		for at < len(m.Vocab) && m.Vocab[at] != class {
			at++
		}
		if at == len(m.Vocab) {
			return fmt.Errorf("output %q predicts the next token: class %d, %s, is not in the vocabulary, or not in its order", o.Name, i, class)
		}
		at++
	}
	return nil
}

// isScalar tells JSON strings, numbers and booleans from any other text.
func (t Token) isScalar() bool {
	text := string(t)
	return text != "" && text == strings.TrimSpace(text) && !strings.ContainsRune("[{n", rune(text[0])) &&
		utf8.ValidString(text) && json.Valid([]byte(text))
}

// checkProvenance wants each part of the provenance to be absent or complete.
func (m *Model) checkProvenance() error {
	p := m.Provenance
	if n := len(p.Dims); n != 0 && n != m.DModel {
		return fmt.Errorf("provenance: %d labels for d_model = %d", n, m.DModel)
	}
	if err := checkLabels("heads", p.Heads, m.Layers, m.Heads); err != nil {
		return err
	}
	return checkLabels("neurons", p.Neurons, m.Layers, m.DMLP)
}

// isLine tells text that is one line from what would look like several where it is shown.
func isLine(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool { return r < ' ' })
}

func checkLabels(what string, labels [][]Label, layers, each int) error {
	if len(labels) == 0 {
		return nil
	}
	if len(labels) != layers {
		return fmt.Errorf("provenance: labels for the %s of %d layers, the model has %d", what, len(labels), layers)
	}
	for l, row := range labels {
		if len(row) != each {
			return fmt.Errorf("provenance: %d labels for the %d %s of layer %d", len(row), each, what, l)
		}
	}
	return nil
}

// checkCertificate refuses the numbers that JSON cannot hold.
func (m *Model) checkCertificate() error {
	if s := m.Certificate.Slack; math.IsNaN(s) || math.IsInf(s, 0) {
		return fmt.Errorf("certificate: the slack is %v, must be finite", s)
	}
	if n := len(m.Certificate.Within); n != 0 && n != len(m.Outputs) {
		return fmt.Errorf("certificate: %d bounds for %d outputs", n, len(m.Outputs))
	}
	for i, x := range m.Certificate.Within {
		if !(x >= 0) || math.IsInf(x, 0) {
			return fmt.Errorf("certificate: output %q is said to be right to within %v, must be finite and 0 or above", m.Outputs[i].Name, x)
		}
	}
	return m.checkNoise()
}

func (m *Model) checkNoise() error {
	n := m.Certificate.Noise
	if n == nil {
		return nil
	}
	if len(n.Columns) != m.DModel {
		return fmt.Errorf("certificate: noise has budgets of %d columns for d_model = %d", len(n.Columns), m.DModel)
	}
	numbers := []float64{n.Relative.Worst, n.Relative.Likely, n.Absolute.Worst, n.Absolute.Likely, n.NormK}
	for _, b := range n.Columns {
		numbers = append(numbers, b.Budget, b.Slope)
	}
	for _, x := range numbers {
		if !(x >= 0) || math.IsInf(x, 0) {
			return fmt.Errorf("certificate: noise has the number %v, must be finite and 0 or above", x)
		}
	}
	return nil
}

func (m *Model) checkTensors() error {
	if len(m.Blocks) != m.Layers {
		return fmt.Errorf("%d blocks for n_layers = %d", len(m.Blocks), m.Layers)
	}
	for _, t := range m.Tensors() {
		w := t.Weights()
		if !t.fits(w) {
			return fmt.Errorf("tensor %s has %d elements, its shape %v asks for %d", t.Name, w.Len(), t.Shape, elements(t.Shape))
		}
		for place, x := range w.places {
			if math.IsNaN(float64(x)) || math.IsInf(float64(x), 0) {
				return fmt.Errorf("tensor %s: element %d is %v", t.Name, place, x)
			}
		}
	}
	return nil
}

// fits reports whether the weights have the shape of the tensor.
func (t Tensor) fits(w Matrix) bool {
	if t.matrix == nil {
		return w.Len() == elements(t.Shape)
	}
	rows, cols := t.size()
	return w.rows == rows && w.cols == cols
}
