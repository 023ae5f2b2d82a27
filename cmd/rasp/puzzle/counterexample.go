package puzzle

import (
	"errors"
	"fmt"
	"strings"

	"rasp/lang/diag"
	"rasp/lang/elementary"
	"rasp/lang/graph"
	"rasp/lang/interp"
	"rasp/lang/predict"
	"rasp/lang/value"
)

// Counterexample is an input on which a program is wrong, and what it computes there:
// values as they are shown, by position.
type Counterexample struct {
	Input    []value.Value
	Position int // the first at which the answer differs, or at which the program fails
	Expected []string
	Got      []string         // nil if the program fails
	Fault    *diag.Diagnostic // why it does
	Note     string           // what else there is to say; may be empty
	Names    []Named          // s-ops and selectors of the program on which the answer rests
}

// Named is an s-op or a selector of a program, on one input.
type Named struct {
	Name     string
	Values   []string // of an s-op, by position
	Selector bool
	Selected []int // the positions that a selector selects, in the row of the position
}

// Text is the input as it can be typed.
func (c *Counterexample) Text() string { return textOf(c.Input) }

// describe runs the program once more, on an input on which it is wrong.
func (t *trial) describe(ids []int) *Counterexample {
	result, err := t.answerTo(ids)
	expected := t.expected(t.input)
	c := &Counterexample{Input: t.input, Expected: t.words(expected)}
	var fault *interp.Fault
	if errors.As(err, &fault) {
		c.Position = max(fault.Position, 0)
		c.Fault = diag.Errorf(fault.Span, fault.Kind, "%s", fault.Error())
		c.Fault.Hint = fault.Hint
	} else {
		c.Position = t.differs(expected, result)
		c.Got = t.wordsOf(result)
		c.Note = note(expected[c.Position], result, c.Position)
	}
	c.Names = t.names(c)
	return c
}

// note explains values that look the same, but are of another kind.
func note(expected any, got predict.Result, position int) string {
	if got.Next != nil {
		return ""
	}
	want, have := valueOf(expected), got.Sequence[position]
	wanted, kind := kindOf(want), kindOf(have)
	how := ""
	switch {
	case wanted == kind:
		return ""
	case wanted == "bool" && kind == "number":
		how = ": a comparison gives a bool, such as x > 0"
	case wanted == "number" && kind == "bool":
		how = ": indicator(x) makes 1 of True and 0 of False"
	}
	return fmt.Sprintf("the answer is a %s, and %s is a %s%s", wanted, have.JSON(), kind, how)
}

// names are those of s-ops and selectors on which the answer rests, but for the answer
// and for what has another name already.
func (t *trial) names(c *Counterexample) (list []Named) {
	used, seen := map[*graph.Node]bool{}, map[*graph.Node]bool{}
	for _, n := range graph.Reachable(graph.Roots(t.outputs)...) {
		used[n] = n.Op != graph.Tokens && n.Op != graph.Const && n != t.outputs[0].Node
	}
	for _, b := range t.program.Bindings {
		if !used[b.Node] || seen[b.Node] {
			continue
		}
		seen[b.Node] = true
		e := interp.New(t.Domain.Causal, b.Node)
		if e.Run(c.Input) != nil {
			continue // the fault is told
		}
		n := Named{Name: b.Name, Selector: b.Node.IsSelector()}
		if n.Selector {
			for j, selected := range e.Matrix(b.Node)[c.Position] {
				if selected {
					n.Selected = append(n.Selected, j)
				}
			}
		} else {
			n.Values = shown(e.Sequence(b.Node))
		}
		list = append(list, n)
	}
	return list
}

// wordsOf an answer of the program, by position.
func (p *Puzzle) wordsOf(result predict.Result) []string {
	if result.Next == nil {
		return shown(result.Sequence)
	}
	list := make([]string, len(result.Next))
	for i, row := range result.Next {
		probabilities := make([]float64, len(row))
		for t, log := range row {
			probabilities[t] = elementary.Exp(log)
		}
		list[i] = p.distribution(probabilities)
	}
	return list
}

// words of an answer of the specification, by position.
func (p *Puzzle) words(expected []any) []string {
	list := make([]string, len(expected))
	for i, x := range expected {
		if w, ok := x.(weights); ok {
			list[i] = p.distribution(p.probabilities(w))
		} else {
			list[i] = Shown(valueOf(x))
		}
	}
	return list
}

// distribution lists tokens and how likely they are, the impossible ones left out.
func (p *Puzzle) distribution(probabilities []float64) string {
	var list []string
	for i, x := range probabilities {
		if x > 0 {
			list = append(list, fmt.Sprintf("%s %.4g", Shown(p.Domain.Vocab[i]), x))
		}
	}
	return strings.Join(list, ", ")
}

func shown(sequence []value.Value) []string {
	list := make([]string, len(sequence))
	for i, v := range sequence {
		list[i] = Shown(v)
	}
	return list
}

// Shown is a value as sequences show it, but in quotes where it could not be seen.
func Shown(v value.Value) string {
	if v.Kind() == value.String && strings.TrimSpace(v.Text()) == "" {
		return v.JSON()
	}
	return v.Short()
}
