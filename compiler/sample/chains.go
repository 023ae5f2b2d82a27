package sample

import (
	"fmt"
	"math/rand/v2"
)

// chains ask many conditions, one after the other, for constants and other branches, here and
// there within each other, and more of what comes out.
func chains(r *rand.Rand) string {
	g := &generator{Rand: r}
	letters := "abcdefgh"[:5+g.IntN(4)]
	longest := 4 + g.IntN(4)
	g.begin(`"`+letters+`"`, longest, g.IntN(3) == 0)
	conditions := 0
	condition := func() string {
		letter := fmt.Sprintf("%q", string(letters[conditions%len(letters)]))
		conditions++
		return g.word("contains(tokens, "+letter+")", "count(tokens, "+letter+g.word(") > 1", ") == 2", ")"),
			fmt.Sprintf("shift(tokens, %d, \"-\") == %s", 1+conditions%3, letter), "tokens == "+letter, fmt.Sprintf("indices > %d", g.IntN(longest)),
			fmt.Sprintf("selector_width(select(tokens, tokens, ==) and select(indices, indices - %d, <)) > 0", g.IntN(3)), fmt.Sprintf("tokens[%d] == %s", g.IntN(longest), letter))
	}
	kind := g.pick([]int{ints, ints, bools, texts, means})
	branch := func() string {
		return map[int]string{
			ints:  g.word("0", "1", "2", "3", "-5", "indices", "length", "count(tokens, \"a\")", "indices - 2"),
			bools: g.word("True", "False", "tokens == \"b\"", "contains(tokens, \"c\")"),
			texts: g.word(`"p"`, `"q"`, "tokens", `shift(tokens, 1, "-")`),
			means: g.word("0.5", "1", "0.1", "2.5", "True", "indices / 3", "indices"),
		}[kind]
	}
	g.line("x = %s;", branch())
	for range 8 + g.IntN(8) {
		c := condition()
		if g.IntN(6) == 0 {
			c = "not (" + c + ")"
		}
		switch n := g.IntN(12); {
		case n < 3:
			g.line("x = x if %s else %s;", c, branch())
		case kind == bools && n < 9:
			g.line("x = %s;", g.word("x or "+c, c+" or x", "x and "+c, "not x", c+" and x", "x or (x and "+c+")"))
		case n == 3:
			g.line("x = x if %s else (%s if %s else %s);", c, branch(), condition(), branch())
		default:
			g.line("x = %s if %s else x;", branch(), c)
		}
	}
	if g.IntN(3) == 0 {
		g.line("y = %s;", g.word("selector_width(select(x, x, ==))", "x == "+branch(), "aggregate(select(indices, indices - 1, ==), x, "+map[int]string{ints: "0", bools: "False", texts: `""`, means: "0.0"}[kind]+")"))
	}
	return g.text.String()
}
