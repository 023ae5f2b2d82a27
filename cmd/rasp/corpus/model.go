package corpus

import (
	"bytes"
	"encoding/json"
	"fmt"

	"rasp/lang/value"
	"rasp/runtime/model"
)

// elements is how many numbers a tensor has.
func (t Tensor) elements() int {
	n := 1
	for _, d := range t.Shape {
		n *= int(d)
	}
	return n
}

// elements are all weights, tensor after tensor, the zeros too.
func (r *Row) elements() []float32 {
	if len(r.Places) == 0 && len(r.Weights) > 0 {
		return r.Weights
	}
	all := make([]float32, r.Parameters)
	for i, place := range r.Places {
		all[place] = r.Weights[i]
	}
	return all
}

// Model is the model file of a row, read again. The error says what of the row makes no model.
func (r *Row) Model() (*model.Model, error) {
	if err := r.checkSizes(); err != nil {
		return nil, err
	}
	m := &model.Model{
		Config: model.Config{Layers: int(r.Layers), Heads: int(r.Heads), DModel: int(r.DModel), DHead: int(r.DHead), DMLP: int(r.DMLP), NCtx: int(r.Length) + 1, Causal: r.Causal},
		Blocks: make([]model.Block, r.Layers), Source: r.Program,
	}
	for _, token := range r.Vocab {
		m.Vocab = append(m.Vocab, model.Token(value.OfString(token).JSON()))
	}
	if err := json.Unmarshal([]byte(r.Outputs), &m.Outputs); err != nil {
		return nil, fmt.Errorf("outputs: %w", err)
	}
	if err := json.Unmarshal([]byte(r.Certificate), &m.Certificate); err != nil {
		return nil, fmt.Errorf("certificate: %w", err)
	}
	if err := r.setWeights(m); err != nil {
		return nil, err
	}
	var file bytes.Buffer
	if err := m.Write(&file); err != nil {
		return nil, err
	}
	return model.Read(&file)
}

// checkSizes bounds what is allocated for a row by what is in it, whatever it says.
func (r *Row) checkSizes() error {
	if r.Layers < 0 || int(r.Layers) > len(r.Tensors) {
		return fmt.Errorf("%d layers of %d tensors", r.Layers, len(r.Tensors))
	}
	total := int64(0)
	for _, t := range r.Tensors {
		n := int64(1)
		for _, d := range t.Shape {
			if d < 0 || n*int64(d) > mostParameters {
				return fmt.Errorf("tensor %s has the shape %v", t.Name, t.Shape)
			}
			n *= int64(d)
		}
		total += n
	}
	if total != r.Parameters || total > mostParameters {
		return fmt.Errorf("the tensors have %d elements, parameters is %d; at most %d", total, r.Parameters, mostParameters)
	}
	return nil
}

// setWeights gives the tensors of a model those of the row, which are of the same names and
// shapes.
func (r *Row) setWeights(m *model.Model) error {
	tensors := m.Tensors()
	if len(tensors) != len(r.Tensors) {
		return fmt.Errorf("there are %d tensors, the model has %d", len(r.Tensors), len(tensors))
	}
	for _, place := range r.Places {
		if int64(place) >= r.Parameters || place < 0 {
			return fmt.Errorf("place %d of %d parameters", place, r.Parameters)
		}
	}
	if len(r.Places) > 0 && len(r.Places) != len(r.Weights) {
		return fmt.Errorf("there are %d places and %d weights", len(r.Places), len(r.Weights))
	}
	all := r.elements()
	for i, t := range tensors {
		n := t.Elements()
		if t.Name != r.Tensors[i].Name || n != r.Tensors[i].elements() || n > len(all) {
			return fmt.Errorf("tensor %s %v is %s in the model, of %d elements; %d are left", r.Tensors[i].Name, r.Tensors[i].Shape, t.Name, n, len(all))
		}
		t.Set(all[:n:n])
		all = all[n:]
	}
	if len(all) > 0 {
		return fmt.Errorf("%d weights are too many", len(all))
	}
	return nil
}
