package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strings"

	"rasp/cmd/rasp/open"
	"rasp/lang/diag"
	"rasp/runtime/text"
)

// surprisals shows how surprising each token of a text is. What cannot be written is
// noticed when the command ends.
type surprisals interface {
	// token comes next; the natural logarithm of its probability is NaN if it is context; order
	// is the length of the n-gram that decided, 0 for none.
	token(t *text.Token, log float64, order int) error
	end()
}

func (f *perplexityFlags) surprisals(to io.Writer, p *open.Predictor, colours bool) surprisals {
	switch {
	case f.verbose:
		return &surprisalQuery{to: to, texts: p.Texts}
	case f.json:
		return &surprisalLines{to, p.Texts}
	case colours:
		return &surprisalColours{to: to, texts: p.Texts, line: 1}
	}
	return &surprisalTable{to: to, texts: p.Texts}
}

// bitsOf is -log2 p, of the natural logarithm.
func bitsOf(log float64) float64 { return 0 - log/math.Ln2 } // not -0

// surprisalTable is rows of one width, written as they come: a text may be long.
type surprisalTable struct {
	to     io.Writer
	texts  open.Texts
	headed bool
}

func (s *surprisalTable) token(t *text.Token, log float64, _ int) error {
	if math.IsNaN(log) {
		return nil
	}
	if !s.headed {
		s.headed = true
		fmt.Fprintf(s.to, "%6s  %-9s  %8s  %-11s  %s\n", "number", "line:col", "bits", "probability", "token")
	}
	bits := "infinite"
	if !math.IsInf(log, -1) {
		bits = fmt.Sprintf("%.4f", bitsOf(log))
	}
	_, err := fmt.Fprintf(s.to, "%6d  %-9s  %8s  %-11.4g  %s\n", t.Number, fmt.Sprintf("%d:%d", t.Line, t.Col), bits, math.Exp(log), diag.Visible(s.texts.Tokens[t.ID].JSON()))
	return err
}

func (s *surprisalTable) end() {
	if s.headed {
		fmt.Fprintln(s.to)
	}
}

// surprisal of a token in JSON. What is infinite is null.
type surprisal struct {
	Number int             `json:"number"` // in the text, from 1
	Line   int             `json:"line"`
	Col    int             `json:"col"`
	Token  json.RawMessage `json:"token"`
	OOV    bool            `json:"oov,omitempty"`
	Log    *float64        `json:"logprob"`
	Bits   *float64        `json:"bits"`
}

// surprisalLines are JSON.
type surprisalLines struct {
	to    io.Writer
	texts open.Texts
}

func (s *surprisalLines) token(t *text.Token, log float64, _ int) error {
	if math.IsNaN(log) {
		return nil
	}
	return writeJSON(s.to, surprisal{t.Number, t.Line, t.Col, json.RawMessage(s.texts.Tokens[t.ID].JSON()), t.Unknown, number(log), number(bitsOf(log))})
}

func (*surprisalLines) end() {}

// surprisalColours is the text itself, the more surprising the redder.
type surprisalColours struct {
	to     io.Writer
	texts  open.Texts
	line   int  // of the text, where the next token stands
	inside bool // a line has begun
	begun  bool
}

// levels of surprisal, by their backgrounds: 6 of the 256 colours of terminals.
var levels = []struct {
	below float64 // bits
	style string
	label string
}{
	{1, "38;5;16;48;5;231", "below 1"},
	{2, "38;5;16;48;5;224", "1 to 2"},
	{4, "38;5;16;48;5;217", "2 to 4"},
	{7, "38;5;16;48;5;210", "4 to 7"},
	{10, "38;5;16;48;5;203", "7 to 10"},
	{math.Inf(1), "38;5;16;48;5;196", "10 and more"},
}

const (
	impossibleStyle = "38;5;231;48;5;16"
	contextStyle    = "2"
)

// styleOf a natural logarithm of a probability.
func styleOf(log float64) string {
	switch bits := bitsOf(log); {
	case math.IsNaN(bits):
		return contextStyle
	case math.IsInf(bits, 1):
		return impossibleStyle
	default:
		for _, l := range levels {
			if bits < l.below {
				return l.style
			}
		}
	}
	return impossibleStyle
}

func (s *surprisalColours) token(t *text.Token, log float64, _ int) error {
	for ; s.line < t.Line; s.line++ {
		fmt.Fprintln(s.to)
		s.inside = false
	}
	if t.Number == 0 { // <s>, which no text has
		return nil
	}
	name := s.texts.Names[t.ID]
	if s.inside && s.texts.Split == text.Words {
		fmt.Fprint(s.to, " ")
	}
	s.inside, s.begun = true, true
	_, err := fmt.Fprint(s.to, painted(styleOf(log), strings.ReplaceAll(name, "\n", "↵")))
	return err
}

func (s *surprisalColours) end() {
	if !s.begun {
		return
	}
	fmt.Fprint(s.to, "\n\nbits:")
	for _, l := range levels {
		fmt.Fprint(s.to, " ", painted(l.style, " "+l.label+" "))
	}
	fmt.Fprint(s.to, " ", painted(impossibleStyle, " impossible "), " ", painted(contextStyle, "context"), "\n\n")
}

func painted(style, text string) string {
	return "\x1b[" + style + "m" + diag.Visible(text) + "\x1b[0m"
}
