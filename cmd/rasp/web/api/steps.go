package api

import (
	"context"
	"fmt"
	"math"

	"rasp/cmd/rasp/puzzle"
	"rasp/cmd/rasp/web/rpc"
	"rasp/compiler/inside"
	"rasp/lang/graph"
	"rasp/lang/interp"
	"rasp/lang/value"
	"rasp/runtime/model"
)

// heads at work, as the pages of attention and RASP show them.
func (h *Host) heads() rpc.Methods {
	return rpc.Methods{
		"attention.recall": rpc.Typed(h.recall),
		"attention.head":   rpc.Typed(h.lookAtHead),
		"rasp.walk":        rpc.Typed(h.walk),
	}
}

// walkParams are a program whose output is an aggregate, and an input.
type walkParams struct {
	Program Program `json:"program"`
	Input   string  `json:"input"`
}

// Walk is an aggregate, query by query, and the head that it becomes.
type Walk struct {
	Tokens   []string `json:"tokens"`
	Selector string   `json:"selector"` // its name
	Keys     []string `json:"keys"`     // what is compared, by position: of the keys
	Queries  []string `json:"queries"`  // and of the queries
	Operator string   `json:"operator"` // with which they are
	Selected [][]bool `json:"selected"` // [query][key]
	Values   []string `json:"values"`   // what is aggregated, by position
	Default  string   `json:"default"`  // where nothing is selected
	Output   string   `json:"output"`   // its name
	Results  []string `json:"results"`  // by position

	Head      string           `json:"head"`      // LAYER.HEAD
	Scores    [][]inside.Score `json:"scores"`    // [query][key], key 0 being BOS
	Shares    [][]float64      `json:"shares"`    // [query][key] its weights without that of BOS; none: all is BOS's
	Model     []string         `json:"model"`     // the output of the model
	Agree     bool             `json:"agree"`     // the outputs are the same
	Deviation float64          `json:"deviation"` // of the shares from 1 over the number of selected keys
}

func (h *Host) walk(ctx context.Context, p walkParams) (*Walk, error) {
	m, err := h.model(ctx, p.Program)
	if err != nil {
		return nil, err
	}
	if len(m.Outputs) != 1 || m.Outputs[0].Node == nil || m.Outputs[0].Node.Op != graph.Aggregate || m.Outputs[0].Node.Args[0].Op != graph.Select {
		return nil, rpc.Usage("end it with mean = aggregate(before, tokens_int);", "the output is no aggregate of a select")
	}
	input, err := m.shortInput(p.Input)
	if err != nil {
		return nil, err
	}
	w := &Walk{}
	for _, v := range input {
		w.Tokens = append(w.Tokens, inside.TokenText(model.Token(v.JSON())))
	}
	if err := w.interpret(m.Outputs[0], m.Causal, input); err != nil {
		return nil, err
	}
	return w, w.compare(m, input)
}

// interpret says what the program means.
func (w *Walk) interpret(out graph.Output, causal bool, input []value.Value) error {
	aggregate := out.Node
	selector, of := aggregate.Args[0], aggregate.Args[1]
	e := interp.New(causal, aggregate, selector, of, selector.Args[0], selector.Args[1])
	if err := e.Run(input); err != nil {
		return err
	}
	w.Selector, w.Output, w.Default = selector.Name, out.Name, puzzle.Shown(aggregate.Value)
	w.Operator, w.Selected = selector.Fn.String(), e.Matrix(selector)
	w.Keys, w.Queries = shownAll(e.Sequence(selector.Args[0])), shownAll(e.Sequence(selector.Args[1]))
	w.Values, w.Results = shownAll(e.Sequence(of)), shownAll(e.Sequence(aggregate))
	return nil
}

// compare says what the model does.
func (w *Walk) compare(m *compiled, input []value.Value) error {
	trace, err := m.Inside.Trace(input)
	if err != nil {
		return err
	}
	out := trace.Outputs[0]
	for _, t := range out.Model {
		v, err := value.ParseAtom(string(t))
		if err != nil {
			return err
		}
		w.Model = append(w.Model, puzzle.Shown(v))
	}
	w.Agree = len(out.Differ) == 0
	for l, layer := range trace.Layers {
		for _, head := range layer.Heads {
			if w.Head == "" && head.SOp == w.Output && head.Kind != "adds up" {
				w.Head, w.Scores = fmt.Sprintf("%d.%d", l, head.Head), head.Scores[1:]
				for _, row := range head.Weights[1:] {
					w.Shares = append(w.Shares, sharesOf(row))
				}
			}
		}
	}
	if w.Head == "" {
		return fmt.Errorf("no head of the model is for %s", w.Output)
	}
	for i, row := range w.Shares {
		w.Deviation = max(w.Deviation, deviation(row, w.Selected[i]))
	}
	return nil
}

// deviation of the shares of keys from what a selector says: equal ones of those that it
// selects.
func deviation(shares []float64, selected []bool) (most float64) {
	count := 0.0
	for _, is := range selected {
		if is {
			count++
		}
	}
	if count == 0 || shares == nil {
		return max(count, float64(len(shares))) // 0 if nothing is selected, and nothing attended to
	}
	for j, is := range selected {
		want := 0.0
		if is {
			want = 1 / count
		}
		most = max(most, math.Abs(shares[j]-want))
	}
	return most
}
