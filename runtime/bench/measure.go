package bench

import (
	"context"
	"math/rand/v2"

	"rasp/runtime"
	"rasp/runtime/model"
)

// Result is the speed of a session at one kind of work.
type Result struct {
	Weights    string  `json:"weights"` // sparse, dense or cuda
	Work       string  `json:"work"`    // batch, prefill or decode
	Batch      int     `json:"batch"`
	Length     int     `json:"length"` // tokens of an input; those before, when decoding
	Tokens     float64 `json:"tokens_per_second"`
	Sequence   float64 `json:"microseconds_per_sequence"` // for decode, a token
	Operations float64 `json:"gflops"`                    // of those that the session needs
	Bandwidth  float64 `json:"gbytes,omitempty"`          // read when decoding: weights and KV cache
}

// Session is what is measured.
type Session struct {
	runtime.Engine
	Counts  *runtime.Session // whose operations count: itself, on the CPU
	Model   *model.Model
	Weights string // sparse, dense or cuda, for the reader
	Clock   Clock
}

// Inputs are so many of one length, of random tokens; after many, they repeat.
func Inputs(m *model.Model, inputs, length int) [][]int {
	const distinct = 1 << 10
	batch := make([][]int, inputs)
	for n := range batch {
		if n < distinct {
			batch[n] = randomTokens(m, length, uint64(n))
		} else {
			batch[n] = batch[n%distinct]
		}
	}
	return batch
}

// Batch measures Run on so many inputs of random tokens, all of one length.
func (s Session) Batch(ctx context.Context, inputs, length int) (Result, error) {
	batch := Inputs(s.Model, inputs, length)
	seconds, err := s.Clock.fastest(ctx, func() error {
		_, err := s.Run(batch)
		return err
	})
	r := s.result("batch", inputs, length, seconds, inputs*length)
	r.Operations = float64(inputs) * s.Counts.Operations(length+1, length+1) / seconds / 1e9
	return r, err
}

// Prefill measures how fast a KV cache is filled with so many tokens.
func (s Session) Prefill(ctx context.Context, length int) (Result, error) {
	tokens := randomTokens(s.Model, length, 1)
	seconds, err := s.Clock.fastest(ctx, func() error {
		s.Reset()
		_, err := s.Engine.Prefill(tokens)
		return err
	})
	r := s.result("prefill", 1, length, seconds, length)
	r.Operations = s.Counts.Operations(length+1, 1) / seconds / 1e9
	return r, err
}

// Steps is how many tokens Decode decodes, one after the other.
const Steps = 8

// Decode measures a Step after so many tokens, which must leave room for Steps.
func (s Session) Decode(ctx context.Context, length int) (Result, error) {
	tokens := randomTokens(s.Model, Steps, 2)
	s.Reset()
	if _, err := s.Engine.Prefill(randomTokens(s.Model, length, 1)); err != nil {
		return Result{}, err
	}
	seconds, err := s.Clock.fastest(ctx, func() error {
		for _, token := range tokens {
			if _, err := s.Step(token); err != nil {
				return err
			}
		}
		s.Truncate(length)
		return nil
	})
	seconds /= Steps
	r := s.result("decode", 1, length, seconds, 1)
	r.Operations = (s.Counts.Operations(length+2, 1) - s.Counts.Operations(length+1, 0)) / seconds / 1e9
	r.Bandwidth = s.Counts.StepBytes(length+1) / seconds / 1e9
	return r, err
}

// Measure shows the speed at batches of so many of the longest inputs and, if the
// model is causal, of prefill to the end of its length and of decoding there.
func (s Session) Measure(ctx context.Context, batches []int, show func(Result) error) error {
	length := s.Model.NCtx - 1
	measured := func(r Result, err error) error {
		if err != nil {
			return err
		}
		return show(r)
	}
	for _, inputs := range batches {
		if err := measured(s.Batch(ctx, inputs, length)); err != nil {
			return err
		}
	}
	if !s.Model.Causal {
		return nil
	}
	if err := measured(s.Prefill(ctx, length)); err != nil || length <= Steps {
		return err
	}
	return measured(s.Decode(ctx, length-Steps))
}

func (s Session) result(work string, batch, length int, seconds float64, tokens int) Result {
	return Result{
		Weights: s.Weights, Work: work, Batch: batch, Length: length,
		Tokens: float64(tokens) / seconds, Sequence: seconds * 1e6 / float64(batch),
	}
}

func randomTokens(m *model.Model, n int, seed uint64) []int {
	r := rand.New(rand.NewPCG(seed, 3))
	list := make([]int, n)
	for i := range list {
		list[i] = r.IntN(len(m.Vocab))
	}
	return list
}
