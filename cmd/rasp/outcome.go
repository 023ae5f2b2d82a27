package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"rasp/cmd/rasp/open"
	"rasp/compiler/verify"
	"rasp/lang/value"
	"rasp/runtime/model"
)

// outcome is the JSON of verify.
type outcome struct {
	Equal       bool   `json:"equal"`
	Inputs      int    `json:"inputs"`
	Compared    int    `json:"compared"`
	Faulted     int    `json:"faulted"` // the program itself fails on these
	Exhaustive  bool   `json:"exhaustive"`
	From        *int   `json:"from,omitempty"` // of a shard: the number of its first input, from 0
	Of          int    `json:"of,omitempty"`   // of a shard: so many inputs have all together
	AllUpTo     int    `json:"all_up_to"`      // every input up to this length was tried
	Seed        uint64 `json:"seed"`
	Interrupted bool   `json:"interrupted,omitempty"`
	// Within is by output what still counts as equal: the bound of the certificate, of
	// numbers absolute, of probabilities relative; absent where the model has none.
	Within         []float64 `json:"within,omitempty"`
	Counterexample *differ   `json:"counterexample,omitempty"`
}

type differ struct {
	Input       json.RawMessage `json:"input"`
	Name        string          `json:"name"`
	Interpreter json.RawMessage `json:"interpreter"`
	Model       json.RawMessage `json:"model"`
	Position    int             `json:"position"`
}

func (f *verifyFlags) print(to io.Writer, m *model.Model, r verify.Report, interrupted bool) error {
	if !f.json {
		_, err := io.WriteString(to, summary(r, interrupted, f.options.Seed, tolerance(m)))
		return err
	}
	return writeJSON(to, f.outcome(m, r, interrupted))
}

// outcome is the report as JSON has it.
func (f *verifyFlags) outcome(m *model.Model, r verify.Report, interrupted bool) outcome {
	o := outcome{
		Equal: !fails(r), Inputs: r.Inputs, Compared: r.Compared(), Faulted: r.Faulted,
		Exhaustive: r.Exhaustive && !interrupted, AllUpTo: r.AllUpTo, Seed: f.options.Seed, Interrupted: interrupted, Within: m.Certificate.Within,
	}
	if r.Of > 0 {
		o.From, o.Of = &r.From, r.Of
	}
	if c := r.Counterexample; c != nil {
		o.Counterexample = &differ{listJSON(c.Input), c.Output, listJSON(c.Interpreter), listJSON(c.Model), c.Position}
	}
	return o
}

// fails says that a report is no success. A part may have only inputs on which the program
// itself fails.
func fails(r verify.Report) bool {
	return r.Counterexample != nil || r.Compared() == 0 && r.Of == 0
}

// tolerance says what still counts as equal, if that is not all the same.
func tolerance(m *model.Model) string {
	var list []string
	for i, within := range m.Certificate.Within {
		switch {
		case within == 0:
		case m.Outputs[i].Next:
			list = append(list, fmt.Sprintf("probabilities to within %g, relative", within))
		case len(m.Outputs) == 1:
			list = append(list, fmt.Sprintf("numbers to within %g", within))
		default:
			list = append(list, fmt.Sprintf("%s to within %g", m.Outputs[i].Name, within))
		}
	}
	if list == nil {
		return ""
	}
	return "; " + strings.Join(list, ", ") + ", as certified"
}

func summary(r verify.Report, interrupted bool, seed uint64, within string) string {
	faulted := ""
	if r.Faulted > 0 {
		faulted = fmt.Sprintf("; on %d more the program itself fails", r.Faulted)
	}
	if c := r.Counterexample; c != nil {
		return fmt.Sprintf("differs at position %d, found at input %d:\n", c.Position, r.From+r.Inputs) +
			sideBySide(fmt.Sprintf("%s(%s)", c.Output, showTokens(c.Input)), c.Interpreter, c.Model, c.Position)
	}
	switch {
	case interrupted:
		return fmt.Sprintf("interrupted after %d inputs%s; no difference so far\n", r.Compared(), faulted)
	case r.Compared() == 0:
		return fmt.Sprintf("nothing to compare: the program fails on all of %d inputs\n", r.Faulted)
	case r.Exhaustive:
		return fmt.Sprintf("equal on every input of the domain: %d inputs%s%s\n", r.Compared(), faulted, within)
	case r.Of > 0:
		return fmt.Sprintf("equal on inputs %d to %d of %d: %d inputs%s%s\n", r.From+1, r.From+r.Inputs, r.Of, r.Compared(), faulted, within)
	}
	return fmt.Sprintf("equal on %d inputs: all up to length %d, the others random (seed %d)%s%s\n", r.Compared(), r.AllUpTo, seed, faulted, within)
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
			return open.ShowInput("[", tokens)
		}
		text += t.Text()
	}
	return open.ShowInput(text, tokens)
}
