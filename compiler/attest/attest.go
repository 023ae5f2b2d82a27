// Package attest writes down what a plan is for: of each head the selector and the s-ops
// that it works for, and the facts about pairs of positions that the plan relies on. That
// is the witness, with which a program that knows nothing of this compiler finds a proof
// of the model.
//
//	attest.go  heads and facts
//	node.go    nodes by number
package attest

import (
	"encoding/json"
	"slices"

	"rasp/compiler/analysis"
	"rasp/compiler/facts"
	"rasp/compiler/plan"
	"rasp/compiler/prove/witness"
	"rasp/lang/graph"
	"rasp/runtime/model"
)

// Of is the witness of the model that is emitted of a plan.
func Of(p *plan.Plan, a *analysis.Analysis) *witness.Witness {
	w := &writer{
		Analysis: a, nodes: map[int]*graph.Node{}, numbers: map[*graph.Node]int{}, claimed: map[witness.Fact]bool{},
		witness: &witness.Witness{Version: witness.Version, Text: a.Text},
	}
	for _, n := range slices.Concat(a.Nodes, a.Made) {
		w.nodes[n.ID] = n
		if at, ok := a.Origins[n]; ok {
			w.numbers[n] = at
		}
	}
	layers, _ := p.ByLayer()
	for l, heads := range layers {
		for i, h := range heads {
			if len(h.Values) > 0 {
				w.head(l, i, h)
			}
		}
	}
	w.ofPositions()
	return w.witness
}

// writer collects a witness.
type writer struct {
	*analysis.Analysis
	nodes   map[int]*graph.Node // by number in the graph
	numbers map[*graph.Node]int // in the witness
	claimed map[witness.Fact]bool
	witness *witness.Witness
}

func (w *writer) head(layer, number int, h *plan.Head) {
	head := witness.Head{Layer: layer, Head: number, Selects: w.numberOf(h.Selector), Part: h.Part, Parts: h.Parts, Kind: kindOf(h)}
	if h.Where != nil {
		head.Where = &witness.Where{Node: w.numberOf(h.Where.Node), Is: raw(h.Where.Is)}
	}
	for i := range len(h.Values) * h.ValueDims() {
		v := h.Values[i/h.ValueDims()]
		head.Dims = append(head.Dims, witness.Bring{Dim: i, Kind: kinds[v.Kind], Node: w.numberOf(v.For)})
		w.ofAggregate(w.nodes[v.For])
	}
	w.witness.Heads = append(w.witness.Heads, head)
}

var kinds = [...]string{plan.Copies: witness.One, plan.Averages: witness.Mean, plan.AnyOf: witness.Any, plan.AddsUp: witness.Tally, plan.Shares: witness.Share, plan.Sums: witness.Tally}

// kindOf all that a head brings: the one that asks most of what it selects.
func kindOf(h *plan.Head) string {
	strictest := slices.MinFunc(h.Values, func(v, w plan.Value) int { return int(v.Kind) - int(w.Kind) })
	return kinds[strictest.Kind]
}

func raw(tokens []model.Token) []json.RawMessage {
	list := make([]json.RawMessage, len(tokens))
	for i, t := range tokens {
		list[i] = json.RawMessage(t)
	}
	return list
}

// claim states a fact, once.
func (w *writer) claim(claim string, n *graph.Node) {
	f := witness.Fact{Claim: claim, Of: w.number(n)}
	if !w.claimed[f] {
		w.claimed[f] = true
		w.witness.Facts = append(w.witness.Facts, f)
	}
}

// ofAggregate claims what was used to find the values of an aggregate.
func (w *writer) ofAggregate(n *graph.Node) {
	if n == nil || n.Op != graph.Aggregate {
		return
	}
	if v := w.Own[n]; v != nil && v.Source == facts.Fetched {
		w.claim(witness.AtMostOne, n.Args[0])
		if !slices.Contains(v.Table.Values, n.Value) {
			w.claim(witness.Always, n.Args[0])
		}
	}
	if s := w.Selector(n.Args[0]); len(s.Conjuncts) == 1 && len(s.Conjuncts[0].Conditions) == 1 && w.AlwaysMet(s.Conjuncts[0].Conditions[0]) {
		w.claim(witness.Always, n.Args[0])
	}
}

// ofPositions claims what differs between all positions, and what differs between none,
// beyond what follows from the operands at one position.
func (w *writer) ofPositions() {
	for _, n := range w.Nodes {
		if v := w.Own[n]; v != nil && v.Unique {
			w.claim(witness.Unique, n)
		}
		if v := w.Computed[n]; v != nil && v.Unique {
			w.claim(witness.Unique, n)
		}
		if moves := n.Op == graph.Aggregate || n.Op == graph.Width || n.Op == graph.Any; moves && w.Uniform(n) {
			w.claim(witness.Uniform, n)
		}
	}
}
