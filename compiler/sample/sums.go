package sample

import (
	"fmt"
	"math/rand/v2"
)

// sums is about numbers that take too many values to list: sums and means of long rows,
// differences of counts, beside what they can just be.
func sums(r *rand.Rand) string {
	g := &generator{Rand: r}
	vocab := g.word("0..99", "-50..50", "0..9", "-9..9", "[0, 5, 10, 100]", "[-1, 1]", "[-7, 0, 3]", "1..4", "[-1000, 1, 999]", "0..255")
	longest := []int{1, 2, 7, 20, 33, 40, 64, 150, 200}[g.IntN(9)]
	g.begin(vocab, longest, g.IntN(2) == 0)
	g.line("t = tokens_int;")
	for i := range 2 {
		g.line("v%d = %s;", i, g.summand())
		g.line("s%d = %s;", i, g.row())
		g.line("m%d = aggregate(s%d, v%d%s);", i, i, g.IntN(i+1), g.word("", "", "", ", -1", ", 7", ", 0.5"))
		g.line("w%d = selector_width(s%d);", i, i)
		g.line("r%d = %s;", i, g.word(fmt.Sprintf("round(m%d * w%d)", i, i), fmt.Sprintf("round(w%d * m%d)", i, i), fmt.Sprintf("round(m%d * w%d)", i, g.IntN(i+1)),
			fmt.Sprintf("round(m%d)", i), fmt.Sprintf("round(m%d / 2)", i), fmt.Sprintf("w%d - w%d", i, g.IntN(i+1))))
	}
	g.line("p = round(aggregate(full_s, v0) * length);")
	g.line("q = round(aggregate(select(indices, indices, <=), v1) * (indices + 1));")
	g.line("x = %s;", g.ofSums())
	return g.text.String()
}

func (g *generator) summand() string {
	return g.word("t", "t", "t", "-t", "3 * t", "t % 3", "t if indices % 2 == 0 else -t", "t * t % 11", "indicator(t > 2)", "indices",
		"1 if t > 2 else -1", "2 if t > 0 else -1", "t if t > 0 else 0", "selector_width(select(t, t, <)) % 5", "0.5 * t", "shift(t, 1, 0)")
}

func (g *generator) row() string {
	return g.word("full_s", "full_s", "select(indices, indices, <=)", "select(indices, indices, <)", "select(t, t, ==)", "select(t, t, <)", "select(t % 2, t % 2, ==)",
		"select(indices, indices, <=) and select(indices, indices - 3, >)", "select(t, 1, ==)", "select(t, 1, ==) or select(t, 3, ==)", "select(indices, indices, <=) and select(t > 2, True, ==)")
}

// ofSums asks for something of the sums, counts and means that there are.
func (g *generator) ofSums() string {
	sum := func() string { return g.word("r0", "r1", "p", "q", "r0 - r1", "w0 - w1", "p - r0", "w0 - 2 * w1") }
	compared := g.word(">", "<", "==", ">=", "<=")
	constant := g.word("0", "0", "1", "-1", "3", "100", "0.5", "0.25", "0.3")
	switch g.IntN(10) {
	case 0:
		return sum()
	case 1:
		return fmt.Sprintf("%s %% %d", sum(), 2+g.IntN(11))
	case 2:
		return fmt.Sprintf("%s %% %d == %d", sum(), 2+g.IntN(11), g.IntN(3))
	case 3:
		return fmt.Sprintf("%s %s %s", sum(), compared, g.word(constant, sum()))
	case 4:
		return fmt.Sprintf("%s %s %s", g.word("m0", "m1", "2 * m0", "m1 / 4", "m0 - m1", "m0 + t"), compared, g.word(constant, "t", "m1", "indices", "2 * m1", "m0 * 0.5"))
	case 5:
		return fmt.Sprintf("t %s %s", compared, g.word("m0", "m1", "2 * m0", "average(t)"))
	case 6:
		return g.word("p / length", "q / (indices + 1)", "r0 / length", "m0", "m0 - m1", "w0 / (indices + 1)", "w0 / (indices + 1)", "0.3 * w1", "w0 * (0.9 ^ indices)")
	case 7:
		return fmt.Sprintf("selector_width(select(%s, %s, ==))", sum(), sum())
	case 8:
		return fmt.Sprintf(`"a" if %s %s %s else ("b" if m0 %s %s else "c")`, sum(), compared, constant, compared, constant)
	}
	return fmt.Sprintf("has_focus(select(%s %s %s, True, ==) and select(indices, indices, <=))", g.word("m0", "m1", sum()), compared, constant)
}
