package ngram

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"

	"rasp/lang/elementary"
)

// MaxClasses is how many classes Cluster can find: it keeps a count for each two of them.
const MaxClasses = 1 << 12

// rounds bounds the passes of Cluster over the words; ten or so is what texts take.
const rounds = 50

// Cluster puts the words of the text into classes, k of them or fewer, so that the text is
// likely if a class is predicted from the class before it: it moves each word in turn to
// the class where this is the best, until nothing moves (the exchange algorithm: Kneser and
// Ney 1993; Martin, Liermann and Ney 1998). Of equals a word stays where it is, or goes to
// the first. The words go by falling count and begin in classes 1, 2, .., k, 1, 2, ..; so
// the same text has the same classes everywhere. The order of the counts is 2 or more. Ending
// ctx ends it with ctx's error.
func (c *Counts) Cluster(ctx context.Context, k int) (*Classes, error) {
	switch {
	case k < 1 || k > MaxClasses:
		return nil, fmt.Errorf("1 to %d classes, not %d", MaxClasses, k)
	case c.trie.order() < 2:
		return nil, errors.New("classes are found from pairs of tokens: take order 2 or more")
	}
	x := newExchange(c, k)
	for range rounds {
		moved := false
		for word := firstWord; int(word) < len(x.class); word++ {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			moved = x.exchange(word) || moved
		}
		if !moved {
			break
		}
	}
	classes := &Classes{of: map[string]member{}}
	names := map[int32]string{}
	for word, name := range c.vocab.names[firstWord:] {
		class := x.class[word+int(firstWord)]
		if names[class] == "" {
			names[class] = strconv.Itoa(len(names) + 1)
		}
		classes.words = append(classes.words, name)
		classes.of[name] = member{class: names[class], probability: math.NaN()}
	}
	return classes, nil
}

// pair of tokens, of which one is known.
type pair struct {
	other int32
	count int64
}

// exchange is where Cluster stands. With N the counts of two classes in a row, and N(g .)
// and N(. g) how often a class stands first and second in these, what it makes larger is
//
//	F = sum over g, h of f(N(g h)) - sum over g of f(N(g .)) - sum over g of f(N(. g)),  f(n) = n ln n
//
// which is the logarithm of the likelihood, less what no class changes.
type exchange struct {
	class  []int32 // [word]: from firstWord on; "<s>", "</s>" and "<unk>" are their own
	before [][]pair
	after  [][]pair // [word]: without the word itself,
	twice  []int64  // [word]: which is here

	count         [][]int64 // [class][class]
	first, second []int64   // [class]

	from, to        []int64 // [class]: of the word in turn, how often a class is before and after it
	froms, tos      []int32 // the classes of which that is not 0
	firsts, seconds int64   // of the word in turn
	products        []float64
}

func newExchange(c *Counts, k int) *exchange {
	words, classes := len(c.vocab.names), k+int(firstWord)
	x := &exchange{
		class: make([]int32, words), before: make([][]pair, words), after: make([][]pair, words), twice: make([]int64, words),
		count: make([][]int64, classes), first: make([]int64, classes), second: make([]int64, classes),
		from: make([]int64, classes), to: make([]int64, classes), products: make([]float64, 1<<16),
	}
	for word := range x.class {
		if x.class[word] = int32(word); word >= int(firstWord) {
			x.class[word] = firstWord + int32((word-int(firstWord))%k)
		}
	}
	for class := range x.count {
		x.count[class] = make([]int64, classes)
	}
	for n := range x.products {
		x.products[n] = product(int64(n))
	}
	pairs := &c.trie.levels[2]
	for gram, context := range pairs.context {
		a, b, n := c.trie.levels[1].token[context], pairs.token[gram], c.count[2][gram]
		if a == b {
			x.twice[a] = n
		} else {
			x.after[a], x.before[b] = append(x.after[a], pair{b, n}), append(x.before[b], pair{a, n})
		}
		x.count[x.class[a]][x.class[b]] += n
		x.first[x.class[a]] += n
		x.second[x.class[b]] += n
	}
	return x
}

func product(n int64) float64 {
	if n == 0 {
		return 0
	}
	return float64(n) * elementary.Log(float64(n))
}

// f is n ln n.
func (x *exchange) f(n int64) float64 {
	if n < int64(len(x.products)) {
		return x.products[n]
	}
	return product(n)
}

// grown is f(n + more) - f(n).
func (x *exchange) grown(n, more int64) float64 { return x.f(n+more) - x.f(n) }

// exchange moves a word to its best class.
func (x *exchange) exchange(word int32) (moved bool) {
	x.look(word)
	x.put(word, x.class[word], -1)
	best := x.class[word]
	most := x.gain(word, best)
	least := float64(1e-9 * (1 + math.Abs(most))) // more than sums are off by rounding
	for class := firstWord; int(class) < len(x.count); class++ {
		if gain := x.gain(word, class); gain > most+least {
			best, most = class, gain
		}
	}
	x.put(word, best, 1)
	moved = best != x.class[word]
	x.class[word] = best
	return moved
}

// look finds the classes beside a word.
func (x *exchange) look(word int32) {
	for _, class := range x.froms {
		x.from[class] = 0
	}
	for _, class := range x.tos {
		x.to[class] = 0
	}
	var before, after int64
	x.froms, before = x.beside(x.before[word], x.from, x.froms[:0])
	x.tos, after = x.beside(x.after[word], x.to, x.tos[:0])
	x.firsts, x.seconds = after+x.twice[word], before+x.twice[word]
}

// beside adds up pairs by the class of the other word. The classes ascend, so that sums over
// them are the same in whichever order a text has its pairs.
func (x *exchange) beside(pairs []pair, counts []int64, list []int32) (classes []int32, total int64) {
	for _, p := range pairs {
		class := x.class[p.other]
		if counts[class] == 0 {
			list = append(list, class)
		}
		counts[class] += p.count
		total += p.count
	}
	slices.Sort(list)
	return list, total
}

// put adds the word in turn to a class, sign being 1, or takes it away, -1.
func (x *exchange) put(word, class int32, sign int64) {
	for _, g := range x.froms {
		x.count[g][class] += sign * x.from[g]
	}
	for _, g := range x.tos {
		x.count[class][g] += sign * x.to[g]
	}
	x.count[class][class] += sign * x.twice[word]
	x.first[class] += sign * x.firsts
	x.second[class] += sign * x.seconds
}

// gain is by how much F grows if the word in turn, which is in no class, comes to one.
func (x *exchange) gain(word, class int32) (gain float64) {
	for _, g := range x.froms {
		if g != class {
			gain += x.grown(x.count[g][class], x.from[g])
		}
	}
	row := x.count[class]
	for _, g := range x.tos {
		if g != class {
			gain += x.grown(row[g], x.to[g])
		}
	}
	gain += x.grown(row[class], x.from[class]+x.to[class]+x.twice[word])
	return gain - x.grown(x.first[class], x.firsts) - x.grown(x.second[class], x.seconds)
}
