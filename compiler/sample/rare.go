package sample

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// rarely is one thing on most inputs, and another where several things meet that are
// each seldom.
func rarely(r *rand.Rand) string {
	g := &generator{Rand: r}
	letters := "abcdefgh"[:3+g.IntN(6)]
	longest := 4 + g.IntN(4)
	g.begin(`"`+letters+`"`, longest, g.IntN(3) == 0)
	letter := func() string { return fmt.Sprintf("%q", string(letters[g.IntN(len(letters))])) }
	event := func() string {
		return g.word(
			fmt.Sprintf("count(tokens, %s) == %d", letter(), 1+g.IntN(longest)),
			fmt.Sprintf("tokens[%d] == %s", g.IntN(longest), letter()),
			fmt.Sprintf("contains(tokens, %s)", letter()),
			fmt.Sprintf("shift(tokens, %d, \"-\") == %s", 1+g.IntN(2), letter()),
			fmt.Sprintf("has_focus(select(tokens, %s, ==) and select(indices, indices, <))", letter()),
			fmt.Sprintf("length == %d", 1+g.IntN(longest)),
			fmt.Sprintf("indices == %d", g.IntN(longest)),
			fmt.Sprintf("count(tokens, %s) > count(tokens, %s)", letter(), letter()))
	}
	var events []string
	for i := range 2 + g.IntN(3) {
		g.line("e%d = %s;", i, event())
		events = append(events, fmt.Sprintf("e%d", i))
	}
	g.line("rare = %s;", strings.Join(events, " and "))
	usual, unusual := g.outcome(letter), g.outcome(letter)
	if g.IntN(3) == 0 {
		unusual = usual + " + 1"
		if strings.HasPrefix(usual, `"`) {
			unusual = usual + " + tokens"
		}
	}
	g.line("v = %s if rare else %s;", unusual, usual)
	switch g.IntN(5) {
	case 0, 1:
		g.line("x = v;")
	case 2:
		g.line("x = selector_width(select(v, v, %s) and select(indices, indices, <=));", g.word("==", "=="))
	case 3:
		g.line("x = aggregate(select(indices, %s, ==), v);", g.word("0", "length - 1", "indices - 1"))
	case 4:
		g.line("x = selector_width(select(rare, True, ==)) * %s + %s;", g.word("1", "1000", "3"), g.word("indices", "0", "length"))
	}
	return g.text.String()
}

// outcome is a value of one type for both cases, more often than not.
func (g *generator) outcome(letter func() string) string {
	return g.word("0", "1", "indices", "length", "100000000000000", "0.5", "aggregate(full_s, indices)", "count(tokens, "+letter()+")", "selector_width(select(tokens, tokens, ==))")
}
