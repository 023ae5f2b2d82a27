package perplexity

import "math"

// blockTokens is how many tokens of a text without sentences are one group: what stands
// further apart is taken to be independent.
const blockTokens = 256

// groups estimates the standard error of a mean over tokens that depend on each other
// within groups. With x(g) the sum over a group of n(g) tokens, of G groups, it is that
// of the ratio estimator R = sum x(g) / sum n(g) (Cochran 1977, section 6.3):
//
//	SE^2 = G/(G-1) sum over g of (x(g) - R n(g))^2 / (sum n(g))^2
//
// All x are kept relative to the mean of the first group: where groups are nearly alike,
// nothing is lost in the difference of large sums.
type groups struct {
	sentences bool // else blocks
	origin    float64
	n         int     // finished groups
	x, tokens float64 // of the group in turn

	sumX, sumN, xx, xn, nn float64
}

func newGroups(sentences bool) *groups { return &groups{sentences: sentences} }

// begin starts a sentence.
func (g *groups) begin() {
	if g.sentences {
		g.finish()
	}
}

// add counts a token.
func (g *groups) add(x float64) {
	g.x += x
	if g.tokens++; !g.sentences && g.tokens == blockTokens {
		g.finish()
	}
}

func (g *groups) finish() {
	if g.tokens == 0 {
		return
	}
	if g.n == 0 {
		g.origin = g.x / g.tokens
	}
	x := g.x - g.origin*g.tokens
	g.sumX += x
	g.sumN += g.tokens
	g.xx += x * x
	g.xn += x * g.tokens
	g.nn += g.tokens * g.tokens
	g.n++
	g.x, g.tokens = 0, 0
}

// error is the number of groups and the standard error, NaN if that has no estimate.
func (g *groups) error() (n int, standard float64) {
	g.finish()
	if g.n < 2 {
		return g.n, math.NaN()
	}
	r := g.sumX / g.sumN
	squares := max(g.xx-2*r*g.xn+r*r*g.nn, 0) // the max is of rounding; it keeps NaN
	return g.n, math.Sqrt(squares*float64(g.n)/float64(g.n-1)) / g.sumN
}
