package inside

import (
	"cmp"
	"fmt"
	"slices"

	"rasp/lang/interp"
	"rasp/lang/value"
	"rasp/runtime/inspect"
	"rasp/runtime/model"
)

// Trace is a model at work on an input, in its names. docs/trace.schema.json describes its
// JSON. Positions count from 0 as in the program; in Weights and Scores 0 is BOS.
type Trace struct {
	Input   []model.Token `json:"input"`
	Given   []Holding     `json:"given"` // what the embedding holds
	Layers  []LayerTrace  `json:"layers"`
	Outputs []OutputTrace `json:"outputs"`
	Fault   string        `json:"fault,omitempty"` // why the program has no values
}

// Holding is an s-op as the model holds it once all its dimensions are written, beside the
// values that the interpreter gives it.
type Holding struct {
	SOp     string        `json:"sop"`
	Line    int           `json:"line,omitempty"`
	Written string        `json:"written"` // the half layer
	Dims    []string      `json:"dims"`
	Model   []Reading     `json:"model"`             // by position
	Program []model.Token `json:"program,omitempty"` // by position
	Differ  []int         `json:"differ,omitempty"`  // positions where the model does not hold that
}

// LayerTrace is what a layer does.
type LayerTrace struct {
	Layer   int           `json:"layer"` // from 0
	Heads   []HeadTrace   `json:"heads"`
	Neurons []NeuronTrace `json:"neurons"` // active ones, the largest first
	Held    []Holding     `json:"held"`    // what is there from this layer on
}

// HeadTrace is what a head does.
type HeadTrace struct {
	Head     int         `json:"head"`
	Name     string      `json:"name"`
	Kind     string      `json:"kind"`
	Selector string      `json:"selector"`
	SOp      string      `json:"sop,omitempty"`
	Line     int         `json:"line,omitempty"`
	Brings   []string    `json:"brings"`
	Weights  [][]float32 `json:"weights"` // [query][key]
	Scores   [][]Score   `json:"scores"`  // [query][key], null where a query does not see a key
	Brought  [][]float32 `json:"brought"` // [query][what it brings]: what it adds to each dimension
}

// Score is nil for a key that is not seen.
type Score = *float32

// NeuronTrace is a neuron that is active somewhere.
type NeuronTrace struct {
	Neuron int       `json:"neuron"`
	Name   string    `json:"name"`
	Line   int       `json:"line,omitempty"`
	Active []float32 `json:"active"` // by position, BOS left out
	Writes []string  `json:"writes"`
}

// OutputTrace is what the model shows.
type OutputTrace struct {
	Name    string        `json:"name"`
	Model   []model.Token `json:"model"`
	Program []model.Token `json:"program,omitempty"`
}

// Trace runs an input and tells what each part does. Where the program fails there are no
// values of it, and Fault says why.
func (x *Model) Trace(input []value.Value) (*Trace, error) {
	ids, err := x.IDs(input)
	if err != nil {
		return nil, err
	}
	t := &Trace{Given: []Holding{}, Layers: []LayerTrace{}}
	for _, v := range input {
		t.Input = append(t.Input, model.Token(v.JSON()))
	}
	values, err := x.interpret(input, nil)
	if fault, ok := err.(*interp.Fault); ok {
		t.Fault, values = fault.Message, make([][]value.Value, len(x.nodes))
	} else if err != nil {
		return nil, err
	}
	run := inspect.Of(x.Model, ids, inspect.Hooks{})
	t.Given = append(t.Given, x.holdings(run, values, len(input), 0, 0)...)
	for l := range x.Layers {
		t.Layers = append(t.Layers, LayerTrace{
			Layer: l, Heads: x.headTraces(l, run), Neurons: x.neuronTraces(l, run),
			Held: x.holdings(run, values, len(input), 2*l+1, 2*l+2),
		})
	}
	shown := [][]value.Value(nil)
	if t.Fault == "" {
		shown = x.shown()
	}
	for o, tokens := range x.outputs(run) {
		out := OutputTrace{Name: x.Outputs[o].Name, Model: tokens}
		if shown != nil {
			for _, v := range shown[o] {
				out.Program = append(out.Program, model.Token(v.JSON()))
			}
		}
		t.Outputs = append(t.Outputs, out)
	}
	return t, nil
}

// holdings are the s-ops that are there from some half layers on.
func (x *Model) holdings(run *inspect.Run, values [][]value.Value, n, from, to int) []Holding {
	list := []Holding{}
	for s, sop := range x.Names.SOps {
		last := -1
		for _, d := range x.dims[s] {
			last = max(last, x.stages[d])
		}
		if last < from || last > to || !x.Shows(s) {
			continue
		}
		h := Holding{SOp: sop.Name, Line: sop.Line}
		for _, d := range x.dims[s] {
			h.Dims = append(h.Dims, x.Names.Dims[d].Name)
			if x.stages[d] == last {
				h.Written = x.Names.Dims[d].Written
			}
		}
		for i := range n {
			r := x.read(s, run, i)
			h.Model = append(h.Model, r)
			if values[s] == nil {
				continue
			}
			h.Program = append(h.Program, model.Token(values[s][i].JSON()))
			if !r.Allows(values[s][i]) {
				h.Differ = append(h.Differ, i)
			}
		}
		list = append(list, h)
	}
	return list
}

func (x *Model) headTraces(l int, run *inspect.Run) []HeadTrace {
	list, b := []HeadTrace{}, &x.Blocks[l]
	for h, name := range x.Names.Heads[l] {
		if x.isPadding(l, h) {
			continue
		}
		t := HeadTrace{Head: h, Name: name.Name, Kind: name.Kind, Selector: name.Selector, SOp: name.SOp, Line: name.Line, Brings: []string{}, Weights: run.Layers[l].Pattern[h]}
		for _, d := range name.Brings {
			t.Brings = append(t.Brings, x.Names.Dims[d].Name)
		}
		for i, row := range run.Layers[l].Scores[h] {
			scores := make([]Score, len(row))
			for j := range row {
				if !x.Causal || j <= i {
					scores[j] = &row[j]
				}
			}
			t.Scores = append(t.Scores, scores)
			brought := make([]float32, len(name.Brings))
			for k, d := range name.Brings {
				for z, v := range run.Layers[l].Z[h][i] {
					brought[k] += float32(v * b.WO.At(h*x.DHead+z, d))
				}
			}
			t.Brought = append(t.Brought, brought)
		}
		list = append(list, t)
	}
	return list
}

func (x *Model) neuronTraces(l int, run *inspect.Run) []NeuronTrace {
	list, most := []NeuronTrace{}, map[int]float32{}
	for n, name := range x.Names.Neurons[l] {
		t := NeuronTrace{Neuron: n, Name: name.Name, Line: name.Line, Writes: []string{}}
		for _, row := range run.Layers[l].Neurons[1:] {
			t.Active, most[n] = append(t.Active, row[n]), max(most[n], row[n])
		}
		if most[n] == 0 {
			continue
		}
		for d := range x.Blocks[l].WOut.Row(n) {
			t.Writes = append(t.Writes, x.Names.Dims[d].Name)
		}
		list = append(list, t)
	}
	slices.SortStableFunc(list, func(a, b NeuronTrace) int { return cmp.Compare(most[b.Neuron], most[a.Neuron]) })
	return list
}

// String is a reading for people.
func (r Reading) String() string {
	switch {
	case r.Number != nil:
		return fmt.Sprintf("%.4g", *r.Number)
	case len(r.Values) == 0:
		return "no code"
	case len(r.Values) == 1:
		return string(r.Values[0])
	case len(r.Values) == 2:
		return fmt.Sprintf("%s|%s", r.Values[0], r.Values[1])
	}
	return fmt.Sprintf("%s|..%d", r.Values[0], len(r.Values))
}
