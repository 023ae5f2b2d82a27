package open

import "rasp/lang/value"

// Given is an input of a run: tokens, or a text as it was read. Plain text is kept as ids where
// the vocabulary has all of it, since a model needs no more; tokens are made of them where they
// are asked for.
type Given struct {
	Text   string
	fault  error // why the text is no input
	tokens []value.Value
	ids    []int // nil: they have not been looked up
	vocab  *Vocabulary
}

// GivenTokens is an input that needs no reading.
func GivenTokens(tokens []value.Value) Given { return Given{tokens: tokens} }

// Read reads a text as Input does, in the memory of what was given before. What is wrong with
// it is the fault of the run of this input.
func (g *Given) Read(text string, v *Vocabulary) {
	g.Text, g.vocab, g.fault = text, v, nil
	if g.ids = v.plain(g.ids, text); g.ids != nil {
		g.tokens = g.tokens[:0]
		return
	}
	g.tokens, g.fault = inputIn(g.tokens, text, v)
}

// Tokens of the input; nil of a text that is none.
func (g *Given) Tokens() []value.Value {
	if g.ids != nil && len(g.tokens) == 0 {
		for _, id := range g.ids {
			g.tokens = append(g.tokens, g.vocab.Tokens[id])
		}
	}
	return g.tokens
}
