package main

import (
	"encoding/json"
	"fmt"
	"io"

	"rasp/compiler/verify"
	"rasp/lang/value"
)

// outcome is the JSON of verify.
type outcome struct {
	Equal          bool    `json:"equal"`
	Inputs         int     `json:"inputs"`
	Compared       int     `json:"compared"`
	Faulted        int     `json:"faulted"` // the program itself fails on these
	Exhaustive     bool    `json:"exhaustive"`
	AllUpTo        int     `json:"all_up_to"` // every input up to this length was tried
	Seed           uint64  `json:"seed"`
	Interrupted    bool    `json:"interrupted,omitempty"`
	Counterexample *differ `json:"counterexample,omitempty"`
}

type differ struct {
	Input       json.RawMessage `json:"input"`
	Name        string          `json:"name"`
	Interpreter json.RawMessage `json:"interpreter"`
	Model       json.RawMessage `json:"model"`
	Position    int             `json:"position"`
}

func (f *verifyFlags) print(to io.Writer, r verify.Report, interrupted bool) error {
	if !f.json {
		_, err := io.WriteString(to, summary(r, interrupted, f.options.Seed))
		return err
	}
	o := outcome{
		Equal: r.Counterexample == nil && r.Compared() > 0, Inputs: r.Inputs, Compared: r.Compared(), Faulted: r.Faulted,
		Exhaustive: r.Exhaustive && !interrupted, AllUpTo: r.AllUpTo, Seed: f.options.Seed, Interrupted: interrupted,
	}
	if c := r.Counterexample; c != nil {
		o.Counterexample = &differ{listJSON(c.Input), c.Output, listJSON(c.Interpreter), listJSON(c.Model), c.Position}
	}
	return writeJSON(to, o)
}

func summary(r verify.Report, interrupted bool, seed uint64) string {
	faulted := ""
	if r.Faulted > 0 {
		faulted = fmt.Sprintf("; on %d more the program itself fails", r.Faulted)
	}
	if c := r.Counterexample; c != nil {
		return fmt.Sprintf("differs at position %d, found at input %d:\n", c.Position, r.Inputs) +
			sideBySide(fmt.Sprintf("%s(%s)", c.Output, showTokens(c.Input)), c.Interpreter, c.Model, c.Position)
	}
	switch {
	case interrupted:
		return fmt.Sprintf("interrupted after %d inputs%s; no difference so far\n", r.Compared(), faulted)
	case r.Compared() == 0:
		return fmt.Sprintf("nothing to compare: the program fails on all of %d inputs\n", r.Faulted)
	case r.Exhaustive:
		return fmt.Sprintf("equal on every input of the domain: %d inputs%s\n", r.Compared(), faulted)
	}
	return fmt.Sprintf("equal on %d inputs: all up to length %d, the others random (seed %d)%s\n", r.Compared(), r.AllUpTo, seed, faulted)
}

// sideBySide shows what both give: as JSON, with all digits and types, where they would look
// the same at the position at which they differ (-1: at none).
func sideBySide(call string, interpreter, model []value.Value, position int) string {
	show := value.FormatSequence
	if position >= 0 && interpreter[position] != model[position] && interpreter[position].Short() == model[position].Short() {
		show = func(sequence []value.Value) string { return string(listJSON(sequence)) }
	}
	return fmt.Sprintf("interpreter %s = %s\nmodel       %s = %s\n", call, show(interpreter), call, show(model))
}

// showTokens is plain text if the tokens are characters, a list otherwise.
func showTokens(tokens []value.Value) string {
	text := ""
	for _, t := range tokens {
		if t.Kind() != value.String || len([]rune(t.Text())) != 1 {
			return showInput("[", tokens)
		}
		text += t.Text()
	}
	return showInput(text, tokens)
}
