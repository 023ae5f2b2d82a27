package sample

import (
	"fmt"
	"math/rand/v2"
)

// types mixes ints, floats, booleans and strings in choices, defaults, tables and
// comparisons, and among keys that are equal or nearly.
func types(r *rand.Rand) string {
	g := &generator{Rand: r}
	if g.IntN(30) == 0 {
		return g.defaults()
	}
	vocab := g.word("[1, 2.5, 0.3]", "0..3", "[0, 1, 0.5, 2.0]", "[true, false]", `"01a"`, "[0.3, 4, 1]", "[1, 2, 3, 100]")
	longest := 2 + g.IntN(3)
	g.begin(vocab, longest, g.IntN(4) == 0)
	g.line("t = %s;", map[bool]string{true: "(1 if tokens == \"1\" else 0)", false: g.word("tokens_asis", "tokens_asis", "tokens_int", "tokens_float", "tokens_bool")}[vocab == `"01a"`])
	g.line("c = %s;", g.word("t == 1", "t > 0.5", "indices == 0", "length > 2", "t < 2 and indices > 0", "contains(t, 1)"))
	g.line("v = %s;", g.atomOf(2))
	g.line("s = %s;", g.word("full_s", "select(t, 1, ==)", "select(t, indices, <)", "select(t, t, <)", "select(indices, indices, <)", "select(indices, indices + 1, ==)",
		fmt.Sprintf("select(t, %s, <)", g.placed(longest, "2", func() string { return g.word("0", "0.5", "1") }))))
	g.line("w = aggregate(s, %s%s);", g.word("v", "v", "t", "c", "indices"), g.word("", ", True", ", False", ", 1", ", 0.0", ", 1.0", ", -1", ", 2.5"))
	switch g.IntN(8) {
	case 0, 1, 2:
		g.line("x = w;")
	case 3:
		g.line("x = %s if c else w;", g.atomOf(1))
	case 4:
		g.line("x = %s in [%s, %s];", g.word("v", "w"), g.atomOf(0), g.word("1", "1.0", "True", "0.3", "0.30000000000000004"))
	case 5:
		g.line("x = {0: %s, 1: %s, 2: 3, 0.3: True, 2.5: 0.5, 100: 1.0, 4: 2, 3: False, 0.5: 1}[%s];", g.atomOf(0), g.atomOf(0), g.word("t", "v", "indicator(c)"))
	case 6:
		g.line("x = w %s %s;", g.word("==", "<", "+", "-", "*"), g.word("v", "t", "1", "True", "0.5"))
	case 7:
		g.line("x = v and w;")
		g.line("y = w if x else %s;", g.atomOf(1))
	}
	return g.text.String()
}

// defaults are means of so many values that they are read as numbers, or something of
// another type, where a few inputs have nothing to average.
func (g *generator) defaults() string {
	g.begin(g.word("[1, 2.5, 0.3, 7.25]", "[1, 2, 0.3, 7.1]", "[0.3, 0.7, 1.1]", "[1, 2.5]"), 8+g.IntN(4), g.IntN(3) == 0)
	g.line("t = %s;", g.word("tokens_asis", "tokens_asis", "tokens_float"))
	g.line("thr = %s if %s else %s;", g.word("0", "1", "0.3", "-1"), g.word("count(t, 1) > 5", "tokens_asis[0] == 1", "count(t, 0.3) == 2 and indices == 1", "contains(t, 1)"), g.word("100", "2.6", "2"))
	g.line("x = aggregate(select(t, thr, %s), %s, %s);", g.word("<", "<="), g.word("t", "t", "t if indices > 0 else 1"), g.word("True", "False", "1", "2", "0.0", "-1"))
	if g.IntN(3) == 0 {
		g.line("y = x + %s;", g.word("1", "0.5", "x", "t"))
	}
	return g.text.String()
}

// atomOf is a number or a boolean, of another type here and there.
func (g *generator) atomOf(depth int) string {
	if depth == 0 {
		return g.word("0", "1", "2", "0.0", "1.0", "0.5", "2.5", "True", "False", "0.3", "0.1 + 0.2", "-1")
	}
	one, other := g.atomOf(depth-1), g.atomOf(depth-1)
	switch g.IntN(5) {
	case 0:
		return one
	case 1:
		return g.word("t", "indices", "c", "t == 1", "indices / 2", "length")
	case 2:
		return fmt.Sprintf("(%s if %s else %s)", one, g.word("c", "not c", "indices == 0", "t == 2"), other)
	case 3:
		return fmt.Sprintf("[%s, %s, 1][indices %% 3]", g.atomOf(0), g.atomOf(0))
	}
	return fmt.Sprintf("(%s %s %s)", one, g.word("+", "*", "-"), g.word("t", "indices", "c"))
}
