package sample

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// numbers takes the largest, the smallest and the closest ones, now and then, by a
// condition that few inputs meet.
func numbers(r *rand.Rand) string {
	g := &generator{Rand: r}
	vocab := g.word("0..40", "0..12", "[0, 7, 9]", "[4111111111111111, 4111111111111112, 7]", "[0.1, 0.2, 0.3, 7.0]",
		"[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9007199254740992, 9007199254740993]", "[-1, 7, 1000000007]")
	longest := 2 + g.IntN(3)
	g.begin(vocab, longest, g.IntN(4) == 0)
	g.line("t = %s;", g.word("tokens_int", "tokens_int", "tokens_int", "tokens_asis", "tokens_float"))
	g.line("rare = %s;", g.rareToken(longest))
	base := g.close()
	switch g.IntN(6) {
	case 0:
		g.line("m = aggregate(%s, %s + indicator(rare));", g.word("full_s", "select(indices, indices, <=)"), base)
		g.line("x = m %s %s + %s;", g.word(">", ">=", "=="), base, g.word("0.5", "0", "1", "0.25"))
		return g.text.String()
	case 1:
		g.line("v = %s if indices == 0 else (indicator(rare) if indices == 1 else %s);", base, g.word("0", "1", "indicator(t == 9)"))
		g.line("x = aggregate(full_s, v) %s %s / %d + %s;", g.word(">", ">=", "=="), base, 1+g.IntN(longest), g.word("0", "0.25", "0.5", "1"))
		return g.text.String()
	}
	g.line("v = %s;", g.number0())
	switch g.IntN(9) {
	case 0, 1, 2:
		g.line("x = v;")
	case 3:
		g.line("x = v %s %s;", g.word(">", "==", "<", ">="), g.extreme())
	case 4:
		g.line("m = aggregate(%s, v%s);", g.word("full_s", "select(indices, indices, <=)", "select(t, t, ==)"), g.word("", ", -1"))
		g.line("x = m %s %s;", g.word(">", "==", "<"), g.word(g.close()+" + 0.5", g.close(), "0.5", g.extreme()))
	case 5:
		g.line("x = aggregate(%s, v%s);", g.word("full_s", "select(indices, indices, <=)"), g.word("", ", 0.5"))
	case 6:
		g.line("x = aggregate(select(indices, 0, ==), v);")
	case 7:
		g.line("x = v %s;", g.word("- t", "* 2", "% 7", "+ 0.5", "* 0.0", "- v"))
	case 8:
		g.line("x = selector_width(select(v, v, %s));", g.word("==", "<", ">="))
	}
	return g.text.String()
}

// rareToken is a condition that a few tokens meet.
func (g *generator) rareToken(longest int) string {
	return g.word("t == 7", "t == 7", "t == 7 and indices == 1", "t == 7 and indices > 0", "count(t, 7) == 2", "contains(t, 7)", fmt.Sprintf("count(t, 7) == %d", longest))
}

// number0 is a number that is one of two, or more.
func (g *generator) number0() string {
	switch g.IntN(5) {
	case 0:
		return g.close() + " + indicator(rare)"
	case 1:
		return fmt.Sprintf("(%s if t > 3 else %s) if rare else %s", g.extreme(), g.extreme(), g.extreme())
	case 2:
		base := g.close()
		return fmt.Sprintf("%s + %s if rare else %s", base, g.word("1", "2", "0.5"), base)
	case 3:
		return fmt.Sprintf("t * %s", g.word("0.1", "0.01", "1000000000000", "0."+strings.Repeat("0", 12)+"4", g.close()))
	}
	return fmt.Sprintf("%s if rare else %s", g.extreme(), g.word("1.0", "0", "t", g.extreme()))
}

// close is a number beside whose neighbours it is large.
func (g *generator) close() string {
	return g.word("100000000000000", "9007199254740992", "9007199254740991", "1000000000000000000", "72057594037927936", "10000000", "16777216", "4503599627370496")
}

// extreme is a number at an end of what float64 has, or near another.
func (g *generator) extreme() string {
	return g.word("(10.0^300 * 10.0^300)", "(0 - 10.0^300 * 10.0^300)", "(10.0^300 * 10.0^300 - 10.0^300 * 10.0^300)", "10.0^300", "(0.1^300)", "(0.1^40)", "(0 - 0.0)", "(0.0 * -1)",
		"0.0", "0", "0.1", "0.3", "(0.1 + 0.2)", "(0.1 * 3)", "1", "1.0", "0.999999999999", "1.7976931348623157 * 10.0^308", "3.4 * 10.0^38", g.close(), "("+g.close()+" + 1)")
}
