package check

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"rasp/lang"
	"rasp/lang/diag"
	"rasp/lang/interp"
	"rasp/lang/value"
)

// writer writes random programs. Most of them are faulty.
type writer struct {
	*rand.Rand
	names []string
}

func (w *writer) one(options ...string) string { return options[w.IntN(len(options))] }

func (w *writer) expr(depth int) string {
	if depth == 0 || w.IntN(6) == 0 {
		return w.leaf()
	}
	sub := func() string { return w.expr(depth - 1) }
	switch w.IntN(16) {
	case 0, 1, 2:
		return "(" + sub() + " " + w.one("+", "-", "*", "/", "%", "^") + " " + sub() + ")"
	case 3:
		return "(" + sub() + " " + w.one("==", "<", ">", "<=", ">=") + " " + sub() + ")"
	case 4:
		return "(" + sub() + " " + w.one("and", "or", "in") + " " + sub() + ")"
	case 5:
		return "(" + w.one("not ", "-", "+", "round", "indicator") + "(" + sub() + "))"
	case 6:
		return "(" + sub() + " if " + sub() + " else " + sub() + ")"
	case 7:
		return "[" + sub() + ", " + sub() + "]"
	case 8:
		return "{" + w.leaf() + ": " + sub() + ", " + w.leaf() + ": " + sub() + "}"
	case 9:
		return sub() + "[" + sub() + "]"
	case 10:
		return "[" + sub() + " for " + w.one("i", "x", "i, x") + " in " + sub() + "]"
	case 11:
		return "select(" + sub() + ", " + sub() + ", " + w.one("==", "<", "!=", ">=") + ")"
	case 12:
		return "aggregate(" + sub() + ", " + sub() + w.one("", ", "+w.leaf()) + ")"
	case 13:
		return w.one("range(", "zip(", "len(") + sub() + ")"
	case 14:
		return w.one("selector_width", "has_focus", "average", "id", "pair") + "(" + sub() + ")"
	}
	return w.one("max", "sort", "count", "contains", "first", "x") + "(" + sub() + ", " + sub() + ")"
}

func (w *writer) leaf() string {
	if w.IntN(3) == 0 {
		return w.one(w.names...)
	}
	return w.one("0", "1", "-1", "2.5", `"a"`, `"bc"`, "True", "[]", "[1, 2]", `["a", 3]`, `{1: "a"}`,
		"indices", "tokens", "tokens_int", "tokens_asis", "full_s", "length", "i", "id")
}

// program is a few statements. Names are bound several times, to values of many
// kinds.
func (w *writer) program() string {
	var b strings.Builder
	b.WriteString("def id(s) { return s; }\ndef pair(s) { return s, [s]; }\ndef first(a, b) { c = a; return c if True else b; }\n")
	b.WriteString("x = 1; y = indices; z = [1, indices]; i = 0;\n")
	w.names = []string{"x", "y", "z"}
	for range 1 + w.IntN(2) {
		name := w.one(w.names...)
		switch w.IntN(5) {
		case 0:
			fmt.Fprintf(&b, "for i in [1, %s] { %s = %s; y = %s; }\n", w.leaf(), name, w.expr(2), w.expr(1))
		case 1:
			fmt.Fprintf(&b, "def id(s) { x = s; return %s; }\n%s = id(%s);\n", w.expr(2), name, w.leaf())
		case 2:
			fmt.Fprintf(&b, "%s, %s = %s;\n", name, w.one(w.names...), w.expr(2))
		default:
			fmt.Fprintf(&b, "%s = %s;\n", name, w.expr(1+w.IntN(2)))
		}
	}
	return b.String()
}

// often is n, or fewer times with -short.
func often(n int) int {
	if testing.Short() {
		return n / 8
	}
	return n
}

// TestRandom: like TestRunning, on random programs: what runs without a fault
// has no errors, and is right inside a function that nothing calls, too, but for
// branches that no call takes.
func TestRandom(t *testing.T) {
	w := &writer{Rand: rand.New(rand.NewPCG(1, 2))}
	programs, ran := often(5_000), 0
	for range programs {
		text := w.program()
		if _, faults := lang.Parse("random.rasp", text); len(faults) > 0 {
			continue
		}
		ran++
		if errors := errorsOf("random.rasp", text); len(errors) > 0 {
			t.Fatalf("%s\n%s", text, errors[0].Render())
		}
		if errors := errorsOf("random.rasp", "def f() {\n"+text+"return 1;\n}\n"+"z = f();"); len(errors) > 0 {
			t.Fatalf("in a function: %s\n%s", text, errors[0].Render())
		}
	}
	if ran < programs/10 {
		t.Errorf("only %d programs run", ran)
	}
}

// TestNever: a selector that is said to select nothing does so on random inputs.
func TestNever(t *testing.T) {
	w := &writer{Rand: rand.New(rand.NewPCG(3, 4))}
	programs, said := often(4_000), 0
	for k := range programs {
		text := ""
		if k%4 == 0 {
			text = "#rasp:causal\n"
		}
		text += "s = " + w.unbracketed(3) + ";\n"
		p, faults := lang.Parse("random.rasp", text)
		if len(faults) > 0 || !saysNever(Program(p, nil, lang.ReadFile)) {
			continue
		}
		said++
		run := interp.New(k%4 == 0, p.Bindings[0].Node)
		for range 20 {
			input := make([]value.Value, 1+w.IntN(6))
			for i := range input {
				input[i] = value.OfString(w.one("0", "1", "2", "3"))
			}
			if err := run.Run(input); err != nil {
				continue // it selects nothing here
			}
			for _, row := range run.Matrix(p.Bindings[0].Node) {
				for _, selected := range row {
					if selected {
						t.Fatalf("%s selects something of %v", text, input)
					}
				}
			}
		}
	}
	if said < programs/30 {
		t.Errorf("only %d selectors select nothing", said)
	}
}

func saysNever(list diag.List) bool {
	for _, d := range list {
		if strings.Contains(d.Message, "selects nothing") && strings.HasSuffix(d.Span.Source.Text, "s = "+d.Span.Text()+";\n") {
			return true
		}
	}
	return false
}

// unbracketed is a selector without the brackets that and and or have.
func (w *writer) unbracketed(depth int) string {
	s := w.selector(depth)
	if s[0] == '(' {
		return s[1 : len(s)-1]
	}
	return s
}

func (w *writer) selector(depth int) string {
	if depth == 0 || w.IntN(4) == 0 {
		side := func() string {
			return w.one("tokens", "tokens_int", "tokens_float", "tokens_int > 1", "indices", "indices + 1", "indices - 2", "2 + indices",
				"0", "1", "2", "1.5", `"1"`, `"2"`, "True", "-1")
		}
		return "select(" + side() + ", " + side() + ", " + w.one("==", "!=", "<", "<=", ">", ">=") + ")"
	}
	switch w.IntN(4) {
	case 0:
		return "not " + w.selector(depth-1)
	case 1:
		return "(" + w.selector(depth-1) + " or " + w.selector(depth-1) + ")"
	}
	return "(" + w.selector(depth-1) + " and " + w.selector(depth-1) + ")"
}
