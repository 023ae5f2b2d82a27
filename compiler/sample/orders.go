package sample

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// orders compares functions of one variable, which differ at a token or two, and breaks
// ties by another: some are strict orders, some nearly.
func orders(r *rand.Rand) string {
	g := &generator{Rand: r}
	most := g.pick([]int{3, 5, 9, 20, 60})
	special := []int{g.IntN(most + 1), g.IntN(most + 1)}
	g.begin(fmt.Sprintf("0..%d", most), 2+g.IntN(3), g.IntN(4) == 0)
	g.line("t = tokens_int;")
	f, h := g.function(most, special), g.function(most, special)
	first, second := g.word("f", "f", "t"), g.word("g", "g", "f", "t")
	if g.IntN(2) == 0 {
		f, h = g.twins(most, special)
		first, second = "f", "g"
	}
	g.line("f = %s;", f)
	g.line("g = %s;", g.word("f", h, h, h, h, h))
	g.line("tie = %s;", g.tie(most, special))
	g.line("before = select(%s, %s, %s) or (select(%s, %s, ==) and tie);", first, second, g.word("<", "<", "<", ">", ">", "<="), first, second)
	g.line("rank = selector_width(before%s);", g.word("", "", "", "", "", " and select(indices, indices, !=)", " and select(t, t, !=)"))
	switch g.IntN(6) {
	case 0:
		g.line("x = rank;")
	case 1:
		g.line("x = aggregate(before, t, -1);")
	case 2:
		g.line("x = has_focus(before) and rank > 0;")
	default:
		g.line("x = aggregate(select(rank, indices%s, ==), %s, -1);", g.word("", "", " + 1"), g.word("indices", "t", "f"))
	}
	return g.text.String()
}

// twins are two functions that differ at a special token, or around it.
func (g *generator) twins(most int, special []int) (f, h string) {
	plain, at := g.word("t", "t", "t", "t * 2", "t / 2", "0 - t"), g.pick(special)
	return fmt.Sprintf("%d if t == %d else %s", g.near(special), at, plain), fmt.Sprintf("%d if t == %d else %s", g.near(special), g.pick([]int{at, at, at, g.pick(special)}), plain)
}

// near is a number close to that of a special token.
func (g *generator) near(special []int) int { return max(0, g.pick(special)+g.IntN(5)-2) }

// function is one of t, nearly another one at the special tokens.
func (g *generator) function(most int, special []int) string {
	plain := g.word("t", "t", "t", fmt.Sprintf("t %% %d", 2+g.IntN(5)), "0 - t", "t * 2", fmt.Sprintf("min(t, %d)", g.pick(special)), "t / 2", "round(t / 2)",
		fmt.Sprintf("(t - %d) ^ 2", g.pick(special)), fmt.Sprintf("indicator(t > %d)", g.pick(special)))
	switch g.IntN(4) {
	case 0:
		return plain
	case 1:
		var cases []string
		for i := range most + 1 {
			cases = append(cases, fmt.Sprintf("%d: %d", i, g.IntN(most+2)))
		}
		return "{" + strings.Join(cases, ", ") + "}[t]"
	}
	return fmt.Sprintf("%d if t == %d else %s", g.near(special), g.pick(special), plain)
}

// tie decides between equals, mostly by position.
func (g *generator) tie(most int, special []int) string {
	by := "select(indices, indices, " + g.word("<", "<", "<", "<=", ">", ">=", "!=") + ")"
	if g.IntN(4) > 0 {
		return by
	}
	h, k := g.function(most, special), g.function(most, special)
	if g.IntN(2) == 0 {
		k = h
	}
	return fmt.Sprintf("(select(%s, %s, <) or (select(%s, %s, ==) and %s))", h, k, h, k, by)
}
