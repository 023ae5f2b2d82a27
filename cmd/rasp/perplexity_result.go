package main

import (
	"fmt"
	"io"
	"math"

	"rasp/cmd/rasp/open"
	"rasp/lang/diag"
	"rasp/runtime/perplexity"
)

// measured is the result in JSON. What is infinite is null.
type measured struct {
	Tokens     int      `json:"tokens"`
	OOV        int      `json:"oov"`
	Bits       *float64 `json:"bits_per_token"`
	Perplexity *float64 `json:"perplexity"`
	WithoutOOV *float64 `json:"perplexity_without_oov"`
	WithoutEnd *float64 `json:"perplexity_without_end,omitempty"` // without the </s>, with --sentences
	PerByte    *float64 `json:"bits_per_byte"`
	PerChar    *float64 `json:"bits_per_character"`
	Error      *float64 `json:"standard_error"` // of bits_per_token
	Groups     int      `json:"groups"`         // sentences or blocks that the error is by
	Infinite   bool     `json:"infinite,omitempty"`
	Zeros      int      `json:"zeros,omitempty"` // tokens that were said to be impossible
	FirstZero  *zero    `json:"first_zero,omitempty"`
	Split      string   `json:"split"` // what a token is: chars or words
	Sentences  bool     `json:"sentences"`
	Order      int      `json:"order,omitempty"` // of n-grams, if that is what is read: each token has them before it whole
	Window     int      `json:"window"`          // tokens
	Stride     int      `json:"stride"`          // from one window to the next
	Texts      int      `json:"texts,omitempty"` // if there are several

	Against *comparison `json:"against,omitempty"`
}

// zero is a token that was said to be impossible.
type zero struct {
	Text   string `json:"text,omitempty"` // the file, if there are several
	Token  string `json:"token"`
	Line   int    `json:"line"`
	Col    int    `json:"col"`
	Number int    `json:"number"` // in the text, from 1
}

// jsonOf is the result of texts with these names.
func (f *perplexityFlags) jsonOf(p *open.Predictor, r perplexity.Result, c *perplexity.Comparison, scored []string) measured {
	m := measured{Split: p.Split.String(), Sentences: f.sentences, Order: p.Order, Window: p.Longest, Stride: f.strideOf(p), Tokens: r.Tokens, OOV: r.Unknown, Bits: number(r.Bits()), Perplexity: number(r.Perplexity()),
		WithoutOOV: number(r.KnownPerplexity()), Infinite: math.IsInf(r.Bits(), 1), Zeros: r.Zeros}
	if !f.leavesOut(r) {
		m.PerByte, m.PerChar = number(r.BitsPerByte()), number(r.BitsPerCharacter())
	}
	if f.sentences {
		m.WithoutEnd = number(r.EndlessPerplexity())
	}
	m.Error, m.Groups, m.Against = number(r.Error), r.Groups, f.comparison(r, c)
	if t := r.First; t != nil {
		m.FirstZero = &zero{Token: p.Tokens[t.ID].String(), Line: t.Line, Col: t.Col, Number: t.Number}
		if r.Texts > 1 {
			m.FirstZero.Text = nameOfText(scored[r.FirstText])
		}
	}
	if r.Texts > 1 {
		m.Texts = r.Texts
	}
	return m
}

// number is x, if JSON has it.
func number(x float64) *float64 {
	if math.IsInf(x, 0) || math.IsNaN(x) {
		return nil
	}
	return &x
}

// strideOf is how far each window is from the one before, in tokens.
func (f *perplexityFlags) strideOf(p *open.Predictor) int {
	switch {
	case f.stride > 0:
		return f.stride
	case p.Order > 0:
		return p.Longest - p.Order + 1
	}
	return perplexity.DefaultStride(p.Longest)
}

// rule says how the text was read and scored; the same model gives other numbers by
// another rule.
func (f *perplexityFlags) rule(p *open.Predictor) string {
	windows := fmt.Sprintf("windows of %d tokens, %d apart", p.Longest, f.strideOf(p))
	if p.Order > 0 {
		windows = fmt.Sprintf("n-grams of order %d", p.Order)
	}
	switch {
	case f.sentences:
		return fmt.Sprintf("%s; each line a sentence from <s> to </s>; %s", p.Split, windows)
	case p.Begin >= 0:
		return fmt.Sprintf("%s; one text from <s>; %s", p.Split, windows)
	}
	return fmt.Sprintf("%s; one text, its first token context only; %s", p.Split, windows)
}

func (f *perplexityFlags) print(to io.Writer, p *open.Predictor, r perplexity.Result, c *perplexity.Comparison, scored []string) error {
	table := newTable(to)
	fmt.Fprintf(table, "text\t%s\n", f.rule(p))
	if r.Texts > 1 {
		fmt.Fprintf(table, "texts\t%d, each on its own\n", r.Texts)
	}
	fmt.Fprintf(table, "tokens\t%d\n", r.Tokens)
	switch {
	case r.Unknown == 0:
		fmt.Fprintln(table, "oov\t0")
	case f.skip:
		fmt.Fprintf(table, "oov\t%d, left out\n", r.Unknown)
	default:
		fmt.Fprintf(table, "oov\t%d, scored as <unk>\n", r.Unknown)
	}
	if t := r.First; t != nil {
		fmt.Fprintf(table, "bits a token\tinfinite\nperplexity\tinfinite: probability 0 for %d of %d tokens, the first is %s, token %d (%sline %d, column %d)\n",
			r.Zeros, r.Tokens, p.Tokens[t.ID].JSON(), t.Number, f.placeOf(r, scored), t.Line, t.Col)
	} else {
		fmt.Fprintf(table, "bits a token\t%.6g\nperplexity\t%.6g\n", r.Bits(), r.Perplexity())
	}
	if known := r.KnownPerplexity(); r.UnknownTokens > 0 && number(known) != nil {
		fmt.Fprintf(table, "without oov\t%.6g\n", known)
	}
	if endless := r.EndlessPerplexity(); f.sentences && number(endless) != nil {
		fmt.Fprintf(table, "without </s>\t%.6g\n", endless)
	}
	if r.First == nil && !f.leavesOut(r) {
		fmt.Fprintf(table, "bits a byte\t%.6g\nbits a char\t%.6g\n", r.BitsPerByte(), r.BitsPerCharacter())
	}
	if number(r.Error) != nil {
		fmt.Fprintf(table, "std. error\t%.2g bits a token, %.2g of perplexity, by %d %s\n", r.Error, r.PerplexityError(), r.Groups, f.groups())
	}
	if c != nil {
		f.comparison(r, c).print(table)
	}
	return table.Flush()
}

// placeOf names the text of the first impossible token, if there are several.
func (f *perplexityFlags) placeOf(r perplexity.Result, scored []string) string {
	if r.Texts == 1 {
		return ""
	}
	return diag.Visible(nameOfText(scored[r.FirstText])) + ", "
}

// leavesOut says that bits are not those of the whole text.
func (f *perplexityFlags) leavesOut(r perplexity.Result) bool { return f.skip && r.Unknown > 0 }

// groups are what the standard error is by.
func (f *perplexityFlags) groups() string {
	if f.sentences {
		return "sentences"
	}
	return "blocks"
}
