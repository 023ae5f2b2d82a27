package api

import (
	"context"
	"strings"

	"rasp/cmd/rasp/puzzle"
	"rasp/lang/diag"
)

// easy puzzles, one for each thing that the page of RASP tells of.
var easy = []string{"caesar", "shift", "nth", "majority", "histogram"}

// EasyPuzzle is an exercise.
type EasyPuzzle struct {
	Name      string          `json:"name"`
	Title     string          `json:"title"`
	Statement string          `json:"statement"`
	Hints     []string        `json:"hints"`
	Examples  []PuzzleExample `json:"examples"`
	Start     string          `json:"start"` // a program to begin with
}

// PuzzleExample is an input, and what the answer to it is.
type PuzzleExample struct {
	Input  string   `json:"input"`
	Answer []string `json:"answer"`
}

func (h *Host) easyPuzzles(context.Context, struct{}) ([]EasyPuzzle, error) {
	var list []EasyPuzzle
	for _, name := range easy {
		p, _ := puzzle.Find(name)
		e := EasyPuzzle{Name: p.Name, Title: p.Title, Statement: strings.Join(p.Statement, "\n"), Hints: p.Hints, Start: p.Start()}
		for _, x := range p.Examples {
			e.Examples = append(e.Examples, PuzzleExample{x.Text(), x.Answer})
		}
		list = append(list, e)
	}
	return list, nil
}

// solution is what somebody wrote for a puzzle.
type solution struct {
	Puzzle string `json:"puzzle"`
	Text   string `json:"text"`
}

// Judged is what a program is as a solution.
type Judged struct {
	Solved     bool        `json:"solved"`
	Faults     []Fault     `json:"faults,omitempty"` // for which it was not tried
	Inputs     int         `json:"inputs"`           // tried
	Exhaustive bool        `json:"exhaustive"`       // these are all
	Wrong      *WrongInput `json:"wrong,omitempty"`
	Refused    []Fault     `json:"refused,omitempty"` // why it has no model
	Sizes      *ModelSizes `json:"sizes,omitempty"`
	Best       ModelSizes  `json:"best"` // the best known
}

// ModelSizes are those of rasp info.
type ModelSizes struct {
	Layers     int `json:"layers"`
	Heads      int `json:"heads"`
	Parameters int `json:"parameters"`
}

// WrongInput is the smallest input that was found on which a program is wrong.
type WrongInput struct {
	Input    string     `json:"input"`
	Position int        `json:"position"` // the first at which it is
	Tokens   []string   `json:"tokens"`
	Expected []string   `json:"expected"`
	Got      []string   `json:"got,omitempty"` // nothing if the program fails
	Note     string     `json:"note,omitempty"`
	Fault    *Fault     `json:"fault,omitempty"`
	Names    []ValueRow `json:"names"` // what the program computes, by position
}

// ValueRow is an s-op of a program on an input; a selector has what the position selects.
type ValueRow struct {
	Name     string   `json:"name"`
	Values   []string `json:"values,omitempty"`
	Selected []int    `json:"selected,omitempty"`
	Selector bool     `json:"selector,omitempty"`
}

func (h *Host) checkPuzzle(ctx context.Context, s solution) (*Judged, error) {
	p, err := PuzzleName{s.Puzzle}.find()
	if err != nil {
		return nil, err
	}
	v, err := p.Check(ctx, name, s.Text, noFiles)
	if err != nil {
		return nil, err
	}
	j := &Judged{Solved: v.Solved(), Inputs: v.Inputs, Exhaustive: v.Exhaustive, Best: ModelSizes(p.Best)}
	switch {
	case v.Faults != nil:
		j.Faults = faultsOf(v.Faults)
	case v.Counterexample != nil:
		j.Wrong = wrongInput(v.Counterexample)
	case v.Refused != nil:
		j.Refused = faultsOf(v.Refused)
	default:
		sizes := ModelSizes(v.Sizes)
		j.Sizes = &sizes
	}
	return j, nil
}

func wrongInput(c *puzzle.Counterexample) *WrongInput {
	w := &WrongInput{Input: c.Text(), Tokens: shownAll(c.Input), Position: c.Position, Expected: c.Expected, Got: c.Got, Note: c.Note, Names: []ValueRow{}}
	if c.Fault != nil {
		w.Fault = &faultsOf([]*diag.Diagnostic{c.Fault})[0]
	}
	for _, n := range c.Names {
		w.Names = append(w.Names, ValueRow{n.Name, n.Values, n.Selected, n.Selector})
	}
	return w
}
