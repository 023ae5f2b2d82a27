package ngram

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rasp/runtime/text"
)

const rhymeClasses = `the DET
a	DET
cat N
dog N
mat N

sat V
saw V
`

// inClasses counts a text of words in classes of a file.
func inClasses(t *testing.T, content, classes string, o Options) *ClassCounts {
	t.Helper()
	c, err := Count(reader(content), o)
	require.NoError(t, err)
	k, err := ReadClasses("classes", classes, o.Split)
	require.NoError(t, err)
	in, err := c.InClasses(k)
	require.NoError(t, err)
	return in
}

func classModel(t *testing.T, content, classes string, o Options, s Smoothing) *ClassModel {
	t.Helper()
	m, err := inClasses(t, content, classes, o).Estimate(s, 0.5)
	require.NoError(t, err)
	return m
}

// TestClassProgram compares with programs that can be read.
func TestClassProgram(t *testing.T) {
	for name, m := range map[string]*ClassModel{
		"classes":        classModel(t, rhyme(t), rhymeClasses, Options{Name: "rhyme.txt", Order: 3, Split: text.Words}, WittenBell),
		"classes_alone":  classModel(t, rhyme(t), rhymeClasses, Options{Name: "rhyme.txt", Order: 1, Split: text.Words}, MLE),
		"classes_quotes": classModel(t, `say "no" or "yes" say "`, "say a\"b\n\"no\" c\n\"yes\" c\n", Options{Name: "a line", Order: 2, Split: text.Words}, WittenBell),
	} {
		requireProgram(t, name, m)
	}
}

// TestClassesByHand: the text has 7 tokens, 2 of them </s>, 2 D, 2 N and 1 V; after "<s>" D
// is sure, and after D N.
func TestClassesByHand(t *testing.T) {
	const content, classes = "the cat\na dog sat\n", "the D\na D\ncat N\ndog N\nsat V\n"
	alone := classModel(t, content, classes, Options{Order: 1, Split: text.Words}, MLE)
	require.InDelta(t, math.Log(2.0/7*1/2), alone.Score(nil, "dog"), 1e-12)
	pairs := classModel(t, content, classes, Options{Order: 2, Split: text.Words}, MLE)
	sum := 0.0
	for _, p := range []struct {
		before, word string
		want         float64
	}{
		{"<s>", "the", 0.5}, {"the", "dog", 0.5}, {"dog", "</s>", 0.5},
		{"<s>", "a", 0.5}, {"a", "cat", 0.5}, {"cat", "sat", 0.5}, {"sat", "</s>", 1},
	} {
		log := pairs.Score([]string{p.before}, p.word)
		require.InDelta(t, math.Log(p.want), log, 1e-12, "%s after %s", p.word, p.before)
		sum += log
	}
	require.InDelta(t, math.Pow(2, 6.0/7), math.Exp(-sum/7), 1e-12, "the perplexity")
}

// classText is the text with the name of its class for each word.
func classText(content string, class map[string]string) string {
	var b strings.Builder
	for line := range strings.Lines(content) {
		for i, word := range strings.Fields(line) {
			if name, is := class[word]; is {
				word = name
			}
			b.WriteString(" "[:min(i, 1)] + word)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// TestClassesAreATextOfClasses: the probability of a class is that of a model of words, of
// the text in which each word is the name of its class; that of a word in its class is the
// part of it that it has. Probabilities sum to 1 after all contexts.
func TestClassesAreATextOfClasses(t *testing.T) {
	class := map[string]string{"the": "DET", "a": "DET", "cat": "N", "dog": "N", "mat": "N", "sat": "V", "saw": "V"}
	times, all := map[string]float64{}, map[string]float64{}
	for _, word := range strings.Fields(rhyme(t)) {
		times[word]++
		all[class[word]]++
	}
	nameOf := func(word string) string {
		if name, is := class[word]; is {
			return name
		}
		return word
	}
	for order := 1; order <= 4; order++ {
		for _, s := range []Smoothing{MLE, AddK, WittenBell, KneserNey} {
			o := Options{Order: order, Split: text.Words}
			m := classModel(t, rhyme(t), rhymeClasses, o, s)
			classes := estimated(t, classText(rhyme(t), class), o, s, 0.5)
			require.Equal(t, classes.Grams(), m.Grams())
			r := rand.New(rand.NewPCG(uint64(order), uint64(s)))
			tokens := m.Tokens()
			for range 50 {
				var before, given []string
				for range r.IntN(order + 1) {
					word := tokens[r.IntN(len(tokens))]
					before, given = append(before, word), append(given, nameOf(word))
				}
				sum := 0.0
				for _, word := range tokens {
					want := classes.Score(given, nameOf(word))
					if _, is := class[word]; is {
						want += math.Log(times[word] / all[class[word]])
					}
					got := m.Score(before, word)
					sum += math.Exp(got)
					if !math.IsInf(want, -1) {
						require.InDelta(t, want, got, 1e-12, "%q after %q", word, before)
					}
				}
				require.InDelta(t, 1, sum, 1e-9, "after %q", before)
			}
		}
	}
}

// TestClassProgramsMeanTheModel, and so do ARPA files, whatever the text and the classes.
func TestClassProgramsMeanTheModel(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 30 {
		var content, classes strings.Builder
		words := 2 + r.IntN(12)
		for w := range words {
			if name := r.IntN(5); name > 0 {
				fmt.Fprintf(&classes, "w%d c%d\n", w, name)
			}
		}
		fmt.Fprintf(&content, "w%d\n", words)
		fmt.Fprintf(&classes, "w%d c0\n", words)
		for range 1 + r.IntN(100) {
			fmt.Fprintf(&content, "w%d%c", r.IntN(words), " \n"[r.IntN(8)/7])
		}
		s := Smoothing(r.IntN(4))
		in := inClasses(t, content.String(), classes.String(), Options{Order: 1 + r.IntN(4), Split: text.Words, MinCount: 1})
		if s >= WittenBell && r.IntN(2) == 0 {
			require.NoError(t, in.Prune([]int{0, r.IntN(2)}[:min(in.trie.order(), 2)]))
		}
		m, err := in.Estimate(s, 0.5)
		require.NoError(t, err)
		requireMeaning(t, m, r)
		var file bytes.Buffer
		require.NoError(t, m.ARPA(&file))
		words2, err := ReadARPA(&file, "")
		require.NoError(t, err)
		requireScores(t, m, words2, r)
	}
}

// requireScores wants a model read from an ARPA file to have the probabilities of one of
// classes, to the digits of the file; 1e-99 for none.
func requireScores(t *testing.T, want *ClassModel, got *Model, r *rand.Rand) {
	t.Helper()
	tokens := want.Tokens()
	for range 30 {
		var before []string
		for range r.IntN(want.Order() + 1) {
			before = append(before, tokens[r.IntN(len(tokens))])
		}
		for _, word := range tokens {
			if p := want.Score(before, word); !math.IsInf(p, -1) {
				require.InDelta(t, p, got.Score(before, word), 4e-6, "%q after %q", word, before)
			} else {
				require.Less(t, got.Score(before, word), -200.0)
			}
		}
	}
}

// TestClassesThatSRILMWrites have probabilities of their own: a word that the text lacks is
// known, if its class occurs.
func TestClassesThatSRILMWrites(t *testing.T) {
	const classes = "N 0.5 cat\nN 0.25 dog\nN 0.25001 cow\nANIMAL 1 unicorn\n"
	in := inClasses(t, "the cat\nthe dog\n", classes, Options{Order: 2, Split: text.Words})
	require.Equal(t, ClassUsage{Classes: 1, Words: 3, Single: 1, Unseen: 1}, in.Usage)
	m, err := in.Estimate(WittenBell, 0)
	require.NoError(t, err)
	require.Equal(t, []string{"<s>", "</s>", "<unk>", "the", "cat", "dog", "cow"}, m.Tokens())
	require.InDelta(t, math.Log(2), m.Score([]string{"the"}, "cat")-m.Score([]string{"the"}, "cow"), 1e-4)
	requireMeaning(t, m, rand.New(rand.NewPCG(1, 1)))
}

// TestKindsOfClassFiles: of three fields the second kind, the third, or a fault with its place.
func TestKindsOfClassFiles(t *testing.T) {
	c, err := ReadClasses("paths", "0010 cat 12\n0010\tdog\t3\r\n011 1 7\n", text.Words)
	require.NoError(t, err)
	require.Equal(t, []string{"cat", "dog", "1"}, c.words)
	require.Equal(t, "bits 011", c.of["1"].class)
	c, err = ReadClasses("letters", "<space> blank\na letter", text.Chars)
	require.NoError(t, err)
	require.Equal(t, []string{" ", "a"}, c.words)
	var b bytes.Buffer
	require.NoError(t, c.Write(&b))
	require.Equal(t, "<space>\tblank\na\tletter\n", b.String())
	for content, want := range map[string]string{
		"\n":                      `x has no line "word class"`,
		"cat N\ndog\n":            "x:2:1: syntax error: 1 field, and the line before has 2: all lines are of one kind",
		"cat\n":                   `x:1:1: syntax error: expected "word class", "class probability word" or "bits word count"`,
		"N 0.5 cat\nN much dog\n": `x:2:1: syntax error: expected "word class", "class probability word" or "bits word count"`,
		"NUM 0.5 twenty one\n":    `x:1:1: syntax error: expected "word class", "class probability word" or "bits word count"`,
		"01 1 7\n":                `x:1:1: syntax error: each line can be read as "class probability word" and as "bits word count"`,
		"cat N\n\n  cat V\n":      `x:3:1: value error: line 1 has put the word "cat" into the class "N"`,
		"cat N\n<s> N\n":          "x:2:1: value error: <s>, </s> and <unk> are classes of their own",
		"cat </s>\n":              "x:1:1: value error: <s>, </s> and <unk> are classes of their own",
		"cat N\ndog \xff\n":       "x:2:1: syntax error: the line is not UTF-8, or has a NUL byte",
		"N 0.5 cat\nN 0.4 dog\n":  `x:1:1: value error: the probabilities of the words of class "N" sum to 0.9, not to 1`,
		"N 1 cat\nN 0 dog\n":      `x:2:1: value error: the word "dog" has no probability in its class`,
	} {
		_, err := ReadClasses("x", content, text.Words)
		require.EqualError(t, err, want, "%q", content)
	}
	c, err = ReadClasses("x", "cat the\n", text.Words)
	require.NoError(t, err)
	counts, err := Count(reader("the cat\n"), Options{Order: 2, Split: text.Words})
	require.NoError(t, err)
	_, err = counts.InClasses(c)
	require.EqualError(t, err, `x:1:1: value error: the class "the" has the name of a word of the text that is in no class`)
	c, err = ReadClasses("x", "011 the 12\n", text.Words)
	require.NoError(t, err)
	counts, err = Count(reader("the 011\n"), Options{Order: 2, Split: text.Words})
	require.NoError(t, err)
	in, err := counts.InClasses(c)
	require.NoError(t, err)
	require.Equal(t, ClassUsage{Classes: 1, Words: 1, Single: 1}, in.Usage)
	c, err = ReadClasses("x", "cow N\n", text.Words)
	require.NoError(t, err)
	_, err = counts.InClasses(c)
	require.EqualError(t, err, "none of the words is in the vocabulary of the text")
}

// TestTooManyWordsOfClasses: 300 words of one class make 300^3 n-grams of three words.
func TestTooManyWordsOfClasses(t *testing.T) {
	var content, classes strings.Builder
	for w := range 300 {
		fmt.Fprintf(&content, "w%d ", w)
		fmt.Fprintf(&classes, "w%d c\n", w)
	}
	m := classModel(t, content.String(), classes.String(), Options{Order: 3, Split: text.Words}, WittenBell)
	_, err := m.Expand()
	require.ErrorContains(t, err, "with all words of the classes, more than 16777216 n-grams")
}

// likelihood of classes that are predicted from the class before, less what no class
// changes: F of exchange, added up anew.
func likelihood(content string, class map[string]string) float64 {
	pairs, first, second := map[[2]string]float64{}, map[string]float64{}, map[string]float64{}
	for line := range strings.Lines(classText(content, class)) {
		before := text.BeginName
		for _, name := range append(strings.Fields(line), text.EndName) {
			pairs[[2]string{before, name}]++
			first[before]++
			second[name]++
			before = name
		}
	}
	sum := 0.0
	for _, n := range pairs {
		sum += n * math.Log(n)
	}
	for _, counts := range []map[string]float64{first, second} {
		for _, n := range counts {
			sum -= n * math.Log(n)
		}
	}
	return sum
}

// TestClusterIsBest: no single word in another class makes the text likelier, and the
// classes are those that the text was written with.
func TestClusterIsBest(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	var content strings.Builder
	for range 400 {
		fmt.Fprintf(&content, "d%d n%d v%d d%d n%d\n", r.IntN(3), r.IntN(8), r.IntN(5), r.IntN(3), r.IntN(8))
	}
	counts, err := Count(reader(content.String()), Options{Order: 2, Split: text.Words})
	require.NoError(t, err)
	found, err := counts.Cluster(context.Background(), 3)
	require.NoError(t, err)
	class := map[string]string{}
	for _, word := range found.words {
		class[word] = found.of[word].class
	}
	for _, word := range found.words {
		require.Equal(t, class[word[:1]+"0"], class[word], "%q is with its kind", word)
	}
	best := likelihood(content.String(), class)
	for _, word := range found.words {
		here := class[word]
		for other := range 3 {
			class[word] = strconv.Itoa(other + 1)
			require.LessOrEqual(t, likelihood(content.String(), class), best+1e-6)
		}
		class[word] = here
	}
}

// TestClusterKnowsNoOrder: counts in any order have the same classes.
func TestClusterKnowsNoOrder(t *testing.T) {
	counts, err := Count(reader(rhyme(t)), Options{Order: 2, Split: text.Words})
	require.NoError(t, err)
	var file, want, got bytes.Buffer
	require.NoError(t, counts.Write(&file))
	found, err := counts.Cluster(context.Background(), 4)
	require.NoError(t, err)
	require.NoError(t, found.Write(&want))
	lines := strings.SplitAfter(strings.TrimSpace(file.String()), "\n")
	slices.Reverse(lines)
	lines[0] += "\n"
	counts, err = ReadCounts(reader(strings.Join(lines, "")), Options{Order: 2, Split: text.Words})
	require.NoError(t, err)
	found, err = counts.Cluster(context.Background(), 4)
	require.NoError(t, err)
	require.NoError(t, found.Write(&got))
	require.Equal(t, want.String(), got.String())
	_, err = counts.Cluster(context.Background(), 0)
	require.ErrorContains(t, err, "1 to 4096 classes, not 0")
	single, err := Count(reader(rhyme(t)), Options{Order: 1, Split: text.Words})
	require.NoError(t, err)
	_, err = single.Cluster(context.Background(), 2)
	require.ErrorContains(t, err, "order 2 or more")
	ended, end := context.WithCancel(context.Background())
	end()
	_, err = counts.Cluster(ended, 2)
	require.ErrorIs(t, err, context.Canceled)
}

// TestClusterOfManyClasses: more classes than words leave each word alone.
func TestClusterOfManyClasses(t *testing.T) {
	counts, err := Count(reader(rhyme(t)), Options{Order: 2, Split: text.Words})
	require.NoError(t, err)
	found, err := counts.Cluster(context.Background(), 100)
	require.NoError(t, err)
	seen := map[string]bool{}
	for _, m := range found.of {
		seen[m.class] = true
	}
	require.LessOrEqual(t, len(seen), len(found.words))
}
