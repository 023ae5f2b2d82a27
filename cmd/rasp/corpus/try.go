package corpus

import (
	"errors"

	"rasp/compiler/verify"
	"rasp/lang/graph"
	"rasp/lang/value"
	"rasp/runtime/model"
)

// tokensAtOnce bounds what is known of inputs at a time.
const tokensAtOnce = 1 << 16

// try compares a model with its program on all inputs by which programs are told apart. Where
// what the model gives has the fingerprint of the program it is the same, to the bit; else the
// program is run again beside it, since numbers may differ as the certificate says.
func (c *Corpus) try(x *Candidate, m *model.Model, outputs []graph.Output, engine verify.Engine) (Reason, error) {
	if !c.Rename { // which gives programs that differ one fingerprint
		if same, err := c.same(x, engine); same || err != nil {
			return "", err
		}
	}
	comparer, err := verify.NewComparer(m, outputs, engine)
	if err != nil {
		return "", err
	}
	why := Reason("")
	err = c.portions(x, func(batch [][]int) error {
		return comparer.Compare(batch, func(_ int, pairs []verify.Pair, fault error) error {
			if fault != nil || verify.Wrong(pairs) >= 0 {
				why = Wrong
			}
			return nil
		})
	})
	return why, err
}

// portions are the inputs, some at a time.
func (c *Corpus) portions(x *Candidate, do func(batch [][]int) error) error {
	inputs := c.probesOf(&x.Domain)
	most := max(1, tokensAtOnce/x.Domain.Length)
	for from := 0; from < inputs.Len(); from += most {
		batch := make([][]int, min(most, inputs.Len()-from))
		for k := range batch {
			batch[k] = inputs.IDs(from+k, nil)
		}
		if err := do(batch); err != nil {
			return err
		}
	}
	return nil
}

// same reports that what a model gives has the fingerprint of its program.
func (c *Corpus) same(x *Candidate, engine verify.Engine) (bool, error) {
	sum, read := newPlain(x.Domain), verify.Reader{}
	var output []value.Value
	err := c.portions(x, func(batch [][]int) error {
		results, err := engine.Run(batch)
		if err != nil {
			return err
		}
		for k, ids := range batch {
			if output, err = read.Values(results[k][0], output); err != nil {
				return err
			}
			sum.note(ids, output)
		}
		return nil
	})
	var undefined *model.UndefinedError
	if errors.As(err, &undefined) {
		return false, nil
	}
	return sum.fingerprint() == x.Fingerprint, err
}
