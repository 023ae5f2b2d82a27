package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"rasp/cmd/rasp/open"
	"rasp/lang/diag"
	"rasp/lang/value"
)

// printer writes the results of run, for people or as JSON lines. Each result
// is one write, so that a reader at the other end of a pipe sees it at once.
type printer struct {
	to      *bufio.Writer
	json    bool
	several bool // outputs: JSON lines need the name
}

// record is a JSON line of run.
type record struct {
	Input    any             `json:"input"` // a list; the text itself if it is not one
	Name     string          `json:"name,omitempty"`
	Output   json.RawMessage `json:"output,omitempty"`
	Selector [][]int         `json:"selector,omitempty"`
	Model    json.RawMessage `json:"model,omitempty"` // with --compiled
	Equal    *bool           `json:"equal,omitempty"`
	Position *int            `json:"position,omitempty"` // where they differ, from 0
	Error    string          `json:"error,omitempty"`
	Kind     diag.Kind       `json:"kind,omitempty"`
	Line     int             `json:"line,omitempty"`
	Col      int             `json:"col,omitempty"`
}

func (p printer) result(input *open.Given, r open.Result) error {
	if p.json {
		if r.Selector == nil && r.Model == nil {
			return p.sequenceJSON(input.Tokens(), r)
		}
		return p.resultJSON(input.Tokens(), r)
	}
	shown := append(append(p.to.AvailableBuffer(), diag.Visible(r.Name)...), '(')
	shown = append(input.Append(shown), ')')
	switch {
	case r.Selector != nil:
		shown = fmt.Appendf(shown, " =\n%s", formatMatrix(input.Tokens(), r.Selector))
	case r.Model != nil:
		shown = []byte(sideBySide(string(shown), r.Sequence(), r.Model, r.Position) + verdict(r) + "\n")
	default: // of a million inputs this is a large part of the work
		shown = append(r.AppendSequence(append(shown, " = "...)), '\n')
	}
	_, err := p.to.Write(shown)
	return err
}

func verdict(r open.Result) string {
	if !r.Differs() {
		return "equal"
	}
	interpreter := r.Sequence()[r.Position]
	if interpreter == r.Model[r.Position] { // of a prediction
		return fmt.Sprintf("differs at position %d: not in the most likely token, but in probabilities", r.Position)
	}
	return fmt.Sprintf("differs at position %d: interpreter %s, model %s", r.Position,
		value.Describe(interpreter), value.Describe(r.Model[r.Position]))
}

func (p printer) resultJSON(tokens []value.Value, r open.Result) error {
	l := record{Input: listJSON(tokens)}
	if p.several {
		l.Name = r.Name
	}
	if r.Selector != nil {
		l.Selector = bits(r.Selector)
		return writeJSON(p.to, l)
	}
	equal := !r.Differs()
	l.Output, l.Model, l.Equal = listJSON(r.Sequence()), listJSON(r.Model), &equal
	if !equal {
		l.Position = &r.Position
	}
	return writeJSON(p.to, l)
}

// sequenceJSON is resultJSON where there is nothing but a sequence, as in long runs.
func (p printer) sequenceJSON(tokens []value.Value, r open.Result) error {
	line := appendListJSON(append(p.to.AvailableBuffer(), `{"input":`...), tokens)
	if p.several {
		line = value.AppendQuoted(append(line, `,"name":`...), r.Name)
	}
	line = appendListJSON(append(line, `,"output":`...), r.Sequence())
	_, err := p.to.Write(append(line, "}\n"...))
	return err
}

// fault reports an input without a result: to stderr for people, in its place
// among the results in JSON.
func (p printer) fault(stderr io.Writer, text string, tokens []value.Value, where string, d *diag.Diagnostic) error {
	if !p.json {
		_, err := fmt.Fprintf(stderr, "%s      %s %s\n", render(stderr, d, where), in(stderr, cyan, "= input:"), showBriefly(text, tokens))
		return err
	}
	l := record{Input: text, Error: d.Message, Kind: d.Kind, Line: d.Span.Line(), Col: d.Span.Col()}
	if tokens != nil {
		l.Input = listJSON(tokens)
	}
	return writeJSON(p.to, l)
}

// writeText writes what may come from anybody: a terminal is shown control characters, a
// file or a pipe gets the text as it is.
func writeText(to io.Writer, text string) error {
	if terminal(to) != nil {
		text = diag.VisibleLines(text)
	}
	_, err := io.WriteString(to, text)
	return err
}

func listJSON(sequence []value.Value) json.RawMessage { return appendListJSON(nil, sequence) }

func appendListJSON(to []byte, sequence []value.Value) []byte {
	to = append(to, '[')
	for i, v := range sequence {
		if i > 0 {
			to = append(to, ',')
		}
		to = value.AppendJSON(to, v)
	}
	return append(to, ']')
}

// writeJSON writes one line, with < and > as they are.
func writeJSON(to io.Writer, v any) error {
	var line bytes.Buffer
	e := json.NewEncoder(&line)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return err
	}
	_, err := io.WriteString(to, diag.EscapeJSON(line.String()))
	return err
}
