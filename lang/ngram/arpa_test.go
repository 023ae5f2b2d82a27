package ngram

import (
	"fmt"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rasp/runtime/bounded"
	"rasp/runtime/text"
)

const small = `\data\
ngram 1=4
ngram 2=2

\1-grams:
-99	<s>	-0.5
-0.5	</s>
-0.3	a	-0.2
-0.7	b

\2-grams:
-0.1	<s> a
-0.4	a b

\end\
`

func TestReadARPA(t *testing.T) {
	m, err := ReadARPA(strings.NewReader(small), "small.arpa")
	require.NoError(t, err)
	require.Equal(t, []string{"<s>", "</s>", "a", "b"}, m.Tokens())
	require.Equal(t, []int{3, 2}, m.Grams())
	log10 := func(before []string, token string) float64 { return m.Score(before, token) / math.Ln10 }
	require.InDelta(t, -0.1, log10([]string{"<s>"}, "a"), 1e-12)
	require.InDelta(t, -0.5-0.7, log10([]string{"<s>"}, "b"), 1e-12)
	require.InDelta(t, -0.4, log10([]string{"a", "a"}, "b"), 1e-12)
	require.InDelta(t, -0.2-0.5, log10([]string{"a"}, "</s>"), 1e-12)
	require.InDelta(t, -0.5, log10([]string{"b"}, "</s>"), 1e-12, "no weight is weight 0")
	require.True(t, math.IsInf(m.Score(nil, "z"), -1), "no <unk>")
}

// TestFormsOfARPA has the ways of the tools to say the same.
func TestFormsOfARPA(t *testing.T) {
	want, err := ReadARPA(strings.NewReader(small), "")
	require.NoError(t, err)
	for name, text := range map[string]string{
		"CRLF":                  strings.ReplaceAll(small, "\n", "\r\n"),
		"blanks":                strings.ReplaceAll(small, "\t", "  "),
		"no blank lines":        strings.ReplaceAll(small, "\n\n", "\n"),
		"blank lines":           strings.ReplaceAll(small, "\n", "\n \n"),
		"comment first":         "made by hand\n\n" + small,
		"BOM":                   "\ufeff" + small,
		"no last line break":    strings.TrimSuffix(small, "\n"),
		"more behind":           small + "\nsomething\n",
		"capitals":              strings.NewReplacer("<s>", "<S>", `\data\`, `\Data\`, "grams", "Grams").Replace(small),
		"<s> of 0":              strings.Replace(small, "-99", "0", 1),
		"wide header":           strings.Replace(small, "ngram 1=4", "ngram  1 =  4", 1),
		"weight 0":              strings.Replace(small, "</s>\n", "</s>\t0\n", 1),
		"weight of the longest": strings.Replace(small, "-0.4	a b", "-0.4	a b	0", 1),
		"exponent":              strings.Replace(small, "-0.4", "-4e-1", 1),
	} {
		m, err := ReadARPA(strings.NewReader(text), "")
		require.NoError(t, err, name)
		require.Equal(t, want.Tokens(), m.Tokens(), name)
		for _, before := range contexts(want, 2) {
			for _, token := range want.Tokens() {
				require.Equal(t, want.Score(before, token), m.Score(before, token), "%s: %q after %q", name, token, before)
			}
		}
	}
}

func TestUnknownInCapitals(t *testing.T) {
	m, err := ReadARPA(strings.NewReader(strings.Replace(small, "	b\n", "	<UNK>\n", 1)), "")
	require.EqualError(t, err, `line 13: the word "b" is not among the 1-grams`)
	require.Nil(t, m)
	m, err = ReadARPA(strings.NewReader(strings.ReplaceAll(strings.Replace(small, "	b\n", "	<UNK>\n", 1), "a b", "a <UNK>")), "")
	require.NoError(t, err)
	require.Equal(t, []string{"<s>", "</s>", "<unk>", "a"}, m.Tokens())
	require.InDelta(t, -0.4, m.Score([]string{"a"}, "never seen")/math.Ln10, 1e-12)
}

// manyOrders are the lines of the header from 3 to one too many.
func manyOrders() (lines string) {
	for n := 3; n <= MaxOrder+1; n++ {
		lines += fmt.Sprintf("\nngram %d=0", n)
	}
	return lines
}

func TestFaultyARPA(t *testing.T) {
	for _, test := range []struct{ old, new, message string }{
		{small, "", `no line \data\: this is no ARPA file`},
		{`\data\`, "data", `no line \data\: this is no ARPA file`},
		{"ngram 2=2", "ngram 3=2", `line 3: expected the number of 2-grams, found "ngram 3=2"`},
		{"ngram 2=2", "bigram 2=2", `line 3: expected \1-grams: or "ngram 2=" and a number, found "bigram 2=2"`},
		{"ngram 2=2", "ngram 2=99999999999999999999", "line 3: more than 1073741824 n-grams"},
		{"ngram 1=4\nngram 2=2\n", "", `line 3: expected "ngram 1=" and the number of 1-grams, found "\\1-grams:"`},
		{"ngram 2=2", "ngram 2=2" + manyOrders(), "line 18: 17-grams; the order is 1 to 16"},
		{"ngram 1=4", "ngram 1=5", "line 11: the header promises 5 1-grams, found 4"},
		{"ngram 1=4", "ngram 1=3", "line 9: more than the 3 1-grams that the header promises"},
		{`\2-grams:`, `\3-grams:`, `line 11: expected \2-grams:, found "\\3-grams:"`},
		{`\end\`, `\3-grams:`, `line 15: expected \end\, found "\\3-grams:"`},
		{`\end\`, "", `line 15: the file ends before \end\`},
		{"-0.4	a b\n\n\\end\\\n", "", `line 12: the file ends before \end\`},
		{"-0.3	a	-0.2", "-0.3	a	-0.2	1", `line 8: expected a log10 probability, 1 word and perhaps a log10 weight, found 4 fields: "-0.3\ta\t-0.2\t1"`},
		{"-0.4	a b", "-0.4	a", `line 13: expected a log10 probability, 2 words and perhaps a log10 weight, found 2 fields: "-0.4\ta"`},
		{"-0.4	a b", "x	a b", `line 13: expected a log10 probability, found "x"`},
		{"-0.4	a b", "nan	a b", `line 13: expected a log10 probability, found "nan"`},
		{"-0.4	a b", "-1e9	a b", `line 13: expected a log10 probability, found "-1e9"`},
		{"-0.4	a b", "0.4	a b", `line 13: a log10 probability is at most 0, found "0.4"`},
		{"-0.4	a b", "-0.4	a b	inf", `line 13: expected a log10 weight, found "inf"`},
		{"-0.4	a b", "-0.4	a c", `line 13: the word "c" is not among the 1-grams`},
		{"-0.4	a b", "-0.4	<s> a", `line 13: the 2-gram "<s> a" stands there twice`},
		{"-0.7	b", "-0.7	\xff", `line 9: the word "\xff" is not UTF-8`},
		{"-0.7	b", "-0.7	b\x00", `line 9: the word "b\x00" has a NUL byte`},
		{"-0.7	b", "-0.7	" + strings.Repeat("b", longestToken), "line 9: a line of more than 65536 bytes"},
		{small, "iARPA\n\n" + small, "this is " + others[0].what},
		{small, "mmap lm http://kheafield.com/code format version 5\n\x00", "this is " + others[1].what},
		{small, "blmt 3 3 1 1 1", "this is " + others[2].what},
		{small, "\\data\\\nngram 1=1\n\\1-grams:\n0 <s>\n\\end\\\n", "no token has a probability"},
	} {
		_, err := ReadARPA(strings.NewReader(strings.Replace(small, test.old, test.new, 1)), "")
		require.EqualError(t, err, test.message, "%q for %q", test.new, test.old)
	}
}

// TestSums finds the contexts whose probabilities do not sum to 1.
func TestSums(t *testing.T) {
	m, err := ReadARPA(strings.NewReader(small), "")
	require.NoError(t, err)
	p := func(x float64) float64 { return math.Pow(10, x) }
	all := p(-0.5) + p(-0.3) + p(-0.7)
	want := []Sum{
		{[]string{"a"}, p(-0.4) + p(-0.2)*(p(-0.5)+p(-0.3))},
		{[]string{"<s>"}, p(-0.1) + p(-0.5)*(p(-0.5)+p(-0.7))},
		{[]string{}, all}, {[]string{"b"}, all},
	}
	got := m.Sums(1e-3)
	require.Len(t, got, len(want))
	for _, w := range want {
		found := false
		for _, g := range got {
			if strings.Join(g.Context, " ") == strings.Join(w.Context, " ") {
				found = true
				require.InDelta(t, w.Sum, g.Sum, 1e-12, "after %q", w.Context)
			}
		}
		require.True(t, found, "after %q", w.Context)
	}
	require.Empty(t, m.Sums(1))
}

// FuzzReadARPA reads any bytes: an error or a model whose program can be written,
// never a panic.
func FuzzReadARPA(f *testing.F) {
	f.Add(small)
	file, err := os.ReadFile("testdata/rhyme.kenlm.arpa")
	require.NoError(f, err)
	f.Add(string(file))
	f.Add(strings.ReplaceAll(small, "a", `"`))
	f.Add(strings.Replace(small, "-0.1	<s> a", "-inf	a <s>", 1))
	f.Fuzz(func(t *testing.T, text string) {
		bounded.Work(t)
		m, err := ReadARPA(strings.NewReader(text), "fuzz.arpa")
		if err != nil {
			require.NotEmpty(t, err.Error())
			bounded.Words(t, err.Error(), text)
			return
		}
		m.Sums(1e-3)
		requireCanonical(t, program(t, m))
	})
}

// FuzzCount counts any bytes, in every way.
func FuzzCount(f *testing.F) {
	f.Add("the cat sat\non the mat\n", byte(3))
	f.Add("a\"b\\ \r\n\n#\ttab", byte(0xff))
	f.Fuzz(func(t *testing.T, from string, choice byte) {
		bounded.Work(t)
		o := Options{Order: 1 + int(choice)%MaxOrder, Split: text.Split(choice >> 7), MinCount: int(choice >> 6 & 1 * 2)}
		c, err := Count(reader(from), o)
		if err != nil {
			require.NotEmpty(t, err.Error())
			bounded.Words(t, err.Error(), from)
			return
		}
		m, err := c.Estimate(Smoothing(choice>>4&3), 0.5)
		require.NoError(t, err)
		require.Empty(t, m.Sums(1e-6))
		requireCanonical(t, program(t, m))
	})
}
