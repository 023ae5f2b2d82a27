package lang

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"rasp/lang/graph"
	"rasp/lang/interp"
	"rasp/lang/value"
)

// letters is an input of n random small letters.
func letters(n int) []value.Value {
	r := rand.New(rand.NewPCG(1, 2))
	input := make([]value.Value, n)
	for i := range input {
		input[i] = value.OfString(string(rune('a' + r.IntN(26))))
	}
	return input
}

// BenchmarkRun interprets programs on n letters.
func BenchmarkRun(b *testing.B) {
	for _, test := range []struct {
		name, text string
		n          int
	}{
		{"sort", "x = sort(tokens, tokens);", 200},
		{"sort", "x = sort(tokens, tokens);", 1000},
		{"width", "x = selector_width(select(tokens, tokens, ==));", 300},
		{"width", "x = selector_width(select(tokens, tokens, ==));", 1000},
		{"table of 100000", table(100_000) + "x = d[tokens];", 1000},
		{"chain of 1000", "x = indices;\n" + strings.Repeat("x = x + 1;\n", 1000), 200},
	} {
		b.Run(fmt.Sprintf("%s n=%d", test.name, test.n), func(b *testing.B) {
			p, faults := Parse("bench.rasp", test.text)
			if len(faults) > 0 {
				b.Fatal(faults)
			}
			e := interp.New(false, nodes(p)...)
			input := letters(test.n)
			for b.Loop() {
				if err := e.Run(input); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func nodes(p *Program) (list []*graph.Node) {
	for _, b := range p.Bindings {
		list = append(list, b.Node)
	}
	return list
}

// table is the assignment of a dict with n entries and the letters.
func table(n int) string {
	var b strings.Builder
	b.WriteString("d = {")
	for i := range n {
		fmt.Fprintf(&b, "\"w%d\": -%d.5, ", i, i%100)
	}
	for c := 'a'; c <= 'z'; c++ {
		fmt.Fprintf(&b, "%q: %d, ", c, c)
	}
	return strings.ReplaceAll(b.String(), "'", `"`) + `"": 0};` + "\n"
}

// BenchmarkElaborate parses and elaborates.
func BenchmarkElaborate(b *testing.B) {
	for name, text := range map[string]string{
		"1000 statements":   lines(1_000, "x%d = indices + %[1]d;\n"),
		"10000 statements":  lines(10_000, "x%d = indices + %[1]d;\n"),
		"chain of 10000":    "x = indices;\n" + strings.Repeat("x = x + 1;\n", 10_000),
		"10000 calls":       "def f(s) { return s + 1; }\n" + strings.Repeat("x = f(indices);\n", 10_000),
		"table of 10000":    table(10_000) + "x = d[tokens];",
		"table of 100000":   table(100_000) + "x = d[tokens];",
		"comprehension 1e5": "x = [i * 2 for i in range(100000)][indices];",
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				if _, faults := Parse("bench.rasp", text); len(faults) > 0 {
					b.Fatal(faults)
				}
			}
		})
	}
}

func lines(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}
