// Package generate writes text with a model, token by token.
//
// In come an engine, what draws the next token from its logits, and the tokens
// that the text begins with; out come the ids of the tokens, each as it is drawn,
// and why the text ends. A text can also end at strings, which tokens make together.
//
//	generate.go  the tokens of a text
//	stop.go      strings at which it ends
package generate

import (
	"context"
	"fmt"

	"rasp/runtime"
	"rasp/runtime/next"
)

// Text is how a text is written.
type Text struct {
	Engine  runtime.Engine
	Sampler *next.Sampler
	Prompt  []int        // ids, one at least
	Stop    map[int]bool // tokens that end the text, and are not part of it
	Most    int          // tokens to write
	Longest int          // tokens that the model takes
	// Slide goes on at the end of the model's length: the model forgets all but the
	// newest half, and reads that anew. Of a prompt that is too long it reads the
	// end.
	Slide bool
	// Look, if there is one, sees the logits by which a token was drawn, before it is shown.
	Look func(id int, logits []float32)
}

// Ending is why a text ends.
type Ending string

const (
	AtTokens Ending = "tokens" // as many as were asked for
	AtStop   Ending = "stop"   // at a stop token
	AtLength Ending = "length" // at the end of the model's length
)

// UndefinedError is the error for logits of which no probabilities follow.
type UndefinedError struct{ Token int } // after so many

func (e *UndefinedError) Error() string {
	return fmt.Sprintf("the logits of the model after token %d are infinite, or no numbers", e.Token)
}

// Write shows token after token, without the stop token, which it returns. Other
// errors than *UndefinedError are those of the engine, of show and of ctx.
func (t *Text) Write(ctx context.Context, show func(id int) error) (end Ending, stop int, err error) {
	t.Engine.Reset()
	start := t.Prompt[max(len(t.Prompt)-t.Longest, 0):]
	window := append(make([]int, 0, t.Longest), start...) // what the model has read
	logits, err := t.Engine.Prefill(start)
	for n := 0; n < t.Most && err == nil; n++ {
		if err := ctx.Err(); err != nil {
			return "", 0, err
		}
		if !t.Sampler.Defined(logits) {
			return "", 0, &UndefinedError{len(t.Prompt) + n}
		}
		id := t.Sampler.Draw(logits)
		if t.Stop[id] {
			return AtStop, id, nil
		}
		if t.Look != nil {
			t.Look(id, logits)
		}
		if err := show(id); err != nil {
			return "", 0, err
		}
		if n+1 == t.Most {
			break
		}
		if len(window) < t.Longest {
			window = append(window, id)
			logits, err = t.Engine.Step(id)
			continue
		}
		if !t.Slide {
			return AtLength, 0, nil
		}
		window = append(window[:0], window[len(window)-t.Longest/2:]...)
		window = append(window, id)
		t.Engine.Reset()
		logits, err = t.Engine.Prefill(window)
	}
	return AtTokens, 0, err
}
