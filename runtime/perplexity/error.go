package perplexity

import (
	"math"
	"math/big"
)

// blockTokens is how many tokens of a text without sentences are one group: what stands
// further apart is taken to be independent.
const blockTokens = 256

// groups estimates the standard error of a mean over tokens that depend on each other
// within groups. With x(g) the sum over a group of n(g) tokens, of G groups, it is that
// of the ratio estimator R = sum x(g) / sum n(g) (Cochran 1977, section 6.3):
//
//	SE^2 = G/(G-1) sum over g of (x(g) - R n(g))^2 / (sum n(g))^2
//
// The sums over groups are exact: where groups are nearly alike, nothing is lost in the
// difference of large ones.
type groups struct {
	sentences bool // else blocks
	groupSums      // of those that are finished

	tokens int64 // of the group in turn
	x      exact
}

// groupSums are sums over groups, of n(g) tokens each.
type groupSums struct {
	N          int // groups
	Tokens     int64
	Squares    int64 // of tokens
	X, XX, XN  exact
	Impossible bool // an x is infinite: the sums lack it
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
	if math.IsInf(x, 0) || math.IsNaN(x) {
		g.Impossible = true
	} else {
		g.x.add(x)
	}
	if g.tokens++; !g.sentences && g.tokens == blockTokens {
		g.finish()
	}
}

// finish ends a group.
func (g *groups) finish() {
	if g.tokens == 0 {
		return
	}
	g.N++
	g.Tokens += g.tokens
	g.Squares += g.tokens * g.tokens
	x := g.x.value()
	g.X.add(x)
	g.XX.addProduct(x, x)
	g.XN.addProduct(x, float64(g.tokens))
	g.x, g.tokens = g.x[:0], 0
}

// merge adds the sums over others.
func (s *groupSums) merge(others groupSums) {
	s.N += others.N
	s.Tokens += others.Tokens
	s.Squares += others.Squares
	s.X.addAll(others.X)
	s.XX.addAll(others.XX)
	s.XN.addAll(others.XN)
	s.Impossible = s.Impossible || others.Impossible
}

// error is the standard error, NaN if that has no estimate: with N = sum n(g),
//
//	sum over g of (x(g) - R n(g))^2 = (sum x^2 N^2 - 2 sum x N sum x n + (sum x)^2 sum n^2) / N^2
func (s *groupSums) error() float64 {
	if s.N < 2 || s.Tokens == 0 || s.Impossible {
		return math.NaN()
	}
	of := func(n int64) *big.Float { return new(big.Float).SetPrec(exactly).SetInt64(n) }
	times := func(a, b *big.Float) *big.Float { return new(big.Float).Mul(a, b) }
	n, x := of(s.Tokens), s.X.big()
	sum := times(times(s.XX.big(), n), n)
	sum.Sub(sum, times(of(2), times(times(x, n), s.XN.big())))
	sum.Add(sum, times(times(x, x), of(s.Squares)))
	squares, _ := sum.Quo(sum, times(n, n)).Float64()
	return math.Sqrt(max(squares, 0)*float64(s.N)/float64(s.N-1)) / float64(s.Tokens)
}
