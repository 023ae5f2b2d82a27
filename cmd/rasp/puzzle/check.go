package puzzle

import (
	"context"
	"fmt"

	"rasp/lang"
	"rasp/lang/diag"
	"rasp/lang/elab"
)

// Verdict says what a program is as a solution.
type Verdict struct {
	// Faults keep it from being tried at all: of the text, or of a program that is for
	// other inputs or has no answer. If there are any, nothing below is set.
	Faults diag.List

	Inputs         int             // tried, by the interpreter
	Exhaustive     bool            // these are all inputs of the puzzle
	AllUpTo        int             // all inputs up to this length are among them
	Counterexample *Counterexample // an input on which it is wrong; if there is one, nothing below is set

	Refused diag.List // why the compiler makes no model; nil if it does
	Sizes   Sizes     // of the model
}

// Solved reports whether the program is right, be there a model or not.
func (v *Verdict) Solved() bool { return v.Faults == nil && v.Counterexample == nil }

// Check tries a program, whose name is for messages. It is right if the interpreter
// gives the answer of the specification on every input of the puzzle, or on as many as
// are tried (see verify.Choose); then it is compiled, and the model is compared with the
// interpreter. Files that the program loads come from read.
//
// The error is that of the context, or says that a model is wrong, which is a fault of
// the compiler.
func (p *Puzzle) Check(ctx context.Context, name, text string, read elab.Reader) (*Verdict, error) {
	program, faults := lang.ParseWith(name, text, read)
	if faults.Err() != nil {
		return &Verdict{Faults: faults}, nil
	}
	outputs, fault := p.fits(program)
	if fault != nil {
		return &Verdict{Faults: diag.List{fault}}, nil
	}
	v := &Verdict{}
	t := newTrial(p, program, outputs)
	wrong, err := t.run(ctx, v)
	if err != nil || wrong != nil {
		v.Counterexample = wrong
		return v, err
	}
	if err := p.measure(ctx, program, outputs, v); err != nil {
		return nil, fmt.Errorf("puzzle %s: %w", p.Name, err)
	}
	return v, nil
}
