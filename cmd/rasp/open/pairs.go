package open

import (
	"iter"

	"rasp/compiler/stored"
	"rasp/compiler/verify"
	"rasp/lang/domain"
	"rasp/lang/predict"
	"rasp/runtime/circuit"
	"rasp/runtime/model"
)

// longestPair is how long the inputs of a pair are at most, where there are shorter ones:
// a forward pass takes time with the square.
const longestPair = 256

// PairSource makes so many pairs of inputs of a model by a seed.
type PairSource func(n int, seed uint64) iter.Seq[circuit.Pair]

// Pairs makes pairs of inputs of a model, of up to 256 tokens. Where its program fails on some, neither is
// one of those, and there may be fewer.
func Pairs(m *model.Model) (PairSource, error) {
	d, err := verify.DomainOf(m)
	if err != nil {
		return nil, err
	}
	if d.Form == nil || len(d.Form.Lengths(longestPair)) > 0 {
		d.Length = min(d.Length, longestPair)
	}
	has := func([]int) bool { return true }
	if m.Certificate.Partial {
		if has, err = hasValue(m, d); err != nil {
			return nil, err
		}
	}
	return func(n int, seed uint64) iter.Seq[circuit.Pair] {
		return func(yield func(circuit.Pair) bool) {
			for a, b := range d.Pairs(n, seed) {
				if has(a) && has(b) && !yield(circuit.Pair{Input: a, Resampled: b}) {
					return
				}
			}
		}
	}, nil
}

// hasValue tells the inputs on which the program of a model does not fail.
func hasValue(m *model.Model, d domain.Domain) (func(ids []int) bool, error) {
	outputs, err := stored.Outputs(m)
	if err != nil {
		return nil, err
	}
	evaluator := predict.New(outputs, d.Vocab, d.Causal)
	return func(ids []int) bool {
		_, fault := evaluator.Run(d.Values(ids, nil))
		return fault == nil
	}, nil
}
