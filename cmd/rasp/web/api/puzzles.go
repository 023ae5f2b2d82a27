package api

import (
	"context"

	"rasp/cmd/rasp/open"
	"rasp/cmd/rasp/puzzle"
	"rasp/cmd/rasp/web/rpc"
	"rasp/lang/diag"
	"rasp/lang/value"
)

func (h *Host) puzzles() rpc.Methods {
	return rpc.Methods{
		"puzzles":      rpc.Typed(h.allPuzzles),
		"puzzle":       rpc.Typed(h.onePuzzle),
		"puzzle.check": rpc.Typed(h.judge),
	}
}

// PuzzleEntry is a puzzle in the list.
type PuzzleEntry struct {
	Number  int    `json:"number"`
	Name    string `json:"name"`
	Concept string `json:"concept"`
	Title   string `json:"title"`
}

func (h *Host) allPuzzles(context.Context, struct{}) ([]PuzzleEntry, error) {
	var list []PuzzleEntry
	for _, p := range puzzle.All() {
		list = append(list, entryOf(p))
	}
	return list, nil
}

// typedFor is an input of a puzzle as somebody types it.
func typedFor(p *puzzle.Puzzle, input []value.Value) string {
	return open.Typed(input, open.NewVocabulary(p.Domain.Vocab))
}

func entryOf(p *puzzle.Puzzle) PuzzleEntry {
	return PuzzleEntry{p.Number, p.Name, p.Concept, p.Title}
}

// PuzzleName asks for a puzzle by its name or number.
type PuzzleName struct {
	Name string `json:"name"`
}

func (n PuzzleName) find() (*puzzle.Puzzle, error) {
	p, near := puzzle.Find(n.Name)
	if p != nil {
		return p, nil
	}
	hint := ""
	if near != "" {
		hint = "did you mean " + near + "?"
	}
	return nil, rpc.Usage(hint, "there is no puzzle "+n.Name)
}

// Puzzle is an exercise, without its solution.
type Puzzle struct {
	PuzzleEntry
	Statement  []string     `json:"statement"` // lines, an empty one between paragraphs
	Hints      []string     `json:"hints"`     // from hardly any to nearly all
	Directives []string     `json:"directives"`
	Examples   []PuzzleCase `json:"examples"`
	Output     string       `json:"output"`
	Next       bool         `json:"next,omitempty"` // the answer is a distribution of the next token
	Best       Sizes        `json:"best"`           // of a model: the best known
	Start      string       `json:"start"`          // a program to begin with
}

// PuzzleCase is an input as it can be typed, and the answer by position.
type PuzzleCase struct {
	Input  string   `json:"input"`
	Answer []string `json:"answer"`
}

// Sizes of a model.
type Sizes struct {
	Layers     int `json:"layers"`
	Heads      int `json:"heads"`
	Parameters int `json:"parameters"`
}

func (h *Host) onePuzzle(_ context.Context, n PuzzleName) (Puzzle, error) {
	p, err := n.find()
	if err != nil {
		return Puzzle{}, err
	}
	shown := Puzzle{entryOf(p), append([]string{}, p.Statement...), p.Hints, p.Directives(), nil, p.Output, p.Next, Sizes(p.Best), p.Start()}
	for _, e := range p.Examples {
		shown.Examples = append(shown.Examples, PuzzleCase{typedFor(p, e.Input), e.Answer})
	}
	return shown, nil
}

// Solution is a program for a puzzle.
type Solution struct {
	PuzzleName
	Text string `json:"text"`
}

// Verdict says what a program is as a solution: faults of it, else a counterexample, else
// why no model was made of it, else the sizes of the model.
type Verdict struct {
	Solved         bool         `json:"solved"` // by the interpreter
	Faults         []rpc.Fault  `json:"faults,omitempty"`
	Inputs         int          `json:"inputs"` // that were tried
	Exhaustive     bool         `json:"exhaustive"`
	AllUpTo        int          `json:"allUpTo"`
	Counterexample *WrongAnswer `json:"counterexample,omitempty"`
	Refused        []rpc.Fault  `json:"refused,omitempty"`
	Sizes          *Sizes       `json:"sizes,omitempty"`
	Smaller        bool         `json:"smaller,omitempty"` // than the best known
}

// WrongAnswer is an input on which a program is wrong, with values by position.
type WrongAnswer struct {
	Input    string     `json:"input"` // as it can be typed
	Tokens   []string   `json:"tokens"`
	Position int        `json:"position"`
	Expected []string   `json:"expected"`
	Got      []string   `json:"got,omitempty"` // none if the program fails
	Fault    *rpc.Fault `json:"fault,omitempty"`
	Note     string     `json:"note,omitempty"`
	Names    []NamedRow `json:"names"` // what the program computes
}

// NamedRow is an s-op of a program on an input, by position; a selector has the keys that
// it selects at the position of a WrongAnswer.
type NamedRow struct {
	Name     string   `json:"name"`
	Values   []string `json:"values,omitempty"`
	Selected []int    `json:"selected,omitempty"`
	Selector bool     `json:"selector,omitempty"`
}

func (h *Host) judge(ctx context.Context, s Solution) (Verdict, error) {
	p, err := s.find()
	if err != nil {
		return Verdict{}, err
	}
	if err := (Document{s.Text}).fits(); err != nil {
		return Verdict{}, err
	}
	found, err := p.Check(ctx, name, s.Text, noFiles)
	if err != nil {
		return Verdict{}, err
	}
	v := Verdict{
		Solved: found.Solved(), Faults: rpc.Faults(found.Faults), Inputs: found.Inputs, Exhaustive: found.Exhaustive,
		AllUpTo: found.AllUpTo, Refused: rpc.Faults(found.Refused), Counterexample: counterexampleOf(p, found.Counterexample),
	}
	if v.Solved && found.Refused == nil {
		v.Sizes, v.Smaller = new(Sizes(found.Sizes)), found.Sizes.Smaller(p.Best)
	}
	return v, nil
}

func counterexampleOf(p *puzzle.Puzzle, c *puzzle.Counterexample) *WrongAnswer {
	if c == nil {
		return nil
	}
	shown := &WrongAnswer{Input: typedFor(p, c.Input), Tokens: shownAll(c.Input), Position: c.Position, Expected: c.Expected, Got: c.Got, Note: c.Note, Names: []NamedRow{}}
	if c.Fault != nil {
		shown.Fault = &rpc.Faults(diag.List{c.Fault})[0]
	}
	for _, n := range c.Names {
		shown.Names = append(shown.Names, NamedRow{n.Name, n.Values, n.Selected, n.Selector})
	}
	return shown
}
