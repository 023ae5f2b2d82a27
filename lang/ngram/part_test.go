package ngram

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rasp/runtime/text"
)

// counted adds up what CountPart gives of the parts of a text, as lines in order.
func counted(t *testing.T, o Options, vocabulary map[string]bool, parts ...string) []string {
	t.Helper()
	return countedIn(t, mostSorted, o, vocabulary, parts...)
}

// countedIn is counted with blocks in which so many n-grams are found together.
func countedIn(t *testing.T, held int, o Options, vocabulary map[string]bool, parts ...string) []string {
	t.Helper()
	sums := map[string]int64{}
	for _, part := range parts {
		require.NoError(t, countPart(strings.NewReader(part), o, vocabulary, held, func(grams []string, counts []int64) error {
			for i, gram := range grams {
				sums[gram] += counts[i]
			}
			return nil
		}))
	}
	lines := []string{}
	for _, gram := range slices.Sorted(maps.Keys(sums)) {
		lines = append(lines, fmt.Sprintf("%s\t%d", gram, sums[gram]))
	}
	return lines
}

// written are the lines that Write writes of a text, in order.
func written(t *testing.T, o Options, from string) []string {
	t.Helper()
	c, err := Count(reader(from), o)
	require.NoError(t, err)
	var b bytes.Buffer
	require.NoError(t, c.Write(&b))
	lines := strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")
	slices.SortFunc(lines, func(a, b string) int {
		a, _, _ = strings.Cut(a, "\t")
		b, _, _ = strings.Cut(b, "\t")
		return strings.Compare(a, b)
	})
	return lines
}

// TestPartsAreTheText: the counts of parts add up to those of the text, line for line, whatever
// the order, the split and the symbols that stand in the text.
func TestPartsAreTheText(t *testing.T) {
	strange := "a\u00a0b <unk> c\r\n\r\nc\u3000d  e \n\n<space> \x1f z\n"
	for _, o := range []Options{{Order: 1}, {Order: 2}, {Order: 4}, {Order: 16}, {Order: 3, Split: text.Words}, {Order: 16, Split: text.Words}, {Order: 3, Split: text.Words, SkipSymbols: true}} {
		for _, all := range []string{rhyme(t), strange, strange + "<unk>", "a\n", "\n"} {
			if strings.Trim(all, "\n") == "" && o.Order > 1 {
				continue
			}
			if o.SkipSymbols {
				all = strings.ReplaceAll(all, "c", "<s> c </s>")
			}
			if all == "\n" {
				require.Equal(t, []string{"</s>\t1", "<s>\t1"}, counted(t, o, nil, all))
				continue
			}
			want := written(t, o, all)
			require.Equal(t, want, counted(t, o, nil, all))
			require.Equal(t, want, countedIn(t, 1, o, nil, all)) // a block for each piece that is read
			require.Equal(t, want, counted(t, o, nil, strings.SplitAfter(strings.TrimSuffix(all, "\n"), "\n")...))
		}
	}
}

// TestBlocksOfWords: words are read in pieces, and sentences go on in the next one.
func TestBlocksOfWords(t *testing.T) {
	all := strings.Repeat(strings.ReplaceAll(rhyme(t), "\n", " ")+"\n"+rhyme(t), 1+2*4*longestToken/len(rhyme(t)))
	for _, order := range []int{1, 2, 5, 16} {
		o := Options{Order: order, Split: text.Words}
		require.Equal(t, written(t, o, all), countedIn(t, 1, o, nil, all))
	}
}

// TestPartsWithinAVocabulary: with the names that another count leaves, the model is that of
// the text, byte for byte.
func TestPartsWithinAVocabulary(t *testing.T) {
	for _, o := range []Options{{Order: 3}, {Order: 3, Split: text.Words}} {
		o.Name, o.VocabSize = "rhyme", 5
		whole, err := Count(reader(rhyme(t)), o)
		require.NoError(t, err)
		names, err := fields(whole.vocab.names, func(int32) bool { return true })
		require.NoError(t, err)
		names = names[firstWord:]
		vocabulary, err := ReadVocabulary(strings.NewReader(strings.Join(names, "\t1\n") + "\t1\n"))
		require.NoError(t, err)
		require.Len(t, vocabulary, 5)
		o.VocabSize = 0
		read, err := ReadCounts(reader(strings.Join(counted(t, o, vocabulary, rhyme(t)), "\n")), o)
		require.NoError(t, err)
		a, err := whole.Estimate(KneserNey, 0)
		require.NoError(t, err)
		b, err := read.Estimate(KneserNey, 0)
		require.NoError(t, err)
		require.Equal(t, program(t, a), program(t, b))
		require.Equal(t, arpaOf(t, a), arpaOf(t, b))
	}
}

// TestPartOfALongLine: what is held is given away, and the line, though it does not end.
func TestPartOfALongLine(t *testing.T) {
	var long strings.Builder
	for i := range 2 * mostGiven {
		fmt.Fprintf(&long, "%x ", i)
	}
	require.Empty(t, counted(t, Options{Order: 3}, nil, ""))
	given, most := 0, 0
	err := CountPart(strings.NewReader(long.String()), Options{Order: 2, Split: text.Words}, nil, func(grams []string, counts []int64) error {
		given, most = given+len(grams), max(most, len(grams))
		require.Len(t, counts, len(grams))
		return nil
	})
	require.NoError(t, err)
	require.LessOrEqual(t, most, mostGiven)
	require.Equal(t, 4*mostGiven+3, given) // two for each token and "</s>", and one "<s>"
}

func TestPartsThatAreNone(t *testing.T) {
	for _, test := range []struct {
		from, message string
		split         text.Split
	}{
		{"a\nb </s>", `line 2: the word "</s>", which marks where sentences begin and end, stands in the text`, text.Words},
		{"a\tb", `line 1: a file of counts cannot hold the token "\t", since its tokens stand between blanks`, text.Chars},
		{"a\nb\xff", "line 2: byte 0xff is not UTF-8", text.Words},
	} {
		err := CountPart(strings.NewReader(test.from), Options{Order: 2, Split: test.split}, nil, func([]string, []int64) error { return nil })
		require.EqualError(t, err, test.message)
	}
	require.EqualError(t, CountPart(strings.NewReader("a"), Options{Order: 17}, nil, nil), "the order is 1 to 16, not 17")
	full := errors.New("full")
	require.ErrorIs(t, CountPart(strings.NewReader("a"), Options{Order: 2}, nil, func([]string, []int64) error { return full }), full)
	_, err := ReadVocabulary(strings.NewReader("a\t1\na b\t1\n"))
	require.EqualError(t, err, `line 2: a vocabulary has single tokens, and not "a b"`)
}
