package compiler

import (
	"math/rand/v2"

	"rasp/compiler/agree"
	"rasp/lang/diag"
	"rasp/lang/graph"
	"rasp/lang/interp"
	"rasp/lang/predict"
	"rasp/lang/value"
	"rasp/runtime"
)

// The last pass tries as many inputs as take moderate work, in operations, but not
// fewer than the first number nor more than the second.
const (
	checkedInputs = 8
	mostInputs    = 64
	checkedWork   = 1 << 20
)

// inputsToCheck estimates how many inputs that is: the model multiplies by each
// weight at each position, the interpreter goes through each selector.
func (c *compilation) inputsToCheck() int {
	_, nonzero := c.model.Parameters()
	n := c.domain.Length
	work := nonzero*n + len(graph.Reachable(c.roots...))*n*n
	return max(checkedInputs, min(mostInputs, checkedWork/work))
}

// check runs the finished model beside the interpreter on a few inputs. The
// certificate speaks of numbers; a mistake in the compiler itself would show
// here. Then there is no model, and the user is told whose fault it is.
func (c *compilation) check() error {
	if c.scores != nil {
		return c.checkPrediction()
	}
	roots := make([]*graph.Node, len(c.outputs))
	for i, b := range c.outputs {
		roots[i] = b.Node
	}
	e, s := interp.New(c.domain.Causal, roots...), runtime.NewSession(c.model)
	random := rand.New(rand.NewPCG(uint64(c.domain.Length), uint64(len(c.domain.Vocab))))
	for k := range c.inputsToCheck() {
		ids, input := c.randomInput(random, k)
		if e.Run(input) != nil {
			continue // outside of what the model promises
		}
		out, err := s.Run([][]int{ids})
		if err != nil {
			return err
		}
		for i, n := range roots {
			got, err := agree.Values(out[0][i])
			if err != nil {
				return err
			}
			if agree.Differ(e.Sequence(n), got) >= 0 {
				return diag.Errorf(c.outputs[i].Span, diag.Limit, "the model of %s came out wrong on the input %s, so there is none; this is a fault of the compiler, not of the program",
					c.outputs[i].Name, list(input))
			}
		}
	}
	return nil
}

// checkPrediction is check for a prediction: it compares probabilities.
func (c *compilation) checkPrediction() error {
	p := predict.New(c.options.Prediction, c.domain.Vocab, c.domain.Causal)
	a, err := agree.NewNext(c.model, c.model.Outputs[0])
	if err != nil {
		return err
	}
	s := runtime.NewSession(c.model)
	random := rand.New(rand.NewPCG(uint64(c.domain.Length), uint64(len(c.domain.Vocab))))
	for k := range checkedInputs {
		ids, input := c.randomInput(random, k)
		rows, err := p.Run(input)
		if err != nil {
			continue // outside of what the model promises
		}
		logits, err := s.Logits(ids)
		if err != nil {
			return err
		}
		if a.Differ(rows, logits) >= 0 {
			return diag.Errorf(c.where(), diag.Limit, "the model of %s came out wrong on the input %s, so there is none; this is a fault of the compiler, not of the program",
				c.options.Prediction.Name, list(input))
		}
	}
	return nil
}

// randomInput alternates longest inputs and any, of few different tokens, which
// stand beside each other in the vocabulary, or of many.
func (c *compilation) randomInput(random *rand.Rand, k int) ([]int, []value.Value) {
	n, vocab := c.domain.Length, c.domain.Vocab
	if k%2 == 1 {
		n = 1 + random.IntN(n)
	}
	few, first := len(vocab), 0
	if k > 0 {
		few, first = 1+k/2%len(vocab), random.IntN(len(vocab))
	}
	ids, input := make([]int, n), make([]value.Value, n)
	for i := range ids {
		ids[i] = (first + random.IntN(few)) % len(vocab)
		input[i] = vocab[ids[i]]
	}
	return ids, input
}
