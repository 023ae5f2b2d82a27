// Package perplexity measures how well predictions of the next token fit a text.
//
// In come a text and what scores its tokens, a model or anything else; out come
// the number of tokens T and the sum of their log-probabilities, so
//
//	bits a token = -1/T sum log2 p,   perplexity = 2^(bits a token)
//
// (Jelinek et al. 1977). The text is read as it is needed: memory does not grow
// with it, nor with the length of a line. The same text and scorer always give the
// same sum, in the order of the text, however many goroutines compute.
//
//	window.go      windows over texts that are longer than a model
//	perplexity.go  batches of windows, sums
//	model.go       a model as a scorer
package perplexity

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"

	"rasp/runtime/text"
)

// Scorer knows how likely tokens are to come next.
type Scorer interface {
	// Score sets Logs of each window, from its tokens alone. The windows are
	// valid during the call.
	Score(windows []Window) error
}

// Window is some tokens in a row: at most one more than the model takes, since of
// the last one it only has to say how likely it is.
type Window struct {
	IDs  []int
	From int // the first token that is scored; the others are context
	// Logs[i] is the natural logarithm of the probability of IDs[From+i] to come
	// after all that stand before it, -Inf if it cannot.
	Logs []float64
}

// Options of a measurement.
type Options struct {
	text.Reading
	Longest int // tokens that the model takes
	Stride  int // tokens from one window to the next, 1 to Longest; 0: DefaultStride
	// Each, if not nil, is shown the tokens in the order of the text, and the natural
	// logarithm of the probability of each: what Result adds up. It is NaN for a token that
	// begins a text and is context only. An error ends the measurement.
	Each func(t *text.Token, log float64) error
}

// Result is what a text amounts to.
type Result struct {
	Tokens  int     // that were scored
	Unknown int     // that are not in the vocabulary
	Blanks  int     // white space within lines that is not in the vocabulary, and was left out
	Log     float64 // sum of the natural logarithms of the probabilities, zeros left out
	// The part of Log and of Tokens that are the unknown ones, if they were scored.
	UnknownLog    float64
	UnknownTokens int
	Zeros         int // tokens that were said to be impossible
	UnknownZeros  int // those of them that are unknown
	First         *text.Token
}

// Bits a token, infinite if one of them was said to be impossible.
func (r Result) Bits() float64 { return bits(r.Log, r.Tokens, r.Zeros) }

// Perplexity is 2 to the bits a token.
func (r Result) Perplexity() float64 { return math.Exp2(r.Bits()) }

// KnownPerplexity is that of the tokens in the vocabulary alone; the others stay
// their context. It is NaN if there are none.
func (r Result) KnownPerplexity() float64 {
	if r.Tokens == r.UnknownTokens {
		return math.NaN()
	}
	return math.Exp2(bits(r.Log-r.UnknownLog, r.Tokens-r.UnknownTokens, r.Zeros-r.UnknownZeros))
}

func bits(log float64, tokens, zeros int) float64 {
	if zeros > 0 {
		return math.Inf(1)
	}
	return 0 - log/math.Ln2/float64(tokens) // not -0
}

// ErrNothing is the error for a text without a token that can be scored.
var ErrNothing = errors.New("the text has no token to score")

// batchTokens is how many tokens of windows are scored at once.
const batchTokens = 1 << 14

// Measure scores a text. progress, if not nil, is told how many tokens are done;
// cancelling ctx ends it with ctx's error. Errors other than those of the reader
// and of s are ErrNothing, *text.UnknownError and *text.EncodingError.
func Measure(ctx context.Context, from io.Reader, v text.Vocabulary, s Scorer, o Options, progress func(tokens int)) (Result, error) {
	if o.Stride == 0 {
		o.Stride = DefaultStride(o.Longest)
	}
	m := meter{scorer: s, progress: progress, each: o.Each}
	cut := newCutter(o.Longest, o.Stride, func(tokens []text.Token, from int) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		return m.add(tokens, from)
	})
	r := text.NewReader(from, v, o.Reading)
	for {
		t, err := r.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return Result{}, err
		}
		if err := cut.add(t); err != nil {
			return Result{}, err
		}
	}
	if err := cut.finish(); err != nil {
		return Result{}, err
	}
	if err := m.score(); err != nil {
		return Result{}, err
	}
	m.result.Unknown, m.result.Blanks = r.Unknown, r.Blanks
	if m.result.Tokens == 0 {
		return Result{}, ErrNothing
	}
	return m.result, nil
}

// meter collects windows, has them scored, and adds up.
type meter struct {
	scorer   Scorer
	progress func(tokens int)
	each     func(t *text.Token, log float64) error
	result   Result

	tokens  []text.Token // of all windows
	windows []Window
}

func (m *meter) add(tokens []text.Token, from int) error {
	if len(m.tokens)+len(tokens) > batchTokens && len(m.windows) > 0 {
		if err := m.score(); err != nil {
			return err
		}
	}
	m.tokens = append(m.tokens, tokens...)
	m.windows = append(m.windows, Window{IDs: make([]int, 0, len(tokens)), From: from})
	w := &m.windows[len(m.windows)-1]
	for _, t := range tokens {
		w.IDs = append(w.IDs, t.ID)
	}
	w.Logs = make([]float64, len(tokens)-from)
	return nil
}

func (m *meter) score() error {
	if err := m.scorer.Score(m.windows); err != nil {
		return err
	}
	start := 0
	for _, w := range m.windows {
		if t := &m.tokens[start]; t.Begins {
			if err := m.show(t, math.NaN()); err != nil {
				return err
			}
		}
		for i, log := range w.Logs {
			t := &m.tokens[start+w.From+i]
			if err := m.result.count(t, log); err != nil {
				return err
			}
			if err := m.show(t, log); err != nil {
				return err
			}
		}
		start += len(w.IDs)
	}
	m.tokens, m.windows = m.tokens[:0], m.windows[:0]
	if m.progress != nil {
		m.progress(m.result.Tokens)
	}
	return nil
}

func (m *meter) show(t *text.Token, log float64) error {
	if m.each == nil {
		return nil
	}
	return m.each(t, log)
}

func (r *Result) count(t *text.Token, log float64) error {
	if math.IsNaN(log) || log > 1e-6 {
		return fmt.Errorf("line %d, column %d: the logarithm of a probability is %v", t.Line, t.Col, log)
	}
	r.Tokens++
	if t.Unknown {
		r.UnknownTokens++
	}
	if math.IsInf(log, -1) {
		if r.Zeros++; r.Zeros == 1 {
			first := *t
			r.First = &first
		}
		if t.Unknown {
			r.UnknownZeros++
		}
		return nil
	}
	r.Log += log
	if t.Unknown {
		r.UnknownLog += log
	}
	return nil
}
