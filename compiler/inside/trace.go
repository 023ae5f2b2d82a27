package inside

import (
	"cmp"
	"encoding/json"
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
	Where   []Definition  `json:"where"`           // what names of the program stand for that occur in it
	Fault   string        `json:"fault,omitempty"` // why the program has no values
}

// Longest is how long an input may be that is looked into: of each head all scores are
// computed, and they take the square of it.
const Longest = 2048

// mostQueries is of how many queries a trace has scores and weights, BOS included.
const mostQueries = 257

// Holding is an s-op as the model holds it once all its dimensions are written, beside the
// values that the interpreter gives it.
type Holding struct {
	SOp string `json:"sop"`
	Text
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
	Head     int       `json:"head"`
	Name     string    `json:"name"`
	Kind     string    `json:"kind"`
	Selector string    `json:"selector"`
	Part     int       `json:"part,omitempty"` // of so many disjoint parts of the selector, from 1
	Parts    int       `json:"parts,omitempty"`
	SOp      string    `json:"sop,omitempty"`
	Line     int       `json:"line,omitempty"`
	Brings   []string  `json:"brings"`
	Queries  []int     `json:"queries"` // those of the rows below; 0 is BOS
	Weights  []Row     `json:"weights"` // [query][key]
	Scores   [][]Score `json:"scores"`  // [query][key], null where a query does not see a key
	Brought  []Row     `json:"brought"` // [query][what it brings]: what it adds to each dimension
}

// Score is nil for a key that is not seen, and where the score is no number.
type Score = *float32

// Row is numbers. In JSON those that are infinite, or none, are null.
type Row []float32

// MarshalJSON writes null for what JSON has no number for.
func (r Row) MarshalJSON() ([]byte, error) {
	list := make([]*float32, len(r))
	for i := range r {
		if isFinite(float64(r[i])) {
			list[i] = &r[i]
		}
	}
	return json.Marshal(list)
}

func isFinite(x float64) bool { return x-x == 0 }

// NeuronTrace is a neuron that is active somewhere.
type NeuronTrace struct {
	Neuron int      `json:"neuron"`
	Name   string   `json:"name"`
	Line   int      `json:"line,omitempty"`
	Active Row      `json:"active"` // by position, BOS left out
	Writes []string `json:"writes"`
}

// OutputTrace is what the model shows.
type OutputTrace struct {
	Name    string        `json:"name"`
	Model   []model.Token `json:"model"`
	Program []model.Token `json:"program,omitempty"`
	Differ  []int         `json:"differ,omitempty"` // positions where the two are not the same
}

// Trace runs an input of up to Longest tokens and tells what each part does, heads at the
// first positions. Where the program fails there are no values of it, and Fault says why.
func (x *Model) Trace(input []value.Value) (*Trace, error) {
	t, _, err := x.Look(input, Intervention{}, func(query int) bool { return query < mostQueries })
	return t, err
}

// TraceAt is Trace with heads at one position of the input.
func (x *Model) TraceAt(input []value.Value, position int) (*Trace, error) {
	t, _, err := x.Look(input, Intervention{}, func(query int) bool { return query == position+1 })
	return t, err
}

// Look is Trace under an intervention, with heads at the queries that keep says, of which 0
// is BOS, and with the run itself. The program is interpreted without the intervention.
func (x *Model) Look(input []value.Value, v Intervention, keep func(query int) bool) (*Trace, *inspect.Run, error) {
	ids, err := x.IDs(input)
	if err != nil {
		return nil, nil, err
	}
	hooks, err := x.hooks(v, ids)
	if err != nil {
		return nil, nil, err
	}
	t := &Trace{Given: []Holding{}, Layers: []LayerTrace{}}
	for _, v := range input {
		t.Input = append(t.Input, model.Token(v.JSON()))
	}
	values, err := x.interpret(input, nil)
	if fault, ok := err.(*interp.Fault); ok {
		t.Fault, values = fault.Message, make([][]value.Value, len(x.nodes))
	} else if err != nil {
		return nil, nil, err
	}
	hooks.Keep = keep
	run := inspect.Of(x.Model, ids, hooks)
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
			for i, v := range shown[o] {
				out.Program = append(out.Program, model.Token(v.JSON()))
				if !x.sameOutput(o, tokens[i], v) {
					out.Differ = append(out.Differ, i)
				}
			}
		}
		t.Outputs = append(t.Outputs, out)
	}
	t.Where = x.where(t)
	return t, run, nil
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
		h := Holding{SOp: sop.Name, Text: Text{Line: sop.Line}}
		if n := x.nodes[s]; n != nil && n.Name != "" {
			h.Text = x.text(n)
		}
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
		t := HeadTrace{Head: h, Name: name.Name, Kind: name.Kind, Selector: name.Selector, Part: name.Part, Parts: name.Parts, SOp: name.SOp, Line: name.Line, Brings: []string{}, Queries: []int{}}
		for _, d := range name.Brings {
			t.Brings = append(t.Brings, x.Names.Dims[d].Name)
		}
		for i, row := range run.Layers[l].Scores[h] {
			if row == nil {
				continue
			}
			scores := make([]Score, len(row))
			for j := range row {
				if (!x.Causal || j <= i) && isFinite(float64(row[j])) {
					scores[j] = &row[j]
				}
			}
			t.Queries, t.Scores, t.Weights = append(t.Queries, i), append(t.Scores, scores), append(t.Weights, run.Layers[l].Pattern[h][i])
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
