package sample

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// latest has selectors of the latest or earliest of some keys, by their number among those
// that are alike, and what nearly is one.
func latest(r *rand.Rand) string {
	g := &generator{Rand: r}
	g.start()
	for range g.IntN(3) {
		g.statement(1)
	}
	for range 1 + g.IntN(3) {
		g.numberedKey()
		switch g.IntN(4) {
		case 0:
			g.statement(1)
		case 1:
			g.define(ints, fmt.Sprintf("(%s if %s else -1)", g.last(ints), g.expression(bools, 1)))
		}
	}
	if g.IntN(4) == 0 {
		g.define(ints, "selector_width("+g.word(g.pools[selectors]...)+")")
	} else {
		g.picked()
	}
	return g.text.String()
}

// numberedKey defines a selector by the number of a key, and what it brings.
func (g *generator) numberedKey() {
	order := g.word("<=", "<=", "<=", "<", ">=", ">")
	numbered := []string{fmt.Sprintf("select(indices, indices, %s)", order)}
	if g.IntN(6) == 0 {
		numbered = nil
	}
	upTo := g.word("<=", "<", "<=", order, order, ">=", ">")
	match := []string{fmt.Sprintf("select(indices, %s, %s)", g.word("indices", "indices", "indices", "indices - 1", g.expression(ints, 1)), upTo)}
	if g.IntN(3) == 0 {
		match = nil
	}
	for range 1 + g.IntN(5)/4 {
		kind := g.pick([]int{ints, ints, texts, texts, bools})
		key := g.expression(kind, 1)
		query := g.word(key, key, g.expression(kind, 1), g.expression(kind, 1), map[int]string{ints: "1", texts: g.word(g.vocab...), bools: "True"}[kind])
		numbered = append(numbered, fmt.Sprintf("select(%s, %s, ==)", key, key))
		match = append(match, fmt.Sprintf("select(%s, %s, ==)", key, query))
	}
	if g.IntN(5) == 0 {
		one := fmt.Sprintf("select(%s, %s, %s)", g.expression(ints, 1), g.word("0", "1"), g.word("==", "<", "!="))
		match = append(match, one)
		if g.IntN(4) > 0 {
			numbered = append(numbered, one)
		}
	}
	g.Shuffle(len(match), func(i, j int) { match[i], match[j] = match[j], match[i] })
	g.names++
	m := fmt.Sprintf("m%d", g.names)
	g.line("%s = %s;", m, strings.Join(match, " and "))
	number := g.word("selector_width("+m+")", "selector_width("+m+")", "selector_width("+m+")", "selector_width("+m+") - 1", "0", "1", g.expression(ints, 1))
	sel := fmt.Sprintf("%s and select(selector_width(%s), %s, ==)", m, strings.Join(numbered, " and "), number)
	if g.IntN(8) == 0 {
		sel += " and " + g.expression(selectors, 1)
	}
	g.define(selectors, sel)
	g.picked()
}

// picked is what the last selector brings.
func (g *generator) picked() {
	sel := g.last(selectors)
	switch g.IntN(7) {
	case 0:
		g.define(texts, fmt.Sprintf("aggregate(%s, %s, \"?\")", sel, g.expression(texts, 1)))
	case 1:
		g.define(bools, "has_focus("+sel+")")
	case 2:
		g.define(means, fmt.Sprintf("aggregate(%s, %s, 0.5)", sel, g.expression(means, 1)))
	}
	g.define(ints, fmt.Sprintf("aggregate(%s, %s, %s)", sel, g.expression(ints, 1), g.word("0", "-1", "7")))
}
