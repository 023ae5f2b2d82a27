package model

import (
	"errors"
	"fmt"
)

// ErrTooLong is wrapped by the error for an input that, with BOS, has more than
// n_ctx positions; ErrEmpty by that for an input without tokens.
var (
	ErrTooLong = errors.New("input too long")
	ErrEmpty   = errors.New("input is empty")
)

// CheckBatch is the error for the first input of a batch that m cannot take: it
// is empty, too long, or has an id outside the vocabulary.
func (m *Model) CheckBatch(batch [][]int) error {
	for n, input := range batch {
		if err := m.Check(input); err != nil {
			if len(batch) > 1 {
				err = fmt.Errorf("input %d of %d: %w", n+1, len(batch), err)
			}
			return err
		}
	}
	return nil
}

func (m *Model) Check(input []int) error {
	if len(input) == 0 {
		return ErrEmpty
	}
	if longest := m.NCtx - 1; len(input) > longest {
		return fmt.Errorf("%w: %d tokens, the model takes at most %d", ErrTooLong, len(input), longest)
	}
	return m.CheckTokens(input)
}

// CheckTokens is the error for the first id that is not in the vocabulary.
func (m *Model) CheckTokens(tokens []int) error {
	for i, id := range tokens {
		if id < 0 || id >= len(m.Vocab) {
			return fmt.Errorf("token id %d at position %d, the vocabulary has the ids 0 to %d", id, i, len(m.Vocab)-1)
		}
	}
	return nil
}
