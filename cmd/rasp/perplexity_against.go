package main

import (
	"fmt"
	"io"

	"rasp/cmd/rasp/open"
	"rasp/lang/diag"
	"rasp/runtime/perplexity"
	"rasp/runtime/text"
)

// comparison with another FILE in JSON. What is infinite is null.
type comparison struct {
	File       string   `json:"file"`
	Bits       *float64 `json:"bits_per_token"` // of the other
	Difference *float64 `json:"difference"`     // other minus FILE, in bits a token
	Error      *float64 `json:"standard_error"` // of the difference
	KL         *float64 `json:"kl"`             // of FILE to the other, bits a token
	ReverseKL  *float64 `json:"reverse_kl"`
	SameTop    float64  `json:"same_top"` // part of the tokens
}

func (f *perplexityFlags) comparison(r perplexity.Result, c *perplexity.Comparison) *comparison {
	if c == nil {
		return nil
	}
	return &comparison{f.against, number(c.BitsB()), number(c.BitsB() - r.Bits()), number(c.Error), number(c.BitsAB()), number(c.BitsBA()), float64(c.Same) / float64(c.Tokens)}
}

func (c *comparison) print(to io.Writer) {
	show := func(x *float64, format string) string {
		if x == nil {
			return "infinite"
		}
		return fmt.Sprintf(format, *x)
	}
	fmt.Fprintf(to, "\nagainst\t%s\n", c.File)
	fmt.Fprintf(to, "bits a token\t%s", show(c.Bits, "%.6g"))
	if c.Difference != nil {
		fmt.Fprintf(to, ", %+.4g", *c.Difference)
		if c.Error != nil {
			fmt.Fprintf(to, " (std. error %.2g)", *c.Error)
		}
	}
	fmt.Fprintf(to, "\nkl\t%s bits a token; the other way %s\n", show(c.KL, "%.4g"), show(c.ReverseKL, "%.4g"))
	fmt.Fprintf(to, "same top\t%.4g%%\n", 100*c.SameTop)
}

// sameTokens is the id in b for each id in a, or the fault that one has a token that the
// other has not.
func sameTokens(a, b *open.Predictor, file string) ([]int, error) {
	inB := make([]int, len(a.Names))
	for id, name := range a.Names {
		there, ok := b.IDs[name]
		if !ok {
			return nil, open.Faultf(diag.Domain, "only models with the same tokens have distributions to compare; bits a byte compare any", "--against: %s has no token %s", file, a.Tokens[id].JSON())
		}
		inB[id] = there
	}
	if len(b.Names) > len(a.Names) {
		for id, name := range b.Names {
			if _, ok := a.IDs[name]; !ok {
				return nil, open.Faultf(diag.Domain, "only models with the same tokens have distributions to compare; bits a byte compare any", "--against: only %s has a token %s", file, b.Tokens[id].JSON())
			}
		}
	}
	return inB, nil
}

// counting has a pair count each token before it is shown.
func counting(pair *perplexity.Pair, each func(*text.Token, float64, int) error) func(*text.Token, float64, int) error {
	return func(t *text.Token, log float64, order int) error {
		pair.Count(t, log)
		if each == nil {
			return nil
		}
		return each(t, log, order)
	}
}
