package ngram

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rasp/runtime/bounded"
	"rasp/runtime/text"
)

// TestCountsMakeTheSameModel: the counts of a text, lines in any order and some in two
// parts, give the program and the ARPA file of the text, byte for byte.
func TestCountsMakeTheSameModel(t *testing.T) {
	for _, o := range []Options{{Order: 4}, {Order: 3, Split: text.Words}, {Order: 3, Split: text.Words, MinCount: 2}, {Order: 2, Split: text.Words, VocabSize: 3}} {
		o.Name = "rhyme"
		whole := o
		whole.MinCount, whole.VocabSize = 0, 0
		c, err := Count(reader(rhyme(t)), whole)
		require.NoError(t, err)
		var b bytes.Buffer
		require.NoError(t, c.Write(&b))
		lines := strings.Split(strings.TrimSpace(b.String()), "\n")
		for i, line := range lines {
			if gram, ok := strings.CutSuffix(line, "\t3"); ok {
				lines[i] = gram + "\t2"
				lines = append(lines, gram+"\t1")
			}
		}
		rand.New(rand.NewPCG(1, 2)).Shuffle(len(lines), func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
		for _, s := range []Smoothing{MLE, AddK, WittenBell, KneserNey} {
			c, err := Count(reader(rhyme(t)), o)
			require.NoError(t, err)
			read, err := ReadCounts(reader(strings.Join(lines, "\n")), o)
			require.NoError(t, err)
			require.Equal(t, []int64{c.Sentences, c.Tokens, c.Unknown}, []int64{read.Sentences, read.Tokens, read.Unknown})
			a, err := c.Estimate(s, 0.1)
			require.NoError(t, err)
			b, err := read.Estimate(s, 0.1)
			require.NoError(t, err)
			require.Equal(t, program(t, a), program(t, b))
			require.Equal(t, arpaOf(t, a), arpaOf(t, b))
		}
	}
}

// TestCountsOfUnusualBlanks: what is no blank of ASCII is part of a word, or a character.
func TestCountsOfUnusualBlanks(t *testing.T) {
	const all = "a\u00a0b c\nc\u3000d \u2028\n"
	for _, o := range []Options{{Order: 2, Name: "all"}, {Order: 2, Name: "all", Split: text.Words}} {
		c, err := Count(reader(all), o)
		require.NoError(t, err)
		var b bytes.Buffer
		require.NoError(t, c.Write(&b))
		read, err := ReadCounts(reader(b.String()), o)
		require.NoError(t, err)
		want, err := c.Estimate(KneserNey, 0)
		require.NoError(t, err)
		got, err := read.Estimate(KneserNey, 0)
		require.NoError(t, err)
		require.Equal(t, arpaOf(t, want), arpaOf(t, got))
	}
}

func TestCountsThatAreNone(t *testing.T) {
	const good = "a\t2\n</s>\t1\n<s> a\t1\na a\t1\na </s>\t1\n"
	c, err := ReadCounts(reader("\r\n"+strings.ReplaceAll(good, "\n", "\r\n")), Options{Split: text.Words})
	require.NoError(t, err)
	require.Equal(t, 2, c.trie.order())
	for _, test := range []struct{ old, new, message string }{
		{"a a\t1", "a a 1", `line 4: expected an n-gram, a tab and a count from 1, found "a a 1"`},
		{"a a\t1", "a a\t0", `line 4: expected an n-gram, a tab and a count from 1, found "a a\t0"`},
		{"a a\t1", "a a\t-1", `line 4: expected an n-gram, a tab and a count from 1, found "a a\t-1"`},
		{"a a\t1", "\t1", `line 4: expected an n-gram before the tab, found "\t1"`},
		{"a a\t1", "a <s>\t1", `line 4: the n-gram "a <s>" has <s> inside`},
		{"a a\t1", "</s> a\t1", `line 4: the n-gram "</s> a" has </s> inside`},
		{"a a\t1", "a \xff\t1", `line 4: the n-gram "a \xff" is not UTF-8, or has a NUL byte`},
		{"a a\t1", "a a\t1\na a\t9007199254740992", `line 5: the counts of "a a" add up to more than 9007199254740992`},
		{"a a\t1\n", "", `counts are missing: the 1-gram "a" has 2, and the 2-grams that begin with it 1`},
		{"<s> a\t1\n", "", `counts are missing: the 1-gram "<s>" has 1, and the 2-grams that begin with it 0`},
		{"a\t2\n", "a\t3\n", `counts are missing: the 1-gram "a" has 3, and the 2-grams that begin with it 2`},
		{"</s>\t1\n", "", `no count of "</s>", which ends each sentence`},
		{good, "", "the longest n-gram has 0 tokens; the order is at most that, and 16"},
		{good, "</s>\t1\n", "the text has no tokens"},
	} {
		_, err := ReadCounts(reader(strings.Replace(good, test.old, test.new, 1)), Options{Split: text.Words})
		require.EqualError(t, err, test.message)
	}
	_, err = ReadCounts(reader(good), Options{Order: 3})
	require.EqualError(t, err, "the longest n-gram has 2 tokens; the order is at most that, and 16")
}

// FuzzReadCounts reads any bytes: an error, or counts that make a model that sums to 1.
func FuzzReadCounts(f *testing.F) {
	f.Add("a\t2\n</s>\t1\n<s> a\t1\na a\t1\na </s>\t1\n")
	f.Fuzz(func(t *testing.T, from string) {
		bounded.Work(t)
		c, err := ReadCounts(reader(from), Options{Split: text.Words})
		if err != nil {
			bounded.Words(t, err.Error(), from)
			return
		}
		m, err := c.Estimate(KneserNey, 0)
		require.NoError(t, err)
		require.Empty(t, m.Sums(1e-6))
	})
}
