package sample

import (
	"fmt"
	"math/rand/v2"
)

// shares is about fractions that are shown: products of means, variances, quotients of whole
// numbers, and what is made of them.
func shares(r *rand.Rand) string {
	g := &generator{Rand: r}
	vocab := g.word("0..9", "0..2", "-3..5", "[-1, 1]", "[0, 1]", "[0, 5, 10]", "-9..9", "[7]", "0..30")
	longest := []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 30}[g.IntN(12)]
	g.begin(vocab, longest, g.IntN(3) == 0)
	g.line("t = tokens_int;")
	g.line("s = %s;", g.word("full_s", "full_s", "full_s", "select(indices, indices, <=)", "select(t, t, ==)", "select(t, t, ==) and select(indices, indices, <=)", "select(indices, indices, <)", "select(t % 2, t % 2, ==)"))
	g.line("a = %s;", g.keyNumber())
	g.line("b = %s;", g.keyNumber())
	g.line("m = aggregate(s, a%s);", g.word("", "", "", ", 3"))
	g.line("k = aggregate(%s, b);", g.word("s", "s", "s", "full_s"))
	g.line("w = selector_width(%s);", g.word("s", "s", "select(t, 1, ==)", "select(t, t, ==) and select(indices, indices, <=)"))
	g.line("v = %s;", g.fraction())
	g.line("x = %s;", g.word("v", "v", "v", "v", "2 * v + 1", "v - m", "v / 4", "-v", "v + v", "v > 1", "v * m", "round(v)", "aggregate(full_s, v)", "v if t > 0 else 0", "shift(v, 1, 0)", "v + w"))
	return g.text.String()
}

func (g *generator) keyNumber() string {
	return g.word("t", "t", "t", "t", "t * t", "t + indices", "indicator(t > 1)", "indicator(t == 1)", "indicator(t == 1)", "-t", "2 * t", "t % 3", "t % 3", "3", "indices", "selector_width(select(t, t, ==))", "t / 2")
}

func (g *generator) fraction() string {
	switch g.IntN(10) {
	case 9:
		return fmt.Sprintf("round(aggregate(%s, %s / selector_width(select(%s, %s, ==))) * length)", g.word("full_s", "full_s", "s"), g.word("1", "1", "3", "-2", "t"),
			g.word("t", "t", "t % 2"), g.word("t", "t", "t % 2"))
	case 0:
		return "m * k"
	case 1:
		return fmt.Sprintf("m ^ 2 %s %s", g.word("+", "-"), g.word("k", "m", "1", "k * m", "k ^ 2"))
	case 2:
		return fmt.Sprintf("aggregate(s, (a - m) ^ 2%s)", g.word("", "", ", -1"))
	case 3:
		return "aggregate(s, a ^ 2) - m ^ 2"
	case 4:
		return "aggregate(s, (a - m) * (b - k))"
	case 5:
		return "aggregate(s, a * b) - m * k"
	case 6:
		return fmt.Sprintf("%s / %s", g.word("w", "t", "w - indices", "w * 2", "t * w"), g.word("length", "(indices + 1)", "(w + 1)", "w", "selector_width(select(t, t, ==))"))
	case 7:
		return fmt.Sprintf("(m %s %s) * (k %s %s)", g.word("+", "-"), g.word("1", "k", "0.5"), g.word("+", "-"), g.word("1", "m", "2"))
	}
	return "aggregate(s, a * (b - k) ^ 2)"
}
