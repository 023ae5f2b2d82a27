package compiler

import (
	"errors"
	"fmt"

	"rasp/lang/diag"
	"rasp/lang/domain"
	"rasp/lang/graph"
	"rasp/lang/interp"
	"rasp/lang/predict"
	"rasp/lang/value"
)

// failing looks for an input on which the program fails, if the value sets
// leave it possible. They are an over-approximation: a doubt is no proof, so the
// interpreter decides, on the shortest inputs and on random ones. An input that
// fails is outside of what the model promises, whether it is found or not.
func (c *compilation) failing() error {
	if len(c.analysis.Doubts) == 0 {
		return nil
	}
	input, fault := c.failingInput()
	if fault == nil {
		return c.unproven()
	}
	span := c.where()
	if fault.Span.Source != nil {
		span = fault.Span
	}
	d := diag.Errorf(span, fault.Kind, "the program fails on the input %s: %s", domain.Text(input), fault.Message)
	c.failed = d
	if c.options.Partial {
		d.Severity = diag.Warning
		c.report.Warnings = append(c.report.Warnings, d)
		return nil
	}
	return d.WithHint("%schange the program or its domain, or use --partial to leave the output on such inputs undefined", c.oneSeparator(fault.Node))
}

// oneSeparator says how to leave out inputs on which a node fails because they have several
// of what it looks for; "" if that is not why.
func (c *compilation) oneSeparator(n *graph.Node) string {
	if n == nil || n.Op != graph.SelOnly && n.Op != graph.Aggregate {
		return ""
	}
	ids := c.separators(n.Args[0])
	if len(ids) == 0 {
		return ""
	}
	return fmt.Sprintf("if every input has one, say so in a line: %s (or: at most one); or ", c.line(ids))
}

// unproven refuses what a program says of a selector, if that is not shown and no input is
// known on which it is false: a certificate does not rest on what is only said.
func (c *compilation) unproven() error {
	if len(c.analysis.Unproven) == 0 || c.options.Partial {
		return nil
	}
	n := c.analysis.Unproven[0]
	return diag.Errorf(n.Span, diag.Value, "it is not shown that a row of %s selects one position at most, and no input was found on which one selects more", graph.Describe(n)).
		WithHint("%swrite #rasp:partial, or use --partial, to leave the output on such inputs undefined", c.oneSeparator(n))
}

// Inputs tried: the first so many, then random ones, of the longest of all a few.
const (
	maxShort  = 400
	maxRandom = 150
	fewLong   = 2
)

func (c *compilation) failingInput() ([]value.Value, *interp.Fault) {
	count, _ := c.domain.Count()
	tries := []domain.Inputs{{Domain: c.domain.Shorter(maxLong), First: min(count, maxShort), Random: maxRandom, Seed: 1}}
	if c.domain.Length > maxLong {
		tries = append(tries, domain.Inputs{Domain: c.domain, Random: fewLong, Seed: 1})
	}
	e := predict.New(c.outputs, c.domain.Vocab, c.domain.Causal)
	for _, tried := range tries {
		for input := range tried.All() {
			var f *interp.Fault
			if _, err := e.Run(input); errors.As(err, &f) && (f.Kind != diag.Limit || tried.Length <= maxLong) {
				return input, f
			}
		}
	}
	return nil, nil
}
