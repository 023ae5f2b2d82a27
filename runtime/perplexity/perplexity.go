// Package perplexity measures how well predictions of the next token fit a text.
//
// In come a text and what scores its tokens, a model or anything else; out come
// the number of tokens T and the sum of their log-probabilities, so
//
//	bits a token = -1/T sum log2 p,   perplexity = 2^(bits a token)
//
// (Jelinek et al. 1977). The text is read as it is needed: memory does not grow
// with it, nor with the length of a line. Sums are exact and rounded once, so the same
// text and scorer give the same result, however many goroutines compute, and in however
// many parts a text of sentences is scored.
//
//	window.go      windows over texts that are longer than a model
//	perplexity.go  batches of windows, sums
//	result.go      what the sums say: perplexities, bits a token, a byte, a character
//	error.go       their standard error
//	exact.go       sums without rounding
//	add.go         several texts, and parts of one
//	compare.go     two scorers on the same text
//	model.go       a model as a scorer
package perplexity

import (
	"context"
	"errors"
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
	// Orders[i] is the length of the n-gram that decided Logs[i]; 0 if the scorer has none.
	Orders []int
}

// Options of a measurement.
type Options struct {
	text.Reading
	Longest int // tokens that the model takes
	Stride  int // tokens from one window to the next, 1 to Longest; 0: DefaultStride
	// Each, if not nil, is shown the tokens in the order of the text, the natural logarithm
	// of the probability of each, which Result adds up, and the length of its n-gram, see
	// Window. The logarithm is NaN for a token that begins a text and is context only. An
	// error ends the measurement.
	Each func(t *text.Token, log float64, order int) error
}

// ErrNothing is the error for a text without a token that can be scored.
var ErrNothing = errors.New("the text has no token to score")

// batchTokens is how many tokens of windows are scored at once.
const batchTokens = 1 << 14

// Measure scores a text. progress, if not nil, is told how many tokens are done;
// cancelling ctx ends it with ctx's error. Errors other than those of the reader
// and of s are ErrNothing, beside which the result is that of the text, *text.UnknownError and
// *text.EncodingError.
func Measure(ctx context.Context, from io.Reader, v text.Vocabulary, s Scorer, o Options, progress func(tokens int)) (Result, error) {
	if o.Stride == 0 {
		o.Stride = DefaultStride(o.Longest)
	}
	m := meter{scorer: s, progress: progress, each: o.Each, end: -1, groups: newGroups(o.Sentences)}
	if o.Sentences {
		m.end = v.End
	}
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
	m.result.Bytes, m.result.Characters = r.Size()
	m.result.Lines, m.result.Numbers = r.Passed()
	m.groups.finish()
	m.result.Texts, m.result.sums.Groups = 1, m.groups.groupSums
	m.result.round()
	if m.result.Tokens == 0 {
		return m.result, ErrNothing
	}
	return m.result, nil
}

// meter collects windows, has them scored, and adds up.
type meter struct {
	scorer   Scorer
	progress func(tokens int)
	each     func(t *text.Token, log float64, order int) error
	end      int // the token that ends a sentence, -1 for none
	groups   *groups
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
	w.Logs, w.Orders = make([]float64, len(tokens)-from), make([]int, len(tokens)-from)
	return nil
}

func (m *meter) score() error {
	if err := m.scorer.Score(m.windows); err != nil {
		return err
	}
	start := 0
	for _, w := range m.windows {
		if t := &m.tokens[start]; t.Begins {
			m.groups.begin()
			if err := m.show(t, math.NaN(), 0); err != nil {
				return err
			}
		}
		for i, log := range w.Logs {
			t := &m.tokens[start+w.From+i]
			if err := m.result.count(t, log, t.ID == m.end); err != nil {
				return err
			}
			m.groups.add(-log / math.Ln2)
			if err := m.show(t, log, w.Orders[i]); err != nil {
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

func (m *meter) show(t *text.Token, log float64, order int) error {
	if m.each == nil {
		return nil
	}
	return m.each(t, log, order)
}
