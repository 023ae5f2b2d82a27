package console

import (
	"errors"
	"slices"

	"rasp/lang/diag"
	"rasp/lang/elab"
	"rasp/lang/graph"
	"rasp/lang/interp"
	"rasp/lang/value"
)

// example is an input with the values that s-ops and selectors have on it.
type example struct {
	text   string // as the user wrote it
	tokens []value.Value
	values *interp.Evaluator
}

// newExample takes a value that elab.Input accepts.
func newExample(v elab.Value) *example {
	tokens, err := elab.Input(v)
	if err != nil {
		return nil
	}
	return &example{text: quoted(v), tokens: tokens}
}

// compute evaluates n unless it is known already. When the selectors do not fit
// into the memory any more, all but those of n are forgotten.
func (x *example) compute(n *graph.Node, interrupted func() bool) error {
	if x.values != nil {
		err := x.values.Extend(x.tokens, n)
		var fault *interp.Fault
		if !errors.As(err, &fault) || fault.Kind != diag.Limit {
			return err
		}
	}
	x.values = interp.New(false)
	x.values.Interrupted = interrupted
	if err := x.values.Run(x.tokens); err != nil {
		return err
	}
	return x.values.Extend(x.tokens, n)
}

// on is the example with these tokens: the last one that was asked for, if they
// are the same.
func (c *Console) on(tokens []value.Value) *example {
	if c.applied == nil || !slices.Equal(c.applied.tokens, tokens) {
		c.applied = &example{tokens: tokens}
	}
	return c.applied
}

// Test computes n on an input, nil for the example of s-ops.
func (l *listener) Test(n *graph.Node, input []value.Value) *diag.Diagnostic {
	x := l.sop
	if input != nil {
		x = (*Console)(l).on(input)
	}
	return asDiagnostic(x.compute(n, l.Interrupted))
}

// asDiagnostic is an error of the interpreter, without a place.
func asDiagnostic(err error) *diag.Diagnostic {
	if err == nil {
		return nil
	}
	d := diag.Errorf(diag.Span{}, diag.Value, "%s", err)
	var fault *interp.Fault
	if errors.As(err, &fault) {
		d.Kind, d.Class, d.Hint = fault.Kind, fault.Class, fault.Hint
	}
	return d
}
