package perplexity

import (
	"fmt"
	"math"

	"rasp/runtime/text"
)

// Result is what a text amounts to.
type Result struct {
	Tokens  int     // that were scored
	Unknown int     // that are not in the vocabulary
	Blanks  int     // white space within lines that is not in the vocabulary, and was left out
	Log     float64 // sum of the natural logarithms of the probabilities, zeros left out, rounded once
	// The part of Log and of Tokens that are the unknown ones, if they were scored.
	UnknownLog    float64
	UnknownTokens int
	Zeros         int // tokens that were said to be impossible
	UnknownZeros  int // those of them that are unknown
	First         *text.Token
	FirstText     int // of several texts: the one that has First, from 0; -1 for one that began before
	Texts         int // that begin here: none in a part that goes on with one
	// The part of Log, Tokens and Zeros that are the ends of sentences.
	EndLog    float64
	EndTokens int
	EndZeros  int
	// The size of the text with all its white space.
	Bytes, Characters int64
	// How far the last text goes, for what is added as a part of it: ends of lines, and the
	// largest Number of a token.
	Lines, Numbers int
	// Error is the standard error of Bits, by so many groups of tokens: the sentences,
	// or blocks of blockTokens; NaN if there are fewer than two, or a token is impossible.
	Error  float64
	Groups int

	sums sums
}

// sums are what a result has without rounding.
type sums struct {
	Log, Unknown, End exact
	Groups            groupSums
}

// round says what the sums are.
func (r *Result) round() {
	r.Log, r.UnknownLog, r.EndLog = r.sums.Log.value(), r.sums.Unknown.value(), r.sums.End.value()
	r.Groups, r.Error = r.sums.Groups.N, r.sums.Groups.error()
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

// EndlessPerplexity is that of the tokens that end no sentence; NaN if there are none.
func (r Result) EndlessPerplexity() float64 {
	if r.Tokens == r.EndTokens {
		return math.NaN()
	}
	return math.Exp2(bits(r.Log-r.EndLog, r.Tokens-r.EndTokens, r.Zeros-r.EndZeros))
}

// BitsPerByte is how many bits the whole text has by the predictions, for each of its
// bytes: what models with different tokens can be compared by. It says nothing of
// tokens that were left out, or of what stands behind <unk>.
func (r Result) BitsPerByte() float64 { return r.Bits() * float64(r.Tokens) / float64(r.Bytes) }

// BitsPerCharacter is likewise.
func (r Result) BitsPerCharacter() float64 {
	return r.Bits() * float64(r.Tokens) / float64(r.Characters)
}

// PerplexityError is the standard error of Perplexity: that of Bits times the slope of 2^x.
func (r Result) PerplexityError() float64 { return math.Ln2 * r.Perplexity() * r.Error }

func bits(log float64, tokens, zeros int) float64 {
	if zeros > 0 {
		return math.Inf(1)
	}
	return 0 - log/math.Ln2/float64(tokens) // not -0
}

func (r *Result) count(t *text.Token, log float64, ends bool) error {
	if math.IsNaN(log) || log > 1e-6 {
		return fmt.Errorf("line %d, column %d: the logarithm of a probability is %v", t.Line, t.Col, log)
	}
	r.Tokens++
	if t.Unknown {
		r.UnknownTokens++
	}
	if ends {
		r.EndTokens++
	}
	if math.IsInf(log, -1) {
		if r.Zeros++; r.Zeros == 1 {
			first := *t
			r.First = &first
		}
		if t.Unknown {
			r.UnknownZeros++
		}
		if ends {
			r.EndZeros++
		}
		return nil
	}
	r.sums.Log.add(log)
	if t.Unknown {
		r.sums.Unknown.add(log)
	}
	if ends {
		r.sums.End.add(log)
	}
	return nil
}
