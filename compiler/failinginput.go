package compiler

import (
	"errors"

	"rasp/lang/diag"
	"rasp/lang/domain"
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
		return nil
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
	return d.WithHint("change the program or its domain, or use --partial to leave the output on such inputs undefined")
}

// Inputs tried: the first so many, then random ones.
const (
	maxShort  = 400
	maxRandom = 150
)

func (c *compilation) failingInput() ([]value.Value, *interp.Fault) {
	count, _ := c.domain.Count()
	tried := domain.Inputs{Domain: c.domain, First: min(count, maxShort), Random: maxRandom, Seed: 1}
	e := predict.New(c.outputs, c.domain.Vocab, c.domain.Causal)
	for input := range tried.All() {
		var f *interp.Fault
		if _, err := e.Run(input); errors.As(err, &f) {
			return input, f
		}
	}
	return nil, nil
}
