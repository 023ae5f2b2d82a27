package api

import (
	"context"
	"fmt"

	"rasp/cmd/rasp/web/rpc"
	"rasp/compiler/inside"
	"rasp/lang/value"
	"rasp/runtime/inspect"
	"rasp/runtime/model"
)

// look is a model with an intervention and an input.
type look struct {
	*compiled
	intervention inside.Intervention
	input        []value.Value
}

// Bounds of what is told of a layer.
const (
	mostPositions = 32 // queries and keys of a matrix, and values of an s-op
	mostHeads     = 16
	mostNeurons   = 24
	mostHeld      = 48 // s-ops of a layer
)

// Layer is a model at work on an input: all outputs, and one layer closely.
type Layer struct {
	Tokens  []string             `json:"tokens"` // of the input, for people, the first
	Layer   int                  `json:"layer"`  // -1: the embedding
	Heads   []HeadAtWork         `json:"heads"`
	Neurons []inside.NeuronTrace `json:"neurons"` // active at the position, the most first
	Active  int                  `json:"active"`  // neurons in all, at any position
	Held    []Held               `json:"held"`    // once the layer is done
	Stages  [][]float64          `json:"stages"`  // [stage][dimension] at the position, as the stream has them
	Outputs []OutputAtWork       `json:"outputs"`
	Where   []inside.Definition  `json:"where"`
	Fault   string               `json:"fault,omitempty"`   // why the program has no values
	Outside string               `json:"outside,omitempty"` // why nothing is promised of what was set
	Left    Left                 `json:"left"`
}

// Left is how many are not told of.
type Left struct {
	Positions int `json:"positions"`
	Heads     int `json:"heads"`
	Neurons   int `json:"neurons"`
	SOps      int `json:"sops"`
}

// HeadAtWork is a head with what each query gives to each key, of which 0 is BOS.
type HeadAtWork struct {
	inside.HeadTrace
	// Shares are weights as rasp trace shows them: of what is not given to BOS or, where the
	// head counts beside it, of all. BOS has none where it is left out.
	Shares []inside.Row `json:"shares"`
}

// Held is an s-op as the model holds it, in words.
type Held struct {
	SOp     string   `json:"sop"`
	Line    int      `json:"line,omitempty"`
	Is      string   `json:"is,omitempty"` // what the program says of it
	Dims    []string `json:"dims"`
	Model   []string `json:"model"` // by position
	Program []string `json:"program,omitempty"`
	Differ  []int    `json:"differ"` // where the two are not the same
}

// OutputAtWork is what the model shows, with what it showed before all changes.
type OutputAtWork struct {
	Name    string   `json:"name"`
	Before  []string `json:"before"`
	Model   []string `json:"model"`
	Program []string `json:"program,omitempty"`
	Differ  []int    `json:"differ"`
}

func (h *Host) trace(ctx context.Context, p struct {
	at
	Layer    int `json:"layer"`
	Position int `json:"position"`
}) (*Layer, error) {
	l, err := p.open(h, ctx)
	if err != nil {
		return nil, err
	}
	if p.Layer < -1 || p.Layer >= l.Layers {
		return nil, rpc.Usage("", fmt.Sprintf("the model has %d layers, counted from 0, and no %d", l.Layers, p.Layer))
	}
	shown := min(len(l.input), mostPositions)
	if p.Position < 0 || p.Position >= shown {
		return nil, rpc.Usage("", fmt.Sprintf("positions 0 to %d are shown, and not %d", shown-1, p.Position))
	}
	t, run, err := l.Inside.Look(l.input, l.intervention, func(query int) bool { return query <= shown })
	if err != nil {
		return nil, err
	}
	seen := &Layer{Tokens: texts(t.Input[:shown]), Layer: p.Layer, Heads: []HeadAtWork{}, Neurons: []inside.NeuronTrace{}, Where: t.Where, Fault: t.Fault}
	seen.Left.Positions = len(l.input) - shown
	if len(seen.Where) > mostHeld {
		seen.Where = seen.Where[:mostHeld]
	}
	holds := t.Given
	if p.Layer >= 0 {
		of := t.Layers[p.Layer]
		holds = of.Held
		seen.heads(of.Heads, shown)
		seen.neurons(of.Neurons, p.Position)
	}
	seen.held(holds, shown)
	seen.stages(run, p.Position)
	if err := seen.outputs(h, ctx, p.at, t); err != nil {
		return nil, err
	}
	return seen, seen.counterfactual(l)
}

// counterfactual has the program set what the model was set, where nothing else was done to it:
// then the program says something else than on the input alone.
func (s *Layer) counterfactual(l *look) error {
	v := l.intervention
	if len(v.Set) == 0 || len(v.Ablate) > 0 || len(v.Patch) > 0 {
		return nil
	}
	e, err := l.Inside.Intervene(l.input, v)
	if err != nil {
		return err
	}
	s.Outside, s.Fault = e.Outside, e.Fault
	differ := map[string][]int{}
	for _, d := range e.Differ {
		if d.Position < len(s.Tokens) {
			differ[d.Name] = append(differ[d.Name], d.Position)
		}
	}
	for i := range s.Outputs {
		o := &s.Outputs[i]
		if o.Program, o.Differ = nil, []int{}; e.Program != nil {
			o.Program, o.Differ = texts(e.Program[i]), append(o.Differ, differ[o.Name]...)
		}
	}
	for i := range s.Held { // what the program says of them is not told
		h := &s.Held[i]
		h.Program, h.Differ = nil, append([]int{}, differ[h.SOp]...)
	}
	return nil
}

func (s *Layer) heads(list []inside.HeadTrace, shown int) {
	s.Left.Heads = max(0, len(list)-mostHeads)
	for _, h := range list[:len(list)-s.Left.Heads] {
		one := HeadAtWork{HeadTrace: h}
		for r := range h.Queries {
			one.Scores[r], one.Weights[r] = h.Scores[r][:shown+1], h.Weights[r][:shown+1]
			one.Shares = append(one.Shares, shares(h.Weights[r], h.Kind == "counts")[:shown+1])
		}
		s.Heads = append(s.Heads, one)
	}
}

// shares of the keys, with that of BOS or without; all 0 where it has everything.
func shares(weights []float32, beside bool) inside.Row {
	total, row := float32(0), make(inside.Row, len(weights))
	if beside {
		total = weights[0]
	}
	for _, w := range weights[1:] {
		total += w
	}
	if total <= 1e-20 {
		return row
	}
	for j, w := range weights {
		if j > 0 || beside {
			row[j] = w / total
		}
	}
	return row
}

// neurons that are active at the position.
func (s *Layer) neurons(list []inside.NeuronTrace, position int) {
	s.Active = len(list)
	for _, n := range list {
		if n.Active[position] == 0 {
			continue
		}
		if len(s.Neurons) == mostNeurons {
			s.Left.Neurons++
			continue
		}
		n.Active = n.Active[:min(len(n.Active), mostPositions)]
		s.Neurons = append(s.Neurons, n)
	}
}

func (s *Layer) held(list []inside.Holding, shown int) {
	s.Held, s.Left.SOps = []Held{}, max(0, len(list)-mostHeld)
	for _, h := range list[:len(list)-s.Left.SOps] {
		one := Held{SOp: h.SOp, Line: h.Line, Is: h.Is, Dims: h.Dims, Differ: []int{}}
		for _, r := range h.Model[:shown] {
			one.Model = append(one.Model, r.String())
		}
		if h.Program != nil {
			one.Program = texts(h.Program[:shown])
		}
		for _, i := range h.Differ {
			if i < shown {
				one.Differ = append(one.Differ, i)
			}
		}
		s.Held = append(s.Held, one)
	}
}

// stages are the dimensions at a position after each half layer, as many as there is room for.
func (s *Layer) stages(run *inspect.Run, position int) {
	for _, rows := range run.Residual {
		row := rows[position+1]
		dims := []float64{}
		for _, x := range row[:min(len(row), mostNamed)] {
			dims = append(dims, finite(x))
		}
		s.Stages = append(s.Stages, dims)
	}
}

// finite is a number that JSON has: the largest for infinity, 0 for none.
func finite(x float32) float64 {
	switch {
	case x != x:
		return 0
	case x-x != 0 && x > 0:
		return mostWeight
	case x-x != 0:
		return -mostWeight
	}
	return float64(x)
}

// outputs are those with and without changes.
func (s *Layer) outputs(h *Host, ctx context.Context, a at, t *inside.Trace) error {
	before := t
	if len(a.Changes) > 0 {
		first, err := (&at{a.Program, a.Input, nil}).open(h, ctx)
		if err != nil {
			return err
		}
		if before, _, err = first.Inside.Look(first.input, inside.Intervention{}, func(int) bool { return false }); err != nil {
			return err
		}
	}
	for i, o := range t.Outputs {
		one := OutputAtWork{Name: o.Name, Before: texts(before.Outputs[i].Model), Model: texts(o.Model), Differ: o.Differ}
		if o.Program != nil {
			one.Program = texts(o.Program)
		}
		if one.Differ == nil {
			one.Differ = []int{}
		}
		s.Outputs = append(s.Outputs, one)
	}
	return nil
}

// texts are tokens for people.
func texts(tokens []model.Token) []string {
	list := []string{}
	for _, t := range tokens {
		list = append(list, inside.TokenText(t))
	}
	return list
}

// intervene says what becomes of changes, as rasp intervene does. Changes of weights are in
// both, before and after.
func (h *Host) intervene(ctx context.Context, a at) (*inside.Effect, error) {
	l, err := a.open(h, ctx)
	if err != nil {
		return nil, err
	}
	return l.Inside.Intervene(l.input, l.intervention)
}
