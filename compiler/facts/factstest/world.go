// Package factstest holds facts against the interpreter, in tests: the states of
// variables in a run, and programs to run.
package factstest

import (
	"math"
	"math/rand/v2"
	"slices"

	"rasp/compiler/facts"
	"rasp/lang/domain"
	"rasp/lang/graph"
	"rasp/lang/interp"
	"rasp/lang/value"
)

// World is an input with all that the interpreter finds there: it knows the
// state of each variable at each position.
type World struct {
	*facts.Facts
	*interp.Evaluator
	Input []value.Value
}

// State of a variable at position p; none if the variable has no state for what
// is there.
func (w *World) State(v *facts.Variable, p int) int {
	if v == nil {
		return 0 // constant
	}
	switch v.Source {
	case facts.Token:
		return slices.Index(w.Domain.Vocab, w.Input[p])
	case facts.Position:
		return p
	case facts.Length:
		return len(w.Input) - 1
	case facts.Mean:
		return w.mean(v, p)
	case facts.Width:
		n, _ := w.Sequence(v.Node)[p].Int64()
		return int(n)
	case facts.Any:
		if w.Sequence(v.Node)[p].Truthy() {
			return 1
		}
		return 0
	}
	return slices.Index(w.Table(v.Node).Values, w.Sequence(v.Node)[p])
}

// mean finds the state of the row at p: its width, and the value that the sum
// gives.
func (w *World) mean(v *facts.Variable, p int) int {
	width, total := 0, 0.0
	for j, selected := range w.Matrix(v.Node.Args[0])[p] {
		if selected {
			width++
			total += w.Sequence(v.Node.Args[1])[j].Float64()
		}
	}
	r := w.Table(v.Node)
	for state, x := range v.Sums {
		if x.Width == width && (v.Per == 0 || math.Abs(float64(x.Total)-total*v.Per) < 1e-6) && r.Values[r.Cells[state]] == w.Sequence(v.Node)[p] &&
			(v.Determines == nil || int(v.Determines[0].State[state]) == w.State(v.Determines[0].Variable, p)) {
			return state
		}
	}
	return facts.None
}

// Worlds calls f for random inputs on which the program of the roots does not fail.
func Worlds(known *facts.Facts, roots []*graph.Node, r *rand.Rand, n int, f func(*World)) {
	e := interp.New(known.Domain.Causal, slices.Concat(roots, known.Made)...)
	for input := range (domain.Inputs{Domain: known.Domain, Random: n, Seed: r.Uint64()}).All() {
		if e.Run(input) == nil {
			f(&World{known, e, input})
		}
	}
}
