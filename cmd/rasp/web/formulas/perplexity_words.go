package formulas

import (
	"cmp"
	"context"
	"maps"
	"math"
	"rasp/cmd/rasp/web/rpc"
	"slices"
	"strings"
	"unicode"
)

// Wording asks for the words of a text.
type Wording struct {
	Text string `json:"text"`
}

// Words are those of a text by how often they occur, the most frequent first.
type Words struct {
	Tokens int      `json:"tokens"`
	Types  int      `json:"types"`
	Once   int      `json:"once"` // words that occur once
	Top    []Word   `json:"top"`  // the first ones
	Ranks  [][2]int `json:"ranks"`
	// Exponent of count = first / rank^exponent: the line of least squares through the
	// logarithms, over the ranks that occur twice at least; null for fewer than three.
	Exponent *float64     `json:"exponent"`
	First    *float64     `json:"first"`
	Line     [][2]float64 `json:"line,omitempty"` // two points of it
	Bits     float64      `json:"bits"`           // entropy of the words, one by one
	Half     int          `json:"half"`           // the fewest words that make half of the text
}

// Word of a text.
type Word struct {
	Word  string `json:"word"`
	Count int    `json:"count"`
}

const (
	topWords  = 15
	mostRanks = 300 // points of a picture
)

// wordsOf are the words of a text in small letters, an apostrophe within being part of one.
func wordsOf(text string) []string {
	words := strings.FieldsFunc(strings.ToLower(strings.ReplaceAll(text, "’", "'")), func(r rune) bool {
		return !unicode.In(r, unicode.Letter, unicode.Mark, unicode.Digit) && r != '\''
	})
	for i, w := range words {
		words[i] = strings.Trim(w, "'")
	}
	return slices.DeleteFunc(words, func(w string) bool { return w == "" })
}

func words(_ context.Context, t Wording) (Words, error) {
	counts := map[string]int{}
	all := wordsOf(t.Text)
	for _, w := range all {
		counts[w]++
	}
	if len(all) == 0 {
		return Words{}, rpc.Usage("", "the text has no words")
	}
	names := slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b))
	})
	w := Words{Tokens: len(all), Types: len(names)}
	seen := 0
	for i, name := range names {
		n := counts[name]
		if i < topWords {
			w.Top = append(w.Top, Word{name, n})
		}
		if n == 1 {
			w.Once++
		}
		if 2*seen < w.Tokens {
			w.Half++
		}
		seen += n
		p := float64(n) / float64(w.Tokens)
		w.Bits -= p * math.Log2(p)
	}
	w.Ranks = thinned(names, counts)
	w.line(names, counts)
	return w, nil
}

// thinned are ranks, from 1, and counts, at even steps of a logarithmic scale.
func thinned(names []string, counts map[string]int) (points [][2]int) {
	last := 0
	for i := range mostRanks {
		rank := int(math.Round(math.Pow(float64(len(names)), float64(i)/(mostRanks-1))))
		if rank > last {
			points = append(points, [2]int{rank, counts[names[rank-1]]})
			last = rank
		}
	}
	return points
}

// line fits Zipf's law.
func (w *Words) line(names []string, counts map[string]int) {
	var n, sx, sy, sxx, sxy float64
	for i, name := range names {
		if counts[name] < 2 {
			break
		}
		x, y := math.Log(float64(i+1)), math.Log(float64(counts[name]))
		n, sx, sy, sxx, sxy = n+1, sx+x, sy+y, sxx+x*x, sxy+x*y
	}
	if n < 3 {
		return
	}
	slope := (n*sxy - sx*sy) / (n*sxx - sx*sx)
	first := math.Exp((sy - slope*sx) / n)
	w.Exponent, w.First = finiteOrNil(-slope), finiteOrNil(first)
	// To the last rank, or to where less than half a word would be left.
	last := float64(len(names))
	if slope < 0 {
		last = min(last, math.Pow(2*first, -1/slope))
	}
	w.Line = [][2]float64{{1, first}, {last, first * math.Pow(last, slope)}}
}

// Cleaning asks for a text of anybody as one of sentences.
type Cleaning struct {
	Text string `json:"text"`
}

// clean makes small letters and single blanks of a text, a sentence a line.
func clean(_ context.Context, c Cleaning) (Text, error) {
	var b strings.Builder
	for _, sentence := range strings.FieldsFunc(c.Text, func(r rune) bool { return strings.ContainsRune(".!?;\n", r) }) {
		if words := wordsOf(sentence); len(words) > 0 {
			b.WriteString(strings.Join(words, " ") + "\n")
		}
	}
	return Text{Text: b.String()}, nil
}
