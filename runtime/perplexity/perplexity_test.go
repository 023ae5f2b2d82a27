package perplexity

import (
	"context"
	"errors"
	"io"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rasp/runtime/bounded"
	"rasp/runtime/text"
)

// abc has the characters "a", "b", "c", and the tokens of sentences if they are
// asked for.
func abc(special bool) text.Vocabulary {
	v := text.Vocabulary{IDs: map[string]int{"a": 0, "b": 1, "c": 2}, Begin: -1, End: -1, Unknown: -1}
	if special {
		v.IDs["<s>"], v.IDs["</s>"], v.IDs["<unk>"] = 3, 4, 5
		v.Begin, v.End, v.Unknown = 3, 4, 5
	}
	return v
}

// scorer gives the token of id after an input of n tokens, the last of which is
// before, the probability p(id, before, n).
type scorer func(id, before, n int) float64

func (s scorer) Score(windows []Window) error {
	for _, w := range windows {
		for i := range w.Logs {
			t := w.From + i
			w.Logs[i] = math.Log(s(w.IDs[t], w.IDs[t-1], t))
		}
	}
	return nil
}

// half says 1/2 to everything.
func half(int, int, int) float64 { return 0.5 }

func measure(from string, v text.Vocabulary, s scorer, o Options) (Result, error) {
	if o.Longest == 0 {
		o.Longest = 8
	}
	return Measure(context.Background(), strings.NewReader(from), v, s, o, nil)
}

func TestCounts(t *testing.T) {
	chars, words := text.Reading{}, text.Reading{Split: text.Words}
	lines := func(r text.Reading) text.Reading { r.Sentences = true; return r }
	skip := func(r text.Reading) text.Reading { r.SkipUnknown = true; return r }
	newline := abc(false)
	newline.IDs["\n"] = 3
	for _, c := range []struct {
		text            string
		v               text.Vocabulary
		how             text.Reading
		tokens, unknown int
	}{
		{"abc", abc(false), chars, 2, 0},       // the first is context
		{"abc\n", abc(false), chars, 2, 0},     // the end of a line is no token
		{"ab\r\nc\n", abc(false), chars, 2, 0}, // nor in the middle
		{"ab\r\nc\n", newline, chars, 4, 0},    // but where the vocabulary has it
		{"a b c\n", abc(false), chars, 2, 0},
		{"\ufeffabc", abc(false), chars, 2, 0},
		{"abc", abc(true), chars, 3, 0}, // after "<s>"
		{"abz", abc(true), chars, 3, 1},
		{"azbz", abc(false), skip(chars), 1, 2},
		{"abz", abc(true), skip(chars), 2, 1},
		{"abc\nab", abc(true), lines(chars), 7, 0}, // 3+1 and 2+1
		{"abc\nab\n", abc(true), lines(chars), 7, 0},
		{"a b\t c\v\n\n  a zz \n", abc(true), lines(words), 8, 1}, // an empty line is a sentence
		{"a <unk> b\n", abc(true), lines(words), 4, 1},
		{"\n", abc(true), lines(words), 1, 0},
		{"a b  c", abc(false), words, 2, 0},
		{strings.Repeat("a", 100_000) + " b", abc(true), words, 2, 1},
		{strings.Repeat("abc", 100_000), abc(true), lines(chars), 300_001, 0},
	} {
		r, err := measure(c.text, c.v, half, Options{Reading: c.how})
		require.NoError(t, err)
		require.Equal(t, c.tokens, r.Tokens, "%.20q %+v", c.text, c.how)
		require.Equal(t, c.unknown, r.Unknown, "%.20q %+v", c.text, c.how)
		require.InDelta(t, 2, r.Perplexity(), 1e-9)
		require.InDelta(t, 1, r.Bits(), 1e-9)
	}
}

func TestBlanksAreCounted(t *testing.T) {
	r, err := measure("a b c\n", abc(false), half, Options{})
	require.NoError(t, err)
	require.Equal(t, 2, r.Blanks)
}

// Perplexity with and without unknown words, as KenLM's query defines both.
func TestWithoutUnknown(t *testing.T) {
	r, err := measure("a z\nz b\n", abc(true), func(id, _, _ int) float64 {
		return []float64{0.5, 0.25, 0, 0, 0.125, 0.01}[id]
	}, Options{Reading: text.Reading{Split: text.Words, Sentences: true}})
	require.NoError(t, err)
	require.Equal(t, 6, r.Tokens)
	require.InEpsilon(t, math.Pow(0.5*0.25*0.125*0.125*0.01*0.01, -1./6), r.Perplexity(), 1e-12)
	require.InEpsilon(t, math.Pow(0.5*0.25*0.125*0.125, -1./4), r.KnownPerplexity(), 1e-12)
}

// The sum over windows is that over the tokens one by one, each in the context
// that its window gives it.
func TestAgainstDirectSum(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 5))
	p := func(id, before, n int) float64 { return 1 / float64(2+id+3*before+n%5) }
	for range 300 {
		var abcs strings.Builder
		ids := []int{}
		for range 2 + r.IntN(60) {
			id := r.IntN(3)
			ids = append(ids, id)
			abcs.WriteString("abc"[id : id+1])
		}
		o := Options{Longest: 1 + r.IntN(12)}
		o.Stride = 1 + r.IntN(o.Longest)
		length := o.Longest
		if o.Stride == o.Longest || len(ids) == length+1 {
			length++
		}
		want := 0.0
		for _, s := range huggingFace(len(ids), length, o.Stride) {
			want += math.Log(p(ids[s.token], ids[s.token-1], s.context))
		}
		got, err := measure(abcs.String(), abc(false), p, o)
		require.NoError(t, err)
		require.Equal(t, len(ids)-1, got.Tokens)
		require.InDelta(t, want, got.Log, 1e-9)
	}
}

func TestZeroHasAPlace(t *testing.T) {
	r, err := measure("ab\nacbc\n", abc(true), func(id, before, _ int) float64 {
		if id == 1 && before == 2 || id == 4 {
			return 0
		}
		return 0.5
	}, Options{})
	require.NoError(t, err)
	require.Equal(t, 1, r.Zeros)
	require.Equal(t, text.Token{ID: 1, Number: 5, Line: 2, Col: 3}, *r.First)
	require.True(t, math.IsInf(r.Perplexity(), 1))
	require.True(t, math.IsInf(r.Bits(), 1))
	require.InDelta(t, 5*math.Log(0.5), r.Log, 1e-12)
}

func TestErrors(t *testing.T) {
	_, err := measure("", abc(true), half, Options{})
	require.ErrorIs(t, err, ErrNothing)
	_, err = measure("a\n", abc(false), half, Options{})
	require.ErrorIs(t, err, ErrNothing)

	var unknown *text.UnknownError
	_, err = measure("ab\nabzb", abc(false), half, Options{})
	require.ErrorAs(t, err, &unknown)
	require.Equal(t, text.UnknownError{Text: `"z"`, Number: 5, Line: 2, Col: 3}, *unknown)
	_, err = measure(strings.Repeat("é", 1000), abc(false), half, Options{Reading: text.Reading{Split: text.Words}})
	require.ErrorAs(t, err, &unknown)
	require.Less(t, len(unknown.Text), 100)

	var encoding *text.EncodingError
	for _, split := range []text.Split{text.Chars, text.Words} {
		_, err = measure("ab\ncb\xffa", abc(true), half, Options{Reading: text.Reading{Split: split}})
		require.ErrorAs(t, err, &encoding)
		require.Equal(t, text.EncodingError{Line: 2, Col: 3, Byte: 0xff}, *encoding)
	}

	_, err = measure("abc", abc(false), func(int, int, int) float64 { return math.NaN() }, Options{})
	require.ErrorContains(t, err, "line 1, column 2: the logarithm of a probability is NaN")

	broken := errors.New("broken")
	_, err = Measure(context.Background(), io.MultiReader(strings.NewReader("ab"), failing{broken}), abc(false), scorer(half), Options{Longest: 4}, nil)
	require.ErrorIs(t, err, broken)
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// Memory does not grow with the text, nor with the line or the word.
func TestConstantMemory(t *testing.T) {
	size := int64(3 << 20)
	if testing.Short() {
		size = 1 << 19
	}
	for _, unit := range []string{"a", "a ", "ab\n"} {
		from := io.LimitReader(&endless{unit: unit}, size)
		windows := 0
		s := watching{func(list []Window) {
			windows += len(list)
			tokens := 0
			for _, w := range list {
				tokens += len(w.IDs)
			}
			require.LessOrEqual(t, tokens, batchTokens)
		}}
		_, err := Measure(context.Background(), from, abc(true), s, Options{Longest: 64, Reading: text.Reading{Split: text.Words}}, nil)
		require.NoError(t, err)
	}
	c := newCutter(10, 5, func([]text.Token, int) error { return nil })
	for i := range 10_000 {
		require.NoError(t, c.add(text.Token{Begins: i == 0}))
	}
	require.LessOrEqual(t, cap(c.tokens), 32)
}

type endless struct {
	unit string
	at   int
}

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = e.unit[e.at%len(e.unit)]
		e.at++
	}
	return len(p), nil
}

type watching struct{ see func([]Window) }

func (w watching) Score(windows []Window) error {
	w.see(windows)
	return scorer(half).Score(windows)
}

func TestInterrupt(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := Measure(ctx, strings.NewReader("abcabc"), abc(false), scorer(half), Options{Longest: 4}, nil)
	require.ErrorIs(t, err, context.Canceled)
}

// Each token is shown once, in the order of the text, with what the result adds up; the first
// of a text, which is context only, without a number.
func TestEach(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	uneven := scorer(func(id, before, n int) float64 { return 1 / float64(2+id+3*before) })
	for range 300 {
		var from strings.Builder
		for range 1 + r.IntN(40) {
			from.WriteByte("abc\n"[r.IntN(4)])
		}
		for _, sentences := range []bool{false, true} {
			o := Options{Longest: 1 + r.IntN(6), Reading: text.Reading{Sentences: sentences}}
			o.Stride = 1 + r.IntN(o.Longest)
			shown, contexts := 0, 0
			var sum exact
			o.Each = func(token *text.Token, log float64, _ int) error {
				if math.IsNaN(log) {
					require.True(t, token.Begins)
					contexts++
					return nil
				}
				shown++
				require.False(t, token.Begins)
				if !sentences {
					require.Equal(t, shown+1, token.Number)
				}
				sum.add(log)
				return nil
			}
			result, err := measure(from.String(), abc(sentences), uneven, o)
			if err != nil {
				require.ErrorIs(t, err, ErrNothing)
				continue
			}
			require.Equal(t, result.Tokens, shown)
			require.Equal(t, result.Log, sum.value(), "the same sum, bit for bit")
			if !sentences {
				require.Equal(t, 1, contexts)
			}
		}
	}
	broken := errors.New("broken")
	_, err := measure("abc", abc(false), half, Options{Each: func(*text.Token, float64, int) error { return broken }})
	require.ErrorIs(t, err, broken)
}

func FuzzMeasure(f *testing.F) {
	f.Add("ab c\nzz", uint8(3), uint8(2), uint8(0))
	f.Add("\xff\n\n<s>", uint8(1), uint8(1), uint8(7))
	f.Fuzz(func(t *testing.T, from string, longest, stride, flags uint8) {
		bounded.Work(t)
		o := Options{Longest: 1 + int(longest), Reading: text.Reading{Split: text.Split(flags & 1), Sentences: flags&2 != 0, SkipUnknown: flags&4 != 0}}
		o.Stride = 1 + int(stride)%o.Longest
		r, err := measure(from, abc(true), half, o)
		if err != nil {
			bounded.Words(t, err.Error(), from)
			return
		}
		require.Positive(t, r.Tokens)
		require.InDelta(t, 2, r.Perplexity(), 1e-9)
	})
}
