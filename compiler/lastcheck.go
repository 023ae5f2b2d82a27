package compiler

import (
	"rasp/compiler/verify"
	"rasp/lang/diag"
	"rasp/lang/domain"
	"rasp/lang/graph"
)

// MostTried is how many inputs the last pass compares at most. It takes as many as take
// moderate work, in operations, but not fewer than checkedInputs.
const (
	MostTried     = 64
	checkedInputs = 8
	checkedWork   = 1 << 20
)

// Of the inputs most are of moderate length, since heads take its square; beyond that one
// is as long as can be, as far as such a product of positions is affordable.
const (
	maxLong     = 1 << 12
	mostChecked = 1 << 36
)

// inputsToCheck estimates how many inputs that is: the model multiplies by each
// weight at each position, the interpreter goes through each selector.
func (c *compilation) inputsToCheck() int {
	_, nonzero := c.best.model.Parameters()
	n := min(c.domain.Length, maxLong)
	work := nonzero*n + len(graph.Reachable(c.roots...))*n*n
	return max(checkedInputs, min(MostTried, checkedWork/work))
}

// lengthToCheck is how long a longest input may be: a head goes through all pairs of
// positions, and so does a selector.
func (c *compilation) lengthToCheck() int {
	m := c.best.model
	_, nonzero := m.Parameters()
	pairs := 2*m.DHead*m.Heads*len(m.Blocks) + len(graph.Reachable(c.roots...))
	n := c.domain.Length
	work := func(n float64) float64 { return float64(n*float64(nonzero)) + float64(float64(pairs)*n*n) }
	for n > maxLong && work(float64(n)) > mostChecked {
		n /= 2
	}
	return n
}

// verify runs the finished model beside the interpreter on a few inputs. The
// certificate speaks of numbers; a mistake in the compiler itself would show
// here. Then there is no model, and the user is told whose fault it is.
func (c *compilation) verify() error {
	if c.options.Unverified {
		return nil
	}
	comparer, err := verify.NewComparer(c.best.model, c.outputs, c.options.Engine(c.best.model))
	if err != nil {
		return err
	}
	tried := domain.Inputs{Domain: c.domain.Shorter(maxLong), Random: c.inputsToCheck(), Seed: 1}
	batch := make([][]int, tried.Len())
	for k := range batch {
		batch[k] = tried.IDs(k, nil)
	}
	if n := c.lengthToCheck(); n > maxLong {
		longer := domain.Inputs{Domain: c.domain.Shorter(n), Random: 1, Seed: 2}
		batch = append(batch, longer.IDs(0, nil))
	}
	return comparer.Compare(batch, func(k int, pairs []verify.Pair, fault error) error {
		if wrong := verify.Wrong(pairs); wrong >= 0 {
			return diag.Errorf(c.outputs[wrong].Span, diag.Internal, "the model of %s came out wrong on the input %s, so there is none; this is a fault of the compiler, not of the program",
				c.outputs[wrong].Name, domain.Text(tried.Values(batch[k], nil)))
		}
		return nil // the model promises nothing where the program fails
	})
}
