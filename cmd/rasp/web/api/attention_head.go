package api

import (
	"context"
	"fmt"
	"math"
	"slices"

	"rasp/cmd/rasp/open"
	"rasp/cmd/rasp/web/rpc"
	"rasp/compiler/inside"
	"rasp/lang/spell"
	"rasp/lang/value"
	"rasp/runtime/model"
)

// headParams name a ready-made program, an input of it, "" for one that it gives itself, and
// a head of its model, LAYER.HEAD, "" for the first.
type headParams struct {
	Program string `json:"program"`
	Input   string `json:"input"`
	Head    string `json:"head"`
}

// HeadView is a head at work, beside what its weights say of all inputs.
type HeadView struct {
	Input   string           `json:"input"` // as it can be typed
	Tokens  []string         `json:"tokens"`
	Heads   []HeadName       `json:"heads"`   // all of the model
	Head    HeadName         `json:"head"`    // the one that is shown
	Scores  [][]inside.Score `json:"scores"`  // [query][key] in both; key 0 is BOS, null is not seen
	Weights []inside.Row     `json:"weights"` // their softmax
	Shares  [][]float64      `json:"shares"`  // [query][key] the weights without that of BOS; none: all is BOS's
	QK      CircuitView      `json:"qk"`
}

// HeadName is a head and what it is for.
type HeadName struct {
	Name     string `json:"name"` // LAYER.HEAD
	Kind     string `json:"kind"`
	Selector string `json:"selector"`
	SOp      string `json:"sop"`
}

// CircuitView is a matrix between what a query holds and what a key does (see
// inside.Circuits). The score of a query and a key is, but for a number of the query alone,
// the sum of the cells where the rows of the one and the columns of the other meet.
type CircuitView struct {
	Rows    []string     `json:"rows"`
	Columns []string     `json:"columns"`
	Cells   [][]*float64 `json:"cells,omitempty"` // null where a value has no code; none: too many
	Queries [][]int      `json:"queries"`         // the rows of each position of the input
	Keys    [][]int      `json:"keys"`            // the columns of BOS and of each position
	Sums    [][]*float64 `json:"sums"`            // [query][key], key 0 being BOS: of the cells where they meet; null where one is no number
}

const (
	mostTerms  = 3000 // of a circuit that is shown
	mostTraced = 32   // tokens of an input
)

func (h *Host) lookAtHead(ctx context.Context, p headParams) (*HeadView, error) {
	text, known := open.ReadyMade(p.Program)
	if !known {
		hint := "rasp list has their names"
		if near := spell.Nearest(p.Program, open.ReadyNames()); near != "" {
			hint = "did you mean " + near + "?"
		}
		return nil, rpc.Usage(hint, "no ready-made program has the name "+p.Program)
	}
	m, err := h.model(ctx, Program{Text: text})
	if err != nil {
		return nil, err
	}
	input, err := m.shortInput(p.Input)
	if err != nil {
		return nil, err
	}
	trace, err := m.Inside.Trace(input)
	if err != nil {
		return nil, err
	}
	view := &HeadView{}
	if view.Input, err = m.typed(input); err != nil {
		return nil, err
	}
	for _, v := range input {
		view.Tokens = append(view.Tokens, inside.TokenText(model.Token(v.JSON())))
	}
	var shown *inside.HeadTrace
	layer := 0
	for l := range trace.Layers {
		for i := range trace.Layers[l].Heads {
			t := &trace.Layers[l].Heads[i]
			name := HeadName{fmt.Sprintf("%d.%d", l, t.Head), t.Kind, t.Selector, t.SOp}
			view.Heads = append(view.Heads, name)
			if name.Name == p.Head || p.Head == "" && shown == nil {
				shown, layer, view.Head = t, l, name
			}
		}
	}
	if shown == nil {
		return nil, rpc.Usage("", fmt.Sprintf("the model of %s has no head %q", p.Program, p.Head))
	}
	view.Scores, view.Weights = shown.Scores[1:], shown.Weights[1:]
	for _, row := range view.Weights {
		view.Shares = append(view.Shares, sharesOf(row))
	}
	circuits, err := m.Inside.Circuits(input)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(circuits, func(c inside.Circuits) bool { return c.Layer == layer && c.Head == shown.Head })
	if at < 0 {
		return nil, fmt.Errorf("head %s has no circuit", view.Head.Name)
	}
	view.QK = circuitOf(circuits[at].QK, heldBefore(trace, layer), len(input))
	return view, nil
}

// sharesOf weights of which the first is BOS's are those of the others, made to sum to 1, as
// rasp trace shows them; nil if they are nothing.
func sharesOf(weights []float32) []float64 {
	sum := 0.0
	for _, w := range weights[1:] {
		sum += float64(w)
	}
	if !(sum > 1e-20) {
		return nil
	}
	shares := make([]float64, len(weights)-1)
	for j, w := range weights[1:] {
		shares[j] = float64(w) / sum
	}
	return shares
}

// shortInput reads an input that fits a page; "" is one that the program gives.
func (c *compiled) shortInput(text string) (input []value.Value, err error) {
	if text == "" {
		input, err = open.Example(c.Model)
	} else {
		input, err = c.inputOf(text)
	}
	if err == nil && len(input) > mostTraced {
		err = rpc.Usage("", fmt.Sprintf("the input has %d tokens; here it may have %d", len(input), mostTraced))
	}
	return input, err
}

// heldBefore are the s-ops that the residual stream holds where a layer reads it, by name.
func heldBefore(t *inside.Trace, layer int) map[string]inside.Holding {
	held := map[string]inside.Holding{}
	for _, h := range t.Given {
		held[h.SOp] = h
	}
	for _, l := range t.Layers[:layer] {
		for _, h := range l.Held {
			held[h.SOp] = h
		}
	}
	return held
}

func circuitOf(c inside.Circuit, held map[string]inside.Holding, n int) CircuitView {
	v := CircuitView{Rows: termNames(c.Rows), Columns: termNames(c.Columns)}
	for i := range n {
		v.Queries = append(v.Queries, termsAt(c.Rows, held, i))
	}
	for i := range n + 1 {
		v.Keys = append(v.Keys, termsAt(c.Columns, held, i-1))
	}
	for _, rows := range v.Queries {
		sums := make([]float64, len(v.Keys))
		for k, columns := range v.Keys {
			sums[k] = math.NaN()
			if len(c.Unlisted) == 0 {
				sums[k] = sumOf(c.Cells, rows, columns)
			}
		}
		v.Sums = append(v.Sums, finiteOf(sums))
	}
	if len(c.Rows)*len(c.Columns) <= mostTerms {
		for _, row := range c.Cells {
			v.Cells = append(v.Cells, finiteOf(row))
		}
	}
	return v
}

// sumOf cells where rows and columns meet; NaN if there are none.
func sumOf(cells [][]float64, rows, columns []int) float64 {
	if len(rows) == 0 || len(columns) == 0 {
		return math.NaN()
	}
	sum := 0.0
	for _, r := range rows {
		for _, c := range columns {
			sum += cells[r][c]
		}
	}
	return sum
}

// finiteOf are numbers, nil for others.
func finiteOf(row []float64) []*float64 {
	list := make([]*float64, len(row))
	for j := range row {
		if !math.IsNaN(row[j]) && !math.IsInf(row[j], 0) {
			list[j] = &row[j]
		}
	}
	return list
}

func termNames(terms []inside.Term) []string {
	names := make([]string, len(terms))
	for i, t := range terms {
		names[i] = t.Name
		if t.SOp != "" {
			names[i] = t.SOp + " = " + inside.TokenText(t.Value)
		}
	}
	return names
}

// termsAt are the terms that a position of the input holds, from -1 for BOS; none if one of
// their s-ops has no value there that is known.
func termsAt(terms []inside.Term, held map[string]inside.Holding, position int) []int {
	at := []int{}
	for i, t := range terms {
		h := held[t.SOp]
		switch {
		case t.SOp == "":
			if t.Name == inside.Any && position >= 0 || t.Name == inside.BOS && position < 0 {
				at = append(at, i)
			}
		case position < 0:
		case position >= len(h.Program) || slices.Contains(h.Differ, position):
			return []int{}
		case h.Program[position] == t.Value:
			at = append(at, i)
		}
	}
	return at
}
