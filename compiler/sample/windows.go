package sample

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
)

// windows averages over a few neighbours, values and thresholds being others at some
// positions, and compares with what such means can be, to the last digit.
func windows(r *rand.Rand) string {
	g := &generator{Rand: r}
	if g.IntN(2) == 0 {
		return g.soFar()
	}
	vocab := g.decimals()
	longest := 3 + g.IntN(5)
	g.begin(list(vocab), longest, g.IntN(3) == 0)
	g.line("val = %s;", g.placed(longest, g.word("tokens_float", "tokens_float", "tokens_asis"), func() string { return vocab[g.IntN(len(vocab))] }))
	if g.IntN(3) == 0 {
		g.line("val = %s;", g.placed(longest, "val", func() string { return g.word("0", "1", vocab[0], "val + 0.1", "val * 3") }))
	}
	g.line("s = %s;", g.window(longest))
	g.line("m = aggregate(s, val%s);", g.word("", "", ", 0.5", ", -1", ", "+vocab[0]))
	g.line("thr = %s;", g.placed(longest, g.word("0.5", "5.5", g.tieOf(vocab, longest)), func() string { return g.tieOf(vocab, longest) }))
	g.compareMean()
	return g.text.String()
}

// soFar averages over all positions up to here, or some, and asks at one of them for
// more or less than one order of a few values gives.
func (g *generator) soFar() string {
	longest := 4 + g.IntN(3)
	pair := [][]string{{"0.3", "0.7"}, {"0.1", "0.2"}, {"0.1", "0.7"}, {"1.1", "0.3"}, {"-0.3", "0.1"}}[g.IntN(5)]
	vocab := append(pair, []string{"4", "8", "16", "2", "1", "0.5", "32"}[g.IntN(4):][:1+g.IntN(3)]...)
	tie := g.tieOf(pair, longest)
	input := strings.Split(strings.Trim(g.tries[0], "[]"), ", ")
	g.Shuffle(len(vocab), func(i, j int) { vocab[i], vocab[j] = vocab[j], vocab[i] })
	g.begin(list(vocab), longest, g.IntN(3) == 0)
	g.line("val = %s;", g.word("tokens_float", input[0]+" if indices == 0 else tokens_float", input[0]+" if indices == 0 else tokens_float", input[len(input)-1]+" if indices == 1 else tokens_float"))
	g.line("s = select(indices, indices, <=)%s;", g.word("", "", fmt.Sprintf(" and select(indices + %d, indices, >)", longest-1), fmt.Sprintf(" and select(indices + %d, indices, >)", longest-1), fmt.Sprintf(" and select(indices + %d, indices, >)", longest-2)))
	g.line("m = aggregate(s, val);")
	g.line("thr = %s if indices == %d else %s;", tie, len(input)-1, g.word("5.5", "5.5", "0.5", "2"))
	g.compareMean()
	return g.text.String()
}

func (g *generator) compareMean() {
	for _, input := range g.tries {
		g.line("%s%s", toTry, input)
	}
	g.line("x = %s;", g.word("m > thr", "m > thr", "m >= thr", "m == thr", "m < thr", "1 if m > thr else 0", "m - thr > 0", "round(m * 10)", "m"))
}

// decimals are some numbers that float64 does not have, and some that it has.
func (g *generator) decimals() []string {
	all := []string{"0.1", "0.2", "0.3", "0.7", "4", "8", "16", "1", "0", "2.5", "-0.3", "1.1", "0.01", "0.33", "100.5", "-1"}
	g.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all[:2+g.IntN(4)]
}

// placed is a value, another one at one or two positions.
func (g *generator) placed(longest int, value string, other func() string) string {
	for range g.IntN(3) {
		value = fmt.Sprintf("%s if %s else (%s)", other(), g.place(longest), value)
	}
	return value
}

// place says which position, often at a boundary.
func (g *generator) place(longest int) string {
	return g.word("indices == 0", "indices == length - 1", fmt.Sprintf("indices == %d", g.IntN(longest)),
		fmt.Sprintf("indices > %d", g.IntN(longest)), "indices % 2 == 0", fmt.Sprintf("length == %d", 1+g.IntN(longest)))
}

// window selects neighbours, some beyond the ends.
func (g *generator) window(longest int) string {
	offset := func() string { return g.word("", "", " + ", " - ") }
	side := func() string {
		if o := offset(); o != "" {
			return "indices" + o + strconv.Itoa(1+g.IntN(longest))
		}
		return g.word("indices", "indices", "indices", "length - 1", "length - 1 - indices", "indices * 2", strconv.Itoa(g.IntN(longest)))
	}
	one := func() string {
		return fmt.Sprintf("select(%s, %s, %s)", side(), side(), g.word("<", "<=", "<=", ">", ">=", "==", "!="))
	}
	s := one()
	for range g.IntN(3) {
		s = "(" + s + g.word(" and ", " and ", " or ") + g.word("", "", "not ") + one() + ")"
	}
	return s
}

// tieOf is what float64 makes of some values added in some order, of those that another
// order would give otherwise, if there are such; they are an input to try.
func (g *generator) tieOf(values []string, longest int) string {
	var input []string
	sum := 0.0
	for range 20 {
		input = make([]string, g.pick([]int{longest - 1, longest - 1, longest, 1 + g.IntN(longest)}))
		for i := range input {
			input[i] = values[g.IntN(min(len(values), 2))]
		}
		sum = added(input)
		g.Shuffle(len(input), func(i, j int) { input[i], input[j] = input[j], input[i] })
		if added(input) != sum {
			break
		}
	}
	g.tries = append(g.tries, list(input))
	return decimal(sum / float64(len(input)))
}

// added is the sum of numbers from left to right.
func added(numbers []string) float64 {
	sum := 0.0
	for _, text := range numbers {
		x, _ := strconv.ParseFloat(text, 64)
		sum += x
	}
	return sum
}

// decimal writes a float as the language has it: without an exponent.
func decimal(x float64) string {
	text := strconv.FormatFloat(x, 'f', -1, 64)
	if x == float64(int64(x)) {
		text += ".0"
	}
	if x < 0 {
		return "(0 - " + text[1:] + ")"
	}
	return text
}
