package sample

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// Text is a program by the grammar alone, among statements that are well typed: any
// expression stands where the grammar has one, so that many programs are at fault, fail on
// some inputs or on all, or mix types. What is named is mostly there.
func Text(r *rand.Rand) string {
	g := &grammar{generator: generator{Rand: r}}
	g.start()
	g.known = []string{"tokens", "tokens_int", "tokens_float", "tokens_bool", "tokens_asis", "indices", "length", "full_s"}
	wild := 1 + g.IntN(4) // statements in four
	for range 1 + g.IntN(7) {
		if g.IntN(4) >= wild {
			g.typed()
		} else {
			g.untyped(2)
		}
	}
	g.assign(2)
	return g.text.String()
}

// grammar writes programs whose names are known.
type grammar struct {
	generator
	known     []string
	functions []string
}

// typed is a statement whose value the others know.
func (g *grammar) typed() {
	kind := g.statement(2)
	g.known = append(g.known, g.last(kind), g.last(kind))
}

func (g *grammar) untyped(depth int) {
	switch g.IntN(12) {
	case 0:
		g.function(depth)
	case 1:
		variable := g.word("i", "j")
		g.line("for %s in %s {", variable, g.listed(1))
		g.within(variable, func() { g.assign(depth) })
		g.line("}")
	case 2:
		g.line("%s;", g.any(depth))
	case 3:
		names := []string{g.fresh(), g.fresh()}
		g.line("%s = %s, %s;", strings.Join(names, ", "), g.any(depth), g.any(depth))
		g.known = append(g.known, names...)
	default:
		g.assign(depth)
	}
}

func (g *grammar) assign(depth int) {
	expression := g.any(depth)
	if g.IntN(8) == 0 {
		g.line("%s = %s;", g.word(g.known...), expression) // perhaps a name of the library
		return
	}
	name := g.fresh()
	g.line("%s = %s;", name, expression)
	g.known = append(g.known, name, name) // recent names are used more often
}

func (g *grammar) function(depth int) {
	g.names++
	name := fmt.Sprintf("f%d", g.names)
	g.line("def %s(a, b) {", name)
	g.within("a", func() {
		g.known = append(g.known, "b")
		for range g.IntN(3) {
			g.assign(1)
		}
		g.line("return %s;\n}", g.any(depth))
	})
	g.functions = append(g.functions, name)
}

// within writes what knows a name that is unknown afterwards, as are those it makes.
func (g *grammar) within(name string, write func()) {
	outside := len(g.known)
	g.known = append(g.known, name, name, name)
	write()
	g.known = g.known[:outside]
}

func (g *grammar) fresh() string {
	g.names++
	return fmt.Sprintf("x%d", g.names)
}

// any is any expression; depth bounds its nesting.
func (g *grammar) any(depth int) string {
	switch {
	case depth <= 0 || g.IntN(4) == 0:
		return g.operand()
	case g.IntN(3) == 0:
		return g.expression(g.IntN(len(g.pools)), depth-1)
	}
	sub := func() string { return g.any(depth - 1) }
	switch g.IntN(20) {
	case 0, 1, 2:
		return "(" + sub() + " " + g.word("+", "-", "*", "/", "%", "^") + " " + sub() + ")"
	case 3, 4:
		return "(" + sub() + " " + g.word("==", "<", "<=", ">", ">=", "in", "and", "or") + " " + sub() + ")"
	case 5, 6:
		return fmt.Sprintf("(%s if %s else %s)", sub(), sub(), sub())
	case 7:
		return g.word("not ", "-", "+") + sub()
	case 8, 9:
		return fmt.Sprintf("select(%s, %s, %s)", sub(), sub(), g.word("==", "!=", "<", "<=", ">", ">="))
	case 10, 11:
		return fmt.Sprintf("aggregate(%s, %s%s)", g.selector(depth-1), sub(), g.word("", "", ", "+sub()))
	case 12:
		return g.word("round", "indicator", "len") + "(" + sub() + ")"
	case 13:
		return sub() + "[" + sub() + "]"
	case 14:
		return g.listed(depth)
	case 15:
		return fmt.Sprintf("{%s: %s, %s: %s}", g.atom(), sub(), g.atom(), sub())
	case 16:
		if len(g.functions) > 0 {
			return fmt.Sprintf("%s(%s, %s)", g.word(g.functions...), sub(), sub())
		}
		return g.operand()
	case 17:
		return g.word("selector_width", "has_focus", "average", "select_next_identical") + "(" + g.selector(depth-1) + ")"
	case 18:
		return fmt.Sprintf("%s(%s, %s)", g.word("count", "contains", "max", "min", "sort", "load_from_location", "mark_first_instance", "select_from_last"), sub(), sub())
	}
	return fmt.Sprintf("shift(%s, %s, %s)", sub(), g.word("1", "2", "-1", sub()), g.atom())
}

// selector is one, or whatever stands in its place.
func (g *grammar) selector(depth int) string {
	switch g.IntN(5) {
	case 0:
		return g.any(depth)
	case 1:
		return "full_s"
	}
	return fmt.Sprintf("select(%s, %s, %s)", g.any(depth-1), g.any(depth-1), g.word("==", "!=", "<", "<=", ">", ">="))
}

func (g *grammar) listed(depth int) string {
	switch g.IntN(4) {
	case 0:
		return fmt.Sprintf("range(%s)", g.word("3", "0", "1, 4", "4, 0, -2", g.atom()))
	case 1:
		list := g.word("range(3)", `["a", "b"]`, "[1, 2]", "zip([1, 2], [3, 4])", `"ab"`)
		var element string
		g.within("i", func() { element = g.any(depth - 1) })
		return fmt.Sprintf("[%s for i in %s]", element, list)
	}
	return list([]string{g.any(depth - 1), g.any(depth - 1)}[:g.IntN(3)])
}

func (g *grammar) operand() string {
	if g.IntN(3) > 0 {
		return g.word(g.known...)
	}
	return g.atom()
}

func (g *grammar) atom() string {
	return g.word("0", "1", "2", "-1", "100", "0.5", "0.1", "1.0", "0.0", `"a"`, `"b"`, `""`, `"ab"`, "True", "False", "9007199254740993",
		"99999999999999999999", "1000000.5", g.extreme())
}
