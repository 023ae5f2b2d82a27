package perplexity

import "rasp/runtime/text"

// A text that is longer than a model is cut into windows that overlap, as the
// documentation of Hugging Face has it ("Perplexity of fixed-length models"):
//
//	window k has the tokens k*stride to k*stride+length, and scores those that no
//	window before it has scored; the others are context
//
// So each token is scored once, at least length-stride tokens stand before it but
// near the start of the text, and the first token of the text is context only. Two
// things differ. A text of length+1 tokens is one window, since the model takes all
// but the last. And where stride = length, which leaves no context and, there,
// drops the first token of each window, windows are one token longer and score it.

// DefaultStride leaves at least half of a window as context.
func DefaultStride(longest int) int { return max(longest/2, 1) }

// cutter cuts the tokens of a text.
type cutter struct {
	longest, stride int
	length          int // tokens of a window
	emit            func(tokens []text.Token, from int) error

	tokens []text.Token // from the start of the window
	scored int          // of these, by windows before, or because they are the first
	later  bool         // there was a window before
}

func newCutter(longest, stride int, emit func(tokens []text.Token, from int) error) *cutter {
	c := &cutter{longest: longest, stride: stride, length: longest, emit: emit, scored: 1}
	if stride == longest {
		c.length++
	}
	return c
}

// add appends a token; one that begins a text ends the text before.
func (c *cutter) add(t text.Token) error {
	if t.Begins {
		if err := c.finish(); err != nil {
			return err
		}
	}
	c.tokens = append(c.tokens, t)
	for c.later && len(c.tokens) >= c.length || len(c.tokens) > c.longest+1 {
		if err := c.emit(c.tokens[:c.length], c.scored); err != nil {
			return err
		}
		c.scored, c.later = c.length-c.stride, true
		c.tokens = append(c.tokens[:0], c.tokens[c.stride:]...)
	}
	return nil
}

// finish emits what is left of a text.
func (c *cutter) finish() error {
	tokens, scored := c.tokens, c.scored
	c.tokens, c.scored, c.later = c.tokens[:0], 1, false
	if len(tokens) <= scored {
		return nil
	}
	return c.emit(tokens, scored)
}
