package api

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"unicode/utf8"

	"rasp/cmd/rasp/open"
	"rasp/cmd/rasp/puzzle"
	"rasp/cmd/rasp/web/rpc"
	"rasp/lang"
	"rasp/lang/diag"
	"rasp/lang/domain"
	"rasp/lang/elab"
	"rasp/lang/golden"
	"rasp/lang/syntax"
	"rasp/lang/value"
)

// prepared is a program that has been elaborated, and its input.
type prepared struct {
	program *lang.Program
	domain  domain.Domain
	input   []value.Value
	seen    map[diag.Span]seen
}

// seen is the last value of an expression or a bound name of the program's text.
type seen struct {
	x     syntax.Expr
	value elab.Value
	order int // of evaluation
	times int
}

// prepare elaborates the program and reads the input; an empty one is the first example.
// Faults of the program are no error: what can be read of it has values.
func (p *OnInput) prepare(ctx context.Context) (*prepared, error) {
	if _, err := (Document{p.Text}).open(); err != nil {
		return nil, err
	}
	c, err := p.choices(ctx)
	if err != nil {
		return nil, err
	}
	x := &prepared{seen: map[diag.Span]seen{}}
	order := 0
	x.program, _ = lang.Parser{Read: noFiles, Steps: mostSteps, Evaluated: func(e syntax.Expr, v elab.Value) {
		if at := e.Span(); at.Source != nil && at.Source.Name == name {
			order++
			x.seen[at] = seen{e, v, order, x.seen[at].times + 1}
		}
	}}.Parse(name, p.Text)
	if x.domain, err = c.Lenient(x.program); err != nil {
		return nil, err
	}
	if p.Input == "" {
		p.Input = examplesOf(p.Text)[0]
	}
	if x.input, err = c.InputOf(x.program, p.Input); err != nil {
		return nil, err
	}
	if len(x.input) > longestInput {
		return nil, rpc.Usage("rasp run takes longer ones", fmt.Sprintf("an input here has %d tokens at most, not %d", longestInput, len(x.input)))
	}
	return x, nil
}

// mostSteps bounds what a statement does before it has an input, to a tenth of what it may do
// in a command; all statements together may do five times as much (see elab).
const mostSteps = 1_000_000

// beside is why a model of the domain does not take an input; "" if it does. The interpreter
// takes it anyway.
func beside(d domain.Domain, input []value.Value) string {
	for i, t := range input {
		if len(d.Vocab) > 0 && !slices.Contains(d.Vocab, t) {
			return fmt.Sprintf("%s (position %d) is not in the vocabulary", value.Describe(t), i)
		}
	}
	if d.Length > 0 && len(input) > d.Length {
		return fmt.Sprintf("%s: a model takes %d at most", diag.Count(len(input), "token"), d.Length)
	}
	if d.Form != nil {
		v := open.NewVocabulary(d.Vocab)
		v.Form = d.Form
		ids := make([]int, len(input))
		for i, t := range input {
			ids[i] = slices.Index(d.Vocab, t)
		}
		if err := v.Outside(ids); err != nil {
			return err.Error()
		}
	}
	return ""
}

// examplesOf are the inputs that a program gives in lines #>, as they can be typed, or else
// one of its domain.
func examplesOf(text string) (list []string) {
	p, _ := lang.ParseWith(name, onlyDirectives(text), noFiles)
	d, fault := p.Domain()
	if fault != nil {
		d = domain.Domain{}
	}
	vocab := open.NewVocabulary(d.Vocab)
	if chunks, err := golden.Read(name, text); err == nil {
		for _, c := range chunks {
			for _, k := range c.Cases {
				list = append(list, open.Typed(k.Input, vocab))
			}
		}
	}
	if list == nil {
		list = append(list, open.Typed(drawnInput(d), vocab))
	}
	return list
}

// drawnInput is an input of a domain; "hello" if it lists no tokens.
func drawnInput(d domain.Domain) []value.Value {
	const usual = 6
	if len(d.Vocab) > 0 {
		d.Length = min(max(d.Length, 1), longestInput)
		best := 0
		for _, n := range d.Lengths() {
			if best == 0 || n <= usual {
				best = n
			}
		}
		if best > 0 {
			ids := make([]int, best)
			d.Draw(rand.New(rand.NewPCG(1, 1)), ids)
			return slices.Clone(d.Values(ids, nil))
		}
	}
	return []value.Value{value.OfString("h"), value.OfString("e"), value.OfString("l"), value.OfString("l"), value.OfString("o")}
}

func onlyDirectives(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "#rasp:") {
			b.WriteString(line)
		}
	}
	return b.String()
}

// plainOf is the character that a token is in plain text, "" if it takes more than one.
func plainOf(t value.Value) string {
	if text := t.String(); utf8.RuneCountInString(text) == 1 {
		return text
	}
	return ""
}

func tokensOf(vocab []value.Value) []Token {
	list := []Token{}
	for _, t := range vocab[:min(len(vocab), mostTokens)] {
		list = append(list, Token{shownToken(t), t.JSON(), plainOf(t)})
	}
	return list
}

func shownAll(values []value.Value) []string {
	list := make([]string, len(values))
	for i, v := range values {
		list[i] = shownToken(v)
	}
	return list
}

// shownToken is a value as sequences show it, in quotes where it could not be seen.
func shownToken(v value.Value) string { return puzzle.Shown(v) }
