package sample

import (
	"fmt"
	"math/rand/v2"
)

// formed says which inputs there are, and asks where the tokens are of which there is one,
// or that come in an order.
func formed(r *rand.Rand) string {
	g := &generator{Rand: r, vocab: []string{`"="`, `"a"`, `"b"`}}
	g.begin(`"ab=,"`, 4+g.IntN(4), g.IntN(3) == 0)
	for range 1 + g.IntN(2) {
		g.line("#rasp:inputs %s", g.word(`one "="`, `at most one "="`, `one [= ","]`, `[ab]* = [ab]*`, `a* = b*`, `[ab]{1,3} = .*`,
			`~(.* = .* = .*)`, `(a | b =)+`, `.* & ~(.* , .*)`, `[ab=]* ("," [ab]*)?`, `. [^=]* = .*`))
	}
	if g.IntN(2) == 0 {
		g.line("#rasp:partial")
	}
	g.pools[ints], g.pools[texts], g.pools[selectors] = []string{"indices", "length"}, []string{"tokens"}, []string{"full_s"}
	g.pools[bools] = []string{`tokens == "="`}
	for range 1 + g.IntN(3) {
		kind := g.pick([]int{ints, ints, texts})
		sel := fmt.Sprintf("select(tokens, %s, ==)", g.word(g.vocab[0], g.vocab[0], `"a"`, `","`))
		switch g.IntN(6) {
		case 0, 1:
			sel = "only(" + sel + ")"
		case 2:
			sel = fmt.Sprintf("select(tokens in [\"=\", %s], True, ==)", g.word(`"a"`, `","`))
		case 3:
			sel = "(" + sel + " and " + g.expression(selectors, 1) + ")"
		}
		g.pools[selectors] = append(g.pools[selectors], sel)
		g.define(kind, fmt.Sprintf("aggregate(%s, %s, %s)", sel, g.expression(kind, 1), [...]string{ints: "-1", texts: `"?"`}[kind]))
	}
	kind := 0
	for range 1 + g.IntN(5) {
		kind = g.pick([]int{ints, ints, bools, texts, means})
		g.define(kind, g.expression(kind, 2))
	}
	return g.text.String()
}
