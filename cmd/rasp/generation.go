package main

import (
	"context"

	"rasp/lang/diag"
	"rasp/runtime"
	"rasp/runtime/next"
)

// generation writes texts, each after the same prompt.
type generation struct {
	texts
	engine  runtime.Engine
	sampler *next.Sampler
	prompt  []int
	stop    map[int]bool
	most    int  // tokens to write
	longest int  // tokens that the model takes
	slide   bool // at the end of these
}

// ending is why a text ends.
type ending string

const (
	atTokens ending = "tokens" // as many as were asked for
	atStop   ending = "stop"   // at a stop token
	atLength ending = "length" // at the end of the model's length
)

// run shows token after token, without the stop token.
func (g *generation) run(ctx context.Context, show func(id int) error) (end ending, stop int, err error) {
	g.engine.Reset()
	start := g.prompt[max(len(g.prompt)-g.longest, 0):]
	window := append(make([]int, 0, g.longest), start...) // what the model has read
	logits, err := g.engine.Prefill(start)
	for n := 0; n < g.most && err == nil; n++ {
		if err := ctx.Err(); err != nil {
			return "", 0, err
		}
		if !g.sampler.Defined(logits) {
			return "", 0, faultf(diag.Value, "its weights are too large for float32", "the logits of the model after token %d are infinite, or no numbers", len(g.prompt)+n)
		}
		id := g.sampler.Draw(logits)
		if g.stop[id] {
			return atStop, id, nil
		}
		if err := show(id); err != nil {
			return "", 0, err
		}
		if n+1 == g.most {
			break
		}
		if len(window) < g.longest {
			window = append(window, id)
			logits, err = g.engine.Step(id)
			continue
		}
		if !g.slide {
			return atLength, 0, nil
		}
		window = append(window[:0], window[len(window)-g.longest/2:]...)
		window = append(window, id)
		g.engine.Reset()
		logits, err = g.engine.Prefill(window)
	}
	return atTokens, 0, err
}
