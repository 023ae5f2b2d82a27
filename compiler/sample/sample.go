// Package sample makes random programs, for tests that compare a compiled model with the
// interpreter.
package sample

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
)

// Kind says what programs are about.
type Kind string

const (
	Mixed       Kind = "mixed"       // statements of all types as they come
	Predictions Kind = "predictions" // of the next token
	Orders      Kind = "orders"      // by functions that nearly agree, with ties
	Windows     Kind = "windows"     // means of neighbours, against what they can be
	Numbers     Kind = "numbers"     // large, small and close ones
	Types       Kind = "types"       // all four, where one is expected
	Forms       Kind = "forms"       // inputs of a form, separators
	Rare        Kind = "rare"        // another answer where several things meet
	Chains      Kind = "chains"      // of conditions
	Words       Kind = "words"       // compared with each other
	Sums        Kind = "sums"        // of long rows, and what is made of them
	Shares      Kind = "shares"      // fractions that are shown
	Latest      Kind = "latest"      // the latest of the keys that match
)

var makers = map[Kind]func(*rand.Rand) string{
	Mixed: mixed, Predictions: prediction, Orders: orders, Windows: windows, Numbers: numbers, Types: types, Rare: rarely, Forms: formed, Sums: sums, Shares: shares, Latest: latest, Words: words, Chains: chains,
}

// Kinds lists all kinds.
func Kinds() []Kind { return slices.Sorted(maps.Keys(makers)) }

// Program is the text of a random program of a kind, with the directives that say its
// domain. It is well typed; on some inputs it may fail.
func Program(r *rand.Rand, kind Kind) string { return makers[kind](r) }

// generator writes random well-typed programs, statement by statement, from
// pools of names of each type.
type generator struct {
	*rand.Rand
	text   strings.Builder
	names  int
	vocab  []string
	number bool // tokens are ints
	float  bool // tokens are floats
	pools  [5][]string
	tries  []string // inputs to try
}

const (
	ints = iota
	bools
	texts
	means
	selectors
)

// mixed takes statements as they come.
func mixed(r *rand.Rand) string {
	g := &generator{Rand: r}
	g.start()
	kind := 0
	for range 3 + g.IntN(9) {
		kind = g.statement(2)
	}
	switch {
	case kind == selectors:
		g.define(ints, "selector_width("+g.last(selectors)+")")
	case g.IntN(8) == 0:
		g.define(ints, g.ofSeveralTypes())
	}
	return g.text.String()
}

// start chooses a domain, and what is there before the first statement.
func (g *generator) start() {
	g.number = g.IntN(4) == 0
	vocab := `"` + "abcd"[:2+g.IntN(3)] + `"`
	g.vocab = []string{`"a"`, `"b"`}
	if g.number {
		vocab = []string{"0..2", "-1..1", "0..3"}[g.IntN(3)]
		g.vocab = []string{`"0"`, `"1"`}
	}
	longest := 3 + g.IntN(5)
	if !g.number && g.IntN(5) == 0 {
		g.float, longest = true, 2+g.IntN(4)
		vocab = g.word("[0.5, -1.25, 2.0]", "[0.1, 0.2, 0.3]", "[0.1, 0.7]", "[1, 2.5, 0.3]", "[-0.3, 1.1]", "[0.333, 2.0]")
		g.vocab = []string{`"0.1"`, `"2.0"`}
	}
	fmt.Fprintf(&g.text, "#rasp:vocab %s\n#rasp:length %d\n", vocab, longest)
	if g.IntN(2) == 0 {
		g.text.WriteString("#rasp:causal\n")
	}
	g.pools[ints] = []string{"indices", "length"}
	if g.number {
		g.pools[ints] = append(g.pools[ints], "tokens_int", "tokens_int")
	}
	if g.float {
		g.pools[means] = []string{"tokens_float", "tokens_float"}
	}
	g.pools[texts] = []string{"tokens"}
	g.pools[selectors] = []string{"full_s"}
}

// statement assigns an expression of a kind, which it returns.
func (g *generator) statement(depth int) int {
	kind := g.pick([]int{ints, ints, bools, texts, means, selectors, selectors})
	g.define(kind, g.expression(kind, depth))
	return kind
}

// begin writes the directives.
func (g *generator) begin(vocab string, longest int, causal bool) {
	g.line("#rasp:vocab %s\n#rasp:length %d", vocab, longest)
	if causal {
		g.line("#rasp:causal")
	}
}

func (g *generator) line(format string, args ...any) { fmt.Fprintf(&g.text, format+"\n", args...) }

// list writes elements.
func list(elements []string) string { return "[" + strings.Join(elements, ", ") + "]" }

func (g *generator) pick(list []int) int        { return list[g.IntN(len(list))] }
func (g *generator) word(list ...string) string { return list[g.IntN(len(list))] }
func (g *generator) last(kind int) string       { return g.pools[kind][len(g.pools[kind])-1] }

func (g *generator) define(kind int, expression string) {
	g.names++
	name := fmt.Sprintf("x%d", g.names)
	fmt.Fprintf(&g.text, "%s = %s;\n", name, expression)
	// Recent names are more likely to be used again.
	g.pools[kind] = append(g.pools[kind], name, name)
}

// ofSeveralTypes is an s-op of one type on some inputs and of another on others, or of
// numbers of several types.
func (g *generator) ofSeveralTypes() string {
	sub := func(k int) string { return g.expression(k, 1) }
	if g.IntN(2) == 0 {
		return fmt.Sprintf("(%s if length > 2 else %s)", sub(g.pick([]int{ints, texts, bools, means})), sub(g.pick([]int{ints, texts, bools, means})))
	}
	return fmt.Sprintf("(%s if %s else %s)", sub(g.pick([]int{ints, bools, means})), sub(bools), sub(g.pick([]int{ints, bools, means})))
}

// expression is a random expression of a kind; depth bounds its nesting.
func (g *generator) expression(kind, depth int) string {
	if (kind != means || g.float) && (depth == 0 || g.IntN(4) == 0) && len(g.pools[kind]) > 0 {
		return g.word(g.pools[kind]...)
	}
	depth--
	sub := func(k int) string { return g.expression(k, max(depth, 0)) }
	switch kind {
	case ints:
		return g.integer(sub)
	case bools:
		return g.boolean(sub)
	case texts:
		return g.string(sub)
	case means:
		return g.mean(sub)
	}
	return g.selector(sub)
}

func (g *generator) integer(sub func(int) string) string {
	switch g.IntN(18) {
	case 0, 1:
		return "(" + sub(ints) + g.word(" + ", " - ") + sub(ints) + ")"
	case 2:
		return fmt.Sprintf("(%s * %s)", sub(g.pick([]int{ints, ints, bools})), g.word("2", "3", "-1"))
	case 3:
		return fmt.Sprintf("(%s %% %s)", sub(ints), g.word("2", "3"))
	case 4:
		return fmt.Sprintf("(%s if %s else %s)", sub(ints), sub(bools), sub(g.pick([]int{ints, ints, ints, bools})))
	case 5:
		return "round(" + sub(means) + ")"
	case 6, 7:
		return "selector_width(" + sub(selectors) + ")"
	case 8:
		return "indicator(" + sub(bools) + ")"
	case 9:
		return g.word("min", "max") + "(" + sub(ints) + ", " + sub(ints) + ")"
	case 10:
		return "count(" + sub(texts) + ", " + g.word(g.vocab...) + ")"
	case 11:
		return fmt.Sprintf("[3, 1, 2][%s %% 3]", sub(ints))
	case 12:
		return fmt.Sprintf("{%s: 5, True: 0}[%s == %s]", "False", sub(texts), g.word(g.vocab...))
	case 13:
		return "(" + sub(ints) + " ^ 2)"
	case 14:
		return fmt.Sprintf("(%s * %s)", sub(ints), sub(ints))
	case 15:
		return sub(ints) + "[" + g.word("0", "1", "-1") + "]"
	case 16:
		return "sort(" + sub(ints) + ", " + sub(ints) + ")"
	}
	return fmt.Sprintf("aggregate(select(indices, %s, ==), %s, %s)", sub(ints), sub(ints), g.word("0", "-1", "7"))
}

func (g *generator) boolean(sub func(int) string) string {
	switch g.IntN(13) {
	case 11:
		return "(" + sub(means) + g.word(" > ", " < ", " == ", " >= ") + sub(g.pick([]int{means, ints})) + ")"
	case 0, 1:
		return "(" + sub(ints) + g.word(" < ", " == ", " >= ", " > ", " <= ") + sub(ints) + ")"
	case 2:
		return "(" + sub(texts) + g.word(" == ", " < ") + g.word(g.vocab...) + ")"
	case 3:
		return "(" + sub(bools) + g.word(" and ", " or ") + sub(bools) + ")"
	case 4:
		return "(not " + sub(bools) + ")"
	case 5:
		return "(" + sub(texts) + " in [" + g.vocab[0] + ", \"z\"])"
	case 6:
		return "has_focus(" + sub(selectors) + ")"
	case 7:
		return "contains(" + sub(texts) + ", " + g.word(g.vocab...) + ")"
	case 8:
		return "(" + g.word(g.vocab...) + " in " + sub(texts) + ")"
	case 9:
		return "mark_" + g.word("first", "last") + "_instance(" + sub(texts) + ", " + g.word(g.vocab...) + ")"
	case 10:
		return "(" + sub(texts) + g.word(" == ", " < ", " >= ") + sub(texts) + ")"
	}
	return "(" + sub(means) + g.word(" > ", " < ", " == ") + g.word("0.5", "0.3", "0.2", "1", "0") + ")"
}

func (g *generator) string(sub func(int) string) string {
	switch g.IntN(8) {
	case 0:
		return fmt.Sprintf("(%s if %s else %s)", sub(texts), sub(bools), g.word(g.vocab...))
	case 1:
		return fmt.Sprintf("aggregate(select(indices, %s, ==), %s, \"?\")", sub(ints), sub(texts))
	case 2:
		return "(" + sub(texts) + " + \"x\")"
	case 3:
		return "shift(" + sub(texts) + ", " + g.word("1", "-1", "2") + ", \"-\")"
	case 4:
		return "sort(" + sub(texts) + ", " + sub(g.pick([]int{ints, texts, bools})) + ")"
	case 5:
		return fmt.Sprintf("aggregate(select_from_%s(%s, %s), %s, \"!\")", g.word("first", "last"), sub(texts), g.word(g.vocab...), sub(texts))
	case 6:
		return "aggregate(select_next_identical(" + sub(texts) + "), " + sub(texts) + ", \".\")"
	}
	return "tokens"
}

func (g *generator) mean(sub func(int) string) string {
	switch g.IntN(7) {
	case 5:
		return "(" + sub(ints) + g.word(" + ", " - ") + sub(means) + ")"
	case 3:
		return "(" + sub(ints) + " / " + g.word("2", "3", "4.0") + ")"
	case 4:
		return "(" + sub(means) + g.word(" + ", " - ", " * ") + g.word("1", "0.5", "2") + ")"
	case 0:
		return fmt.Sprintf("aggregate(%s, indicator(%s))", sub(selectors), sub(bools))
	case 1:
		return fmt.Sprintf("aggregate(%s, %s, %s)", sub(selectors), sub(ints), g.word("0", "1", "-2"))
	}
	return "(length * aggregate(full_s, indicator(" + sub(bools) + ")))"
}

func (g *generator) selector(sub func(int) string) string {
	op := g.word("==", "!=", "<", "<=", ">", ">=")
	switch g.IntN(8) {
	case 7:
		return fmt.Sprintf("select(%s, %s, %s)", sub(g.pick([]int{ints, means, bools})), sub(g.pick([]int{ints, means})), op)
	case 0, 1:
		return fmt.Sprintf("select(%s, %s, %s)", sub(ints), sub(ints), op)
	case 2:
		return fmt.Sprintf("select(%s, %s, %s)", sub(texts), sub(texts), op)
	case 3:
		return fmt.Sprintf("select(indices, indices, %s)", op)
	case 4:
		return fmt.Sprintf("select(%s, True, ==)", sub(bools))
	case 5:
		return "(" + sub(selectors) + g.word(" and ", " or ") + sub(selectors) + ")"
	}
	return "(not " + sub(selectors) + ")"
}
