package ngram

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rasp/runtime/text"
)

// randomText has sentences of some words, which are the shorter the more frequent.
func randomText(r *rand.Rand, sentences int) string {
	var b strings.Builder
	for range sentences {
		for range r.IntN(12) {
			word := 1 + int(6*r.ExpFloat64())
			fmt.Fprintf(&b, "%s%c ", strings.Repeat("x", word/9), 'a'+word%9)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// TestBlocksAreTheText: however a text is cut into blocks, held or read twice, and into texts,
// the tries and counts are the same.
func TestBlocksAreTheText(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for _, o := range []Options{{Order: 1}, {Order: 3}, {Order: 3, Split: text.Words}, {Order: 16, Split: text.Words}, {Order: 4, Split: text.Words, MinCount: 3, VocabSize: 9}} {
		texts := []string{randomText(r, 30), randomText(r, 1), randomText(r, 20)}
		whole, err := Count(reader(strings.Join(texts, "")), o)
		require.NoError(t, err)
		var open []func() (io.ReadCloser, error)
		for _, text := range texts {
			if strings.HasSuffix(text, " \n") {
				text = strings.TrimSuffix(text, "\n")
			}
			open = append(open, reader(text))
		}
		for _, m := range []memory{usual, {block: 1, held: 1 << 20}, {block: 1}, {block: 40, held: 2}, {block: 200, held: 1}} {
			c, err := m.count(open, o)
			require.NoError(t, err)
			require.Equal(t, whole.vocab, c.vocab)
			require.Equal(t, [3]int64{whole.Sentences, whole.Tokens, whole.Unknown}, [3]int64{c.Sentences, c.Tokens, c.Unknown})
			require.True(t, fmt.Sprint(whole.trie, whole.count) == fmt.Sprint(c.trie, c.count), "%+v, %+v", o, m)
		}
	}
}

// TestSecondReading: a text that has other tokens then is no text.
func TestSecondReading(t *testing.T) {
	texts := []string{"a b a\n", "a c a\n"}
	open := func() (io.ReadCloser, error) {
		text := texts[0]
		texts = texts[1:]
		return io.NopCloser(strings.NewReader(text)), nil
	}
	_, err := memory{block: 1}.count([]func() (io.ReadCloser, error){open}, Options{Order: 2, Split: text.Words})
	require.EqualError(t, err, "text 1: the text changed while it was read")
}

// TestTooMany: that there are too many n-grams is the fault of no text.
func TestTooMany(t *testing.T) {
	r := &reading{Options: Options{Split: text.Words}, words: newWordTable(), most: 1, give: func([]int32) error { return errors.New("too many") }}
	err := r.readAll([]func() (io.ReadCloser, error){reader("a\n"), reader("b\n")})
	require.EqualError(t, err, "too many")
}

// TestTextError says which text is wrong.
func TestTextError(t *testing.T) {
	_, err := CountAll([]func() (io.ReadCloser, error){reader("a\n"), reader("b\nc\xff")}, Options{Order: 2, Split: text.Words})
	require.EqualError(t, err, "text 2: line 2: byte 0xff is not UTF-8")
	in := &TextError{}
	require.ErrorAs(t, err, &in)
	require.Equal(t, 1, in.Text)
}

func TestSortPairs(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	var spare []uint64
	for _, n := range []int{0, 1, 2, fewPairs, fewPairs + 1, 300, 5000} {
		for _, keys := range []uint64{1, 2, 200, 70_000, 1 << 32} {
			least := r.Uint64N(1<<32 - keys + 1)
			pairs := make([]uint64, n)
			for i := range pairs {
				pairs[i] = (least+r.Uint64N(keys))<<32 | uint64(i)
			}
			want := slices.Clone(pairs)
			slices.SortStableFunc(want, func(a, b uint64) int { return cmp.Compare(a>>32, b>>32) })
			spare = sortPairs(pairs, spare)
			require.Equal(t, want, pairs, "%d of %d keys", n, keys)
		}
	}
}

// slow gives a text byte by byte.
type slow struct{ io.Reader }

func (s slow) Read(p []byte) (int, error) { return s.Reader.Read(p[:min(1, len(p))]) }

// TestWordsAreThoseOfSentences: the reader of words alone finds the tokens and the faults that
// the reader of any text does.
func TestWordsAreThoseOfSentences(t *testing.T) {
	long := strings.Repeat("a", longestToken)
	for _, in := range []string{"", "\n", " \n\n", "a", "a b\r\n\nc", "\ufeffa\ufeff b\n", "\ufeff\n", "\v\f\t", "a\u00a0b \u3000c\n d", "a\nb \xe2\x82\n", "x\x00y",
		"a\n \x80", long + " b", "x " + long + "a", "x\n\n" + long + "\xff", strings.Repeat(long+"\n", 5) + "\xff", strings.Repeat("word ", 1<<17) + "\n\x00",
		"a <unk>\n", "<unk>\n<s>", "</s>", "<s", strings.Repeat("ä ö\n", 1<<16) + "\xc3"} {
		for _, skip := range []bool{false, true} {
			o := Options{Split: text.Words, SkipSymbols: skip}
			want, wantErr := tokensOf(o, strings.NewReader(in))
			for _, from := range []io.Reader{strings.NewReader(in), slow{strings.NewReader(in)}} {
				r := reading{Options: o, words: newWordTable(), most: 1 << 30}
				err := r.read(from)
				var got bytes.Buffer
				for _, token := range r.tokens {
					if token != beginID {
						fmt.Fprintf(&got, "%s ", r.words.name(int(token)))
					}
				}
				if wantErr != nil {
					require.EqualError(t, err, wantErr.Error(), "%.40q", in)
					continue
				}
				require.NoError(t, err, "%.40q", in)
				require.Equal(t, want, got.String(), "%.40q", in)
			}
		}
	}
}

// tokensOf are the tokens and the ends of the sentences.
func tokensOf(o Options, from io.Reader) (string, error) {
	var b strings.Builder
	for in := newSentences(from, o.Split); ; {
		token, end, err := in.next()
		switch {
		case err == io.EOF:
			return b.String(), nil
		case err != nil:
			return "", err
		case end:
			b.WriteString("</s> ")
			continue
		}
		mark := string(token) == text.BeginName || string(token) == text.EndName
		if o.SkipSymbols && o.Split == text.Words && (mark || string(token) == text.UnknownName) {
			continue
		}
		if mark {
			return "", in.errorf("the word %q, which marks where sentences begin and end, stands in the text", token)
		}
		fmt.Fprintf(&b, "%s ", token)
	}
}
