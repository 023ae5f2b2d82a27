package ngram

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rasp/runtime/text"
)

// reader gives text as a file that can be opened again.
func reader(text string) func() (io.ReadCloser, error) {
	return func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }
}

func rhyme(t *testing.T) string {
	text, err := os.ReadFile("testdata/rhyme.txt")
	require.NoError(t, err)
	return string(text)
}

func estimated(t *testing.T, text string, o Options, s Smoothing, k float64) *Model {
	t.Helper()
	c, err := Count(reader(text), o)
	require.NoError(t, err)
	m, err := c.Estimate(s, k)
	require.NoError(t, err)
	return m
}

// TestKneserNeyIsThatOfKenLM compares with what lmplz of KenLM made of the same
// text (-o 3 --discount_fallback): each n-gram and weight of the file, and what
// follows from both.
func TestKneserNeyIsThatOfKenLM(t *testing.T) {
	ours := estimated(t, rhyme(t), Options{Order: 3, Split: text.Words}, KneserNey, 0)
	file, err := os.Open("testdata/rhyme.kenlm.arpa")
	require.NoError(t, err)
	defer file.Close()
	theirs, err := ReadARPA(file, "rhyme.kenlm.arpa")
	require.NoError(t, err)
	require.Contains(t, ours.Smoothing, "1-grams 0.3333 1.8 1.667, 2-grams 0.7037 0.4167 2.062, 3-grams 0.5 1 1.5 (too few to estimate)")
	require.Equal(t, []int{14, 27, 34}, ours.Grams(), "KenLM counts <s> too")
	require.Equal(t, theirs.Grams(), ours.Grams())
	for _, before := range contexts(ours, 3) {
		for _, token := range ours.Tokens() {
			require.InDelta(t, theirs.Score(before, token), ours.Score(before, token), 2e-6, "%q after %q", token, before)
		}
	}
}

// contexts are all sequences of up to n tokens.
func contexts(m *Model, n int) [][]string {
	all := [][]string{{}}
	for from := 0; n > 0; n-- {
		to := len(all)
		for _, before := range all[from:to] {
			for _, token := range m.Tokens() {
				all = append(all, append(before[:len(before):len(before)], token))
			}
		}
		from = to
	}
	return all
}

// TestProbabilitiesSumToOne after every context, seen or not.
func TestProbabilitiesSumToOne(t *testing.T) {
	for order := 1; order <= 4; order++ {
		for _, s := range []Smoothing{MLE, AddK, WittenBell, KneserNey} {
			m := estimated(t, "abab\nabba\n\nbaab\n", Options{Order: order}, s, 0.5)
			require.Empty(t, m.Sums(1e-9))
			for _, before := range contexts(m, order) {
				sum := 0.0
				for _, token := range m.Tokens() {
					sum += math.Exp(m.Score(before, token))
				}
				require.InDelta(t, 1, sum, 1e-12, "%s, order %d, after %q", s, order, before)
				require.True(t, math.IsInf(m.Score(before, text.BeginName), -1))
			}
		}
	}
}

// TestDefinitions computes probabilities from sentences by the formulas.
func TestDefinitions(t *testing.T) {
	const rhyme = "the cat sat\nthe dog sat\nthe cat ran\n"
	sentences := [][]string{{"<s>", "the", "cat", "sat", "</s>"}, {"<s>", "the", "dog", "sat", "</s>"}, {"<s>", "the", "cat", "ran", "</s>"}}
	count := func(gram ...string) (n float64) {
		for _, s := range sentences {
			for i := range s {
				if i+len(gram) <= len(s) && fmt.Sprint(s[i:i+len(gram)]) == fmt.Sprint(gram) && (len(gram) > 1 || gram[0] != "<s>") {
					n++
				}
			}
		}
		return n
	}
	words := []string{"the", "cat", "dog", "sat", "ran", "</s>", "<unk>"}
	sum := func(before ...string) (n, types float64) {
		for _, w := range words {
			if c := count(append(before[:len(before):len(before)], w)...); c > 0 {
				n, types = n+c, types+1
			}
		}
		return n, types
	}

	mle := estimated(t, rhyme, Options{Order: 3, Split: text.Words}, MLE, 0)
	addK := estimated(t, rhyme, Options{Order: 3, Split: text.Words}, AddK, 0.25)
	wittenBell := estimated(t, rhyme, Options{Order: 3, Split: text.Words}, WittenBell, 0)
	require.NotContains(t, mle.Tokens(), text.UnknownName)
	var wb func(w string, before ...string) float64
	wb = func(w string, before ...string) float64 {
		n, types := sum(before...)
		shorter := 1 / float64(len(words))
		if len(before) > 0 {
			shorter = wb(w, before[1:]...)
		}
		if n == 0 {
			return shorter
		}
		return (count(append(before[:len(before):len(before)], w)...) + types*shorter) / (n + types)
	}
	for _, before := range [][]string{{"<s>"}, {"<s>", "the"}, {"the", "cat"}, {"dog", "cat"}, {"dog", "sat"}} {
		n, _ := sum(before...)
		for _, w := range words {
			seen := count(append(before[:len(before):len(before)], w)...)
			require.InDelta(t, (seen+0.25)/(n+0.25*7), math.Exp(addK.Score(before, w)), 1e-12, "%q after %q", w, before)
			require.InDelta(t, wb(w, before...), math.Exp(wittenBell.Score(before, w)), 1e-12, "%q after %q", w, before)
			if n == 0 {
				continue
			}
			require.InDelta(t, seen/n, math.Exp(mle.Score(before, w)), 1e-12, "%q after %q", w, before)
		}
	}
	require.InDelta(t, math.Log(0.5), mle.Score([]string{"dog", "cat"}, "ran"), 1e-12, "a context never seen backs off")
	require.InDelta(t, math.Log(1.0/7), addK.Score([]string{"dog", "cat"}, "ran"), 1e-12, "or is uniform")
}

func TestVocabularyCutOff(t *testing.T) {
	const sentences = "b a b c\nb a d\n"
	for _, test := range []struct {
		o       Options
		tokens  []string
		unknown int64
	}{
		{Options{}, []string{"<s>", "</s>", "b", "a", "c", "d"}, 0},
		{Options{MinCount: 2}, []string{"<s>", "</s>", "<unk>", "b", "a"}, 2},
		{Options{VocabSize: 1}, []string{"<s>", "</s>", "<unk>", "b"}, 4},
		{Options{VocabSize: 3}, []string{"<s>", "</s>", "<unk>", "b", "a", "c"}, 1},
	} {
		test.o.Order, test.o.Split = 2, text.Words
		c, err := Count(reader(sentences), test.o)
		require.NoError(t, err)
		require.Equal(t, []int64{2, 9, test.unknown}, []int64{c.Sentences, c.Tokens, c.Unknown})
		m, err := c.Estimate(MLE, 0)
		require.NoError(t, err)
		require.Equal(t, test.tokens, m.Tokens())
	}
}

// TestSkipSymbols: the words are as if they were not there.
func TestSkipSymbols(t *testing.T) {
	o := Options{Order: 2, Split: text.Words, SkipSymbols: true}
	skipped := estimated(t, "a <s> b </s>\n<unk>\nb <unk> a\n</s>", o, KneserNey, 0)
	without := estimated(t, "a b\n\nb a\n\n", o, KneserNey, 0)
	require.Equal(t, program(t, without), program(t, skipped))
}

func TestTokens(t *testing.T) {
	for _, test := range []struct {
		in    string
		split text.Split
		want  string
	}{
		{"a b\r\n\nc", text.Words, "a,b,.,.,c,."},
		{" a\tb  c \r d\n", text.Words, "a,b,c,d,."},
		{"a b\r\n\nçü", text.Chars, "a, ,b,.,.,ç,ü,."},
		{"\ufeffa\n \n", text.Chars, "a,., ,."},
		{"\n", text.Chars, "."},
		{"", text.Chars, ""},
		{"a\r", text.Chars, "a,."},
		{"a\xffb\n", text.Chars, "a,line 1: byte 0xff is not UTF-8"},
		{"a\nb\xc3\n", text.Chars, "a,.,b,line 2: byte 0xc3 is not UTF-8"},
		{"a\nb \xe2\x82\n", text.Words, "a,.,b,line 2: byte 0xe2 is not UTF-8"},
		{"a\rb", text.Chars, "a,line 1: a carriage return that does not end the line"},
		{"a\x00", text.Chars, "a,line 1: a NUL byte; is this a text?"},
		{"x " + strings.Repeat("a", longestToken+1), text.Words, "x,line 1: a word of more than 65536 bytes; is this a text?"},
	} {
		var got []string
		in := newSentences(strings.NewReader(test.in), test.split)
		for {
			token, end, err := in.next()
			if err == io.EOF {
				break
			}
			if err != nil {
				got = append(got, err.Error())
				break
			}
			if end {
				token = []byte(".")
			}
			got = append(got, string(token))
		}
		require.Equal(t, test.want, strings.Join(got, ","), "%.40q", test.in)
	}
}

func TestTextsThatCannotBeCounted(t *testing.T) {
	for from, message := range map[string]string{
		"":                "the text has no tokens",
		"\n\n":            "the text has no tokens",
		"a b\nc </s> d\n": `line 2: the word "</s>", which marks where sentences begin and end, stands in the text`,
		"a\xff":           "line 1: byte 0xff is not UTF-8",
		"<unk> <unk>\n":   "the text has no tokens",
	} {
		_, err := Count(reader(from), Options{Order: 2, Split: text.Words})
		require.EqualError(t, err, message, "%q", from)
	}
	_, err := Count(reader("a b"), Options{Order: 2, Split: text.Words, MinCount: 2})
	require.EqualError(t, err, "no token occurs 2 times")
	_, err = Count(reader("a b"), Options{Order: 17})
	require.EqualError(t, err, "the order is 1 to 16, not 17")
}

func TestTooManyGrams(t *testing.T) {
	trie := newTrie(1, MaxGrams)
	trie.grams = MaxGrams
	_, err := trie.add(1, 0, 3, 0)
	require.EqualError(t, err, "more than 16777216 n-grams")
	const from = "a b c d e f"
	for _, c := range []struct {
		most int
		fits bool
	}{{20, false}, {21, true}, {0, true}, {math.MaxInt, true}} { // 8 single tokens, with <s> and </s>, 7 pairs, 6 triples
		for _, m := range []memory{usual, {block: 3, held: 1}} {
			_, err := m.count([]func() (io.ReadCloser, error){reader(from)}, Options{Order: 3, Split: text.Words, MaxGrams: c.most})
			if c.fits {
				require.NoError(t, err, c.most)
				continue
			}
			var many *TooManyError
			require.ErrorAs(t, err, &many)
			require.Equal(t, c.most, many.Most)
		}
	}
}

// program is the text of a model's program.
// programmed is a model of words, or of classes.
type programmed interface {
	Tokens() []string
	Score(before []string, token string) float64
	Program(to io.Writer, length int) error
}

func program(t *testing.T, m programmed) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, m.Program(&b, 64))
	return b.String()
}
