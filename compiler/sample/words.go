package sample

import (
	"fmt"
	"math/rand/v2"
)

// words compare words of a large vocabulary with each other, and choose between them.
func words(r *rand.Rand) string {
	g := &generator{Rand: r}
	g.begin(g.word("100..179", "95..185", "0..70"), 3+g.IntN(3), g.IntN(3) == 0)
	word := func() string {
		return g.word("tokens", `shift(tokens, 1, "")`, `shift(tokens, 2, "7")`, "tokens[0]", `aggregate(select(indices, length - 1 - indices, ==), tokens, "?")`, "tokens", `(tokens + "0")`)
	}
	compared := func() string { return fmt.Sprintf("%s %s %s", word(), g.word("==", "==", "<", ">=", ">"), word()) }
	g.line("p = %s;", compared())
	g.line("q = %s;", compared())
	switch g.IntN(6) {
	case 0:
		g.line("x = p and not q;")
	case 1:
		g.line("x = %s if p else %s;", word(), word())
	case 2:
		g.line("x = 1 if p else (indices if q else length);")
	case 3:
		g.line("x = selector_width(select(p, q, ==));")
	case 4:
		g.line("x = %s if p else \"%d\";\ny = x == %s;", word(), 100+g.IntN(10), word())
	case 5:
		g.line("x = %s if p or q else %s;", word(), g.word(`"100"`, `"a"`, word()))
	}
	return g.text.String()
}
