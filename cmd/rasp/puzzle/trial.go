package puzzle

import (
	"context"

	"rasp/compiler/verify"
	"rasp/lang"
	"rasp/lang/graph"
	"rasp/lang/predict"
	"rasp/lang/value"
)

// trial of a program on the inputs of a puzzle.
type trial struct {
	*Puzzle
	program   *lang.Program
	outputs   []graph.Output
	evaluator *predict.Evaluator
	input     []value.Value
}

func newTrial(p *Puzzle, program *lang.Program, outputs []graph.Output) *trial {
	return &trial{
		Puzzle: p, program: program, outputs: outputs,
		evaluator: predict.New(outputs, p.Domain.Vocab, p.Domain.Causal),
	}
}

// maxTries bounds the search for a smaller input on which the program is wrong.
const maxTries = 2000

// run tries the inputs, in order, up to one on which the program is wrong; the smallest
// that is found from there is described. What was tried goes into the verdict.
func (t *trial) run(ctx context.Context, v *Verdict) (*Counterexample, error) {
	inputs, allUpTo, err := verify.Choose(t.Domain, verify.Options{})
	if err != nil {
		return nil, err
	}
	v.Exhaustive, v.AllUpTo = inputs.Random == 0, allUpTo
	var ids []int
	for k := range inputs.Len() {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		ids = inputs.IDs(k, ids)
		v.Inputs++
		if t.wrong(ids) {
			return t.describe(t.Domain.Shrink(ids, maxTries, t.wrong)), nil
		}
	}
	return nil, nil
}

// wrong reports whether the program fails on an input, or gives another answer.
func (t *trial) wrong(ids []int) bool {
	result, err := t.answerTo(ids)
	return err != nil || t.differs(t.expected(t.input), result) >= 0
}

// answerTo is what the program gives, valid until the next input.
func (t *trial) answerTo(ids []int) (predict.Result, error) {
	t.input = t.Domain.Values(ids, t.input)
	results, err := t.evaluator.Run(t.input)
	if err != nil {
		return predict.Result{}, err
	}
	return results[0], nil
}
