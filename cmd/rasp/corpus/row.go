package corpus

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"rasp/compiler"
	"rasp/compiler/verify"
	"rasp/lang"
	"rasp/lang/diag"
	"rasp/lang/syntax"
	"rasp/runtime"
	"rasp/runtime/circuit"
	"rasp/runtime/model"
)

// Row is a program with its model. The weights are those that are not 0, of all tensors one
// after the other in the order of Tensors, row-major; or all, and then Places is empty.
type Row struct {
	ID          string   `json:"id" parquet:"id"`
	Seed        uint64   `json:"seed" parquet:"seed"` // of the corpus; what is drawn depends on it and the id
	Program     string   `json:"program" parquet:"program"`
	Words       []string `json:"words" parquet:"words,list"` // of the program, without its directives
	Vocab       []string `json:"vocab" parquet:"vocab,list"`
	Length      int32    `json:"length" parquet:"length"`
	Causal      bool     `json:"causal" parquet:"causal"`
	Operations  int32    `json:"operations" parquet:"operations"` // statements
	Depth       int32    `json:"depth" parquet:"depth"`           // statements of which each takes the one before
	Fingerprint string   `json:"fingerprint" parquet:"fingerprint"`
	Split       string   `json:"split" parquet:"split"`

	Layers      int32    `json:"layers" parquet:"layers"`
	Heads       int32    `json:"heads" parquet:"heads"`
	DModel      int32    `json:"d_model" parquet:"d_model"`
	DHead       int32    `json:"d_head" parquet:"d_head"`
	DMLP        int32    `json:"d_mlp" parquet:"d_mlp"`
	Parameters  int64    `json:"parameters" parquet:"parameters"`
	Certificate string   `json:"certificate" parquet:"certificate"` // as JSON
	Outputs     string   `json:"outputs" parquet:"outputs"`         // as JSON, as in the model file
	Tensors     []Tensor `json:"tensors" parquet:"tensors,list"`

	Places  []int32   `json:"places,omitempty" parquet:"places,list"`
	Weights []float32 `json:"weights,omitempty" parquet:"weights,list"`
	Circuit []string  `json:"circuit" parquet:"circuit,list"` // edges, as rasp circuit names them
	Labels  Labels    `json:"labels" parquet:"labels"`
}

// Labels are the names that rasp show and rasp trace have for parts of the model; none unless
// the specification asks for them.
type Labels struct {
	Dims    []string `json:"dims" parquet:"dims,list"`       // [d_model]
	Heads   []string `json:"heads" parquet:"heads,list"`     // [layers * heads]
	Neurons []string `json:"neurons" parquet:"neurons,list"` // [layers * d_mlp]
}

// Tensor of a model.
type Tensor struct {
	Name  string  `json:"name" parquet:"name"`
	Shape []int32 `json:"shape" parquet:"shape,list"`
}

// row compiles a program and tries its model. The reason says why there is none.
func (c *Corpus) row(ctx context.Context, x Candidate) (*Row, Reason, error) {
	outputs, fault := x.program.Outputs(nil, x.Domain.domain.Vocab)
	if fault != nil {
		return nil, Refused, nil
	}
	engine := func(m *model.Model) verify.Engine { return runtime.NewSession(m, runtime.Threads(1)) }
	m, _, err := compiler.Compile(outputs, x.Domain.domain, compiler.Options{
		Level: c.Optimize, Robust: c.Robust, Parameters: c.Parameters, Source: x.Text, Loads: x.program.Loaded, Context: ctx, Nameless: !c.Labels,
		Engine: engine, Unverified: c.probesOf(&x.Domain).suffice(),
	})
	large := (*compiler.LargeError)(nil)
	switch {
	case ctx.Err() != nil:
		return nil, "", ctx.Err()
	case errors.As(err, &large):
		return nil, Large, nil
	case err != nil:
		return nil, Refused, nil
	}
	if n, _ := m.Parameters(); n > c.Parameters {
		return nil, Large, nil
	}
	if why, err := c.try(&x, m, outputs, engine(m)); why != "" || err != nil {
		return nil, why, err
	}
	r, err := c.rowOf(ctx, &x, m)
	return r, "", err
}

func (c *Corpus) rowOf(ctx context.Context, x *Candidate, m *model.Model) (*Row, error) {
	g, err := circuit.Of(ctx, m, func(func(circuit.Pair) bool) {})
	if err != nil {
		return nil, err
	}
	total, _ := m.Parameters()
	r := &Row{
		ID: x.name(), Seed: c.Seed, Program: x.Text, Words: wordsOf(x.program),
		Length: int32(x.Domain.Length), Causal: x.Domain.Causal, Operations: int32(x.Operations), Depth: int32(x.Depth),
		Fingerprint: x.Fingerprint.String(), Split: splitOf(x.Fingerprint),
		Layers: int32(m.Layers), Heads: int32(m.Heads), DModel: int32(m.DModel), DHead: int32(m.DHead), DMLP: int32(m.DMLP), Parameters: int64(total),
		Circuit: make([]string, len(g.Edges)), Labels: Labels{Dims: []string{}, Heads: []string{}, Neurons: []string{}},
	}
	for _, v := range x.Domain.domain.Vocab {
		r.Vocab = append(r.Vocab, v.Text())
	}
	for i, e := range g.Edges {
		r.Circuit[i] = e.Name()
	}
	if r.Certificate, err = asJSON(m.Certificate); err != nil {
		return nil, err
	}
	if r.Outputs, err = asJSON(m.Outputs); err != nil {
		return nil, err
	}
	r.addWeights(m, c.Dense)
	if c.Labels {
		return r, r.addLabels(m)
	}
	return r, nil
}

// wordsOf a program are those of its statements.
func wordsOf(p *lang.Program) (list []string) {
	for _, w := range syntax.Words(p.File.Source) {
		if w.Kind != syntax.CommentWord && w.Kind != syntax.DirectiveWord {
			list = append(list, w.Text())
		}
	}
	return list
}

// addWeights notes all tensors and what in them is not 0, or all.
func (r *Row) addWeights(m *model.Model, dense bool) {
	start := 0
	for _, t := range m.Tensors() {
		shape := make([]int32, len(t.Shape))
		for i, n := range t.Shape {
			shape[i] = int32(n)
		}
		r.Tensors = append(r.Tensors, Tensor{t.Name, shape})
		w := t.Weights()
		if dense {
			r.Weights = append(r.Weights, w.Floats()...)
			continue
		}
		rows, cols := w.Size()
		for i := range rows {
			for j, x := range w.Row(i) {
				if x != 0 {
					r.Places, r.Weights = append(r.Places, int32(start+i*cols+j)), append(r.Weights, x)
				}
			}
		}
		start += rows * cols
	}
}

// addLabels notes the names of the parts of a model.
func (r *Row) addLabels(m *model.Model) error {
	names, err := m.ReadNames()
	if err != nil {
		return err
	}
	for _, d := range names.Dims {
		r.Labels.Dims = append(r.Labels.Dims, d.Name)
	}
	for l := range names.Heads {
		for _, h := range names.Heads[l] {
			r.Labels.Heads = append(r.Labels.Heads, h.Name)
		}
		for _, n := range names.Neurons[l] {
			r.Labels.Neurons = append(r.Labels.Neurons, n.Name)
		}
	}
	return nil
}

func asJSON(x any) (string, error) {
	text, err := json.Marshal(x)
	return diag.EscapeJSON(string(text)), err
}

// Splits by what a program does: of 20 programs, 18 are for training, one for validation, one
// for the test. A program is in the same part of every corpus.
func splitOf(f Fingerprint) string {
	switch digestOf(f) % 20 {
	case 0:
		return "test"
	case 1:
		return "validation"
	}
	return "train"
}

// wrong is the error for a model that is.
func (x *Candidate) wrong() error {
	return fmt.Errorf("the model of program %s is wrong, which is a fault of the compiler; please report this program:\n%s", x.name(), x.Text)
}
