package compiler

import (
	"errors"
	"math/rand/v2"

	"rasp/lang/diag"
	"rasp/lang/graph"
	"rasp/lang/interp"
	"rasp/lang/predict"
	"rasp/lang/value"
)

// checkTotal looks for an input on which the program fails, if the value sets
// leave it possible. They are an over-approximation: a doubt is no proof, so the
// interpreter decides, on the shortest inputs and on random ones. An input that
// fails is outside of what the model promises, whether it is found or not.
func (c *compilation) checkTotal() error {
	if len(c.analysis.doubts) == 0 {
		return nil
	}
	input, fault := c.failingInput()
	if fault == nil {
		return nil
	}
	span := c.where()
	if fault.Node != nil && fault.Node.Span.Source != nil {
		span = fault.Node.Span
	}
	d := diag.Errorf(span, fault.Kind, "the program fails on the input %s: %s", list(input), fault.Message).
		WithHint("change the program or its domain, or use --partial to leave the output on such inputs undefined")
	if c.options.Partial {
		d.Severity = diag.Warning
		c.report.Warnings = append(c.report.Warnings, d)
		return nil
	}
	return d
}

// list writes an input for a message.
func list(input []value.Value) string {
	text := "["
	for i, t := range input {
		if i > 0 {
			text += ", "
		}
		text += t.JSON()
	}
	return text + "]"
}

// Inputs tried: all up to maxShort, then random ones.
const (
	maxShort  = 400
	maxRandom = 150
)

func (c *compilation) failingInput() ([]value.Value, *interp.Fault) {
	run := c.interpreter()
	try := func(input []value.Value) *interp.Fault {
		var f *interp.Fault
		if errors.As(run(input), &f) {
			return f
		}
		return nil
	}
	vocab := c.domain.Vocab
	tried := 0
	for n := 1; n <= c.domain.Length && tried < maxShort; n++ {
		digits := make([]int, n)
		input := make([]value.Value, n)
		for more := true; more && tried < maxShort; tried++ {
			for i, d := range digits {
				input[i] = vocab[d]
			}
			if f := try(input); f != nil {
				return input, f
			}
			more = increment(digits, len(vocab))
		}
	}
	random := rand.New(rand.NewPCG(1, uint64(len(vocab))))
	for k := range maxRandom {
		_, input := c.randomInput(random, k)
		if f := try(input); f != nil {
			return input, f
		}
	}
	return nil, nil
}

// interpreter runs the outputs, or the prediction, on an input.
func (c *compilation) interpreter() func(input []value.Value) error {
	if p := c.options.Prediction; p != nil {
		r := predict.New(p, c.domain.Vocab, c.domain.Causal)
		return func(input []value.Value) error { _, err := r.Run(input); return err }
	}
	var roots []*graph.Node
	for _, b := range c.outputs {
		roots = append(roots, b.Node)
	}
	return interp.New(c.domain.Causal, roots...).Run
}

// increment counts in base n; false after the last number.
func increment(digits []int, n int) bool {
	for i := len(digits) - 1; i >= 0; i-- {
		if digits[i]++; digits[i] < n {
			return true
		}
		digits[i] = 0
	}
	return false
}
