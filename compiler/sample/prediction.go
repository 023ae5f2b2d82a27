package sample

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// prediction takes some s-ops as they come, then scores of them.
func prediction(r *rand.Rand) string {
	g := &generator{Rand: r}
	letters := "abcd"[:2+g.IntN(3)]
	g.vocab = []string{`"a"`, `"b"`}
	fmt.Fprintf(&g.text, "#rasp:vocab \"%s\"\n#rasp:length %d\n", letters, 3+g.IntN(4))
	if g.IntN(4) > 0 {
		g.text.WriteString("#rasp:causal\n")
	}
	g.pools[ints] = []string{"indices", "length"}
	g.pools[texts] = []string{"tokens", "tokens", "shift(tokens, 1, \"a\")", "shift(tokens, 2, \"\")"}
	g.pools[selectors] = []string{"full_s"}
	for range 1 + g.IntN(3) {
		kind := g.pick([]int{ints, bools, texts})
		g.define(kind, g.expression(kind, 1))
	}
	if g.IntN(6) == 0 {
		fmt.Fprintf(&g.text, "#rasp:confidence %s\nnext = %s;\n", g.word("1", "0.5", "0.9"), g.word("tokens", "shift(tokens, 1, \"b\")", "\"a\" if indices % 2 == 0 else tokens"))
		return g.text.String()
	}
	g.text.WriteString("#rasp:output next\n")
	logits := g.IntN(2) == 0
	if logits {
		g.text.WriteString("#rasp:logits\n")
	}
	text := func() string { return g.word(g.pools[texts]...) }
	fmt.Fprintf(&g.text, "one = lookup(%s, %s, %s);\n", g.table(letters, 1), text(), g.fixed(logits))
	fmt.Fprintf(&g.text, "two = lookup(%s, %s, %s, %s);\n", g.table(letters, 2), text(), text(), g.fixed(logits))
	g.text.WriteString("next = {")
	for i, c := range letters {
		if i > 0 {
			g.text.WriteString(", ")
		}
		fmt.Fprintf(&g.text, "%q: %s", c, g.score(logits))
	}
	g.text.WriteString("};\n")
	return strings.ReplaceAll(g.text.String(), "'", `"`)
}

// table is a dict of dicts, so many keys deep, to dicts of scores.
func (g *generator) table(letters string, depth int) string {
	var entries []string
	for _, c := range letters {
		switch {
		case g.IntN(3) == 0 && (c != 'a' || depth == 0):
		case depth == 0:
			entries = append(entries, fmt.Sprintf("%q: %s", c, g.fixed(false)))
		default:
			entries = append(entries, fmt.Sprintf("%q: %s", c, g.table(letters, depth-1)))
		}
	}
	if depth == 0 {
		entries = append(entries, `"a": 0.5`, `"b": 1.25`)
	}
	return "{" + strings.Join(entries, ", ") + "}"
}

// fixed is a score that does not vary.
func (g *generator) fixed(negative bool) string {
	if negative {
		return g.word("-0.5", "-2", "0", "-1.75")
	}
	return g.word("0.5", "2", "0.1", "3", "0")
}

// score of a token.
func (g *generator) score(logits bool) string {
	if !logits {
		return g.word(g.fixed(false), "0.5", "one[\"a\"]", "two[\"b\"]", "one[\"b\"] + two[\"a\"]", "indicator("+g.expression(bools, 1)+") + 0.25",
			"("+g.expression(ints, 1)+") ^ 2 + 1", "aggregate("+g.expression(selectors, 1)+", indicator("+g.expression(bools, 0)+")) + 0.125")
	}
	var terms []string
	for range 1 + g.IntN(3) {
		terms = append(terms, g.word(g.fixed(true), "one[\"a\"]", "two[\"b\"]", "two[\"a\"] * 0.5", "-one[\"b\"] / 3",
			"0.25 * ("+g.expression(ints, 1)+")", "indicator("+g.expression(bools, 1)+")", "(-1000 if "+g.expression(bools, 1)+" else 0.5)"))
	}
	return strings.Join(terms, " + ")
}
