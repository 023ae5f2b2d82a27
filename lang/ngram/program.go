package ngram

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"rasp/lang/diag"
	"rasp/lang/format"
)

// Program writes the model as a RASP program for inputs of up to length tokens.
// It sums up logits: of the token alone, ln p(w), and of what each context that
// occurs adds, see logits. The sum over the contexts that match is ln p(w | longest)
// plus what is the same for each w, so that softmax takes it away. Or the longest
// context c that occurs decides alone, with ln p(w | c), and -1000 for what was not
// seen after it. The error says that the program would be too large.
func (m *Model) Program(to io.Writer, length int) error {
	s, err := m.asLogits()
	if err != nil {
		return err
	}
	w := newTableWriter(to)
	s.header(w, length)
	s.names(w)
	s.statements(w)
	return w.Flush()
}

// numerals name the tables, by the length of their contexts.
var numerals = []string{"none", "one", "two", "three", "four", "five", "six", "seven", "eight",
	"nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen"}

func (m *logits) header(w io.Writer, length int) {
	line := func(format string, args ...any) {
		for _, text := range wrap(fmt.Sprintf(format, args...), width-2) {
			fmt.Fprintf(w, "# %s\n", text)
		}
	}
	context := fmt.Sprintf("the %s before it", diag.Count(m.Order()-1, "token"))
	switch m.Order() {
	case 1:
		context = "nothing else"
	case 2:
		context = "the token before it"
	}
	line("A language model: how likely each token comes next, given %s (order %d).", context, m.Order())
	fmt.Fprintln(w, "#")
	line("%s", m.Source)
	var sizes []string
	for i, n := range m.Grams() {
		sizes = append(sizes, diag.Count(n, fmt.Sprintf("%d-gram", i+1)))
	}
	line("It has %s. Smoothing: %s.", strings.Join(sizes, ", "), m.Smoothing)
	fmt.Fprintln(w, "#")
	line("%s", m.meaning())
	fmt.Fprintln(w, "#rasp:vocab "+m.list())
	fmt.Fprintf(w, "#rasp:length %d\n#rasp:causal\n#rasp:output next\n#rasp:logits\n\n", length)
}

// meaning says what the numbers are.
func (m *logits) meaning() string {
	const what = "The numbers are logits: softmax, e^x over the sum of all e^x, makes probabilities of their sums. "
	switch {
	case m.Order() == 1:
		return what + "none has the natural logarithm of the probability of each token."
	case m.longest:
		text := what + `none has ln p(w), one has ln p(w|c) for each token c and each w that came after it, and so on ` +
			`for longer contexts. The longest context that ever occurred decides`
		if m.Hard {
			return text + `, and what never came after it has no probability: e^-1000 is none.`
		}
		return text + `.`
	}
	text := what + `none has ln p(w). one has, for a token c, what knowing c adds for each w that came after it: ` +
		`ln p(w|c) - ln bow(c) - ln p(w), bow(c) being the factor on p(w) where w never came after c. ` +
		`Contexts of more tokens add to that in the same way. The factors bow are the same for all w, and so cancel.`
	if slices.ContainsFunc(m.full, func(level []bool) bool { return slices.Contains(level, true) }) {
		text += ` Where bow(c) is so small (or large) that float32 would lose the rest, c has all w: ` +
			`ln p(w|c) - ln p(w), and ln bow(c) for each w that never came after c.`
	}
	return text
}

// wrap breaks a text into lines.
func wrap(text string, width int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(strings.ReplaceAll(strings.ToValidUTF8(text, "?"), "ln ", "ln_")) {
		word = strings.ReplaceAll(word, "ln_", "ln ") // which no line break parts
		switch {
		case line == "":
			line = word
		case len([]rune(line))+1+len([]rune(word)) > width:
			lines = append(lines, line)
			line = word
		default:
			line += " " + word
		}
	}
	return append(lines, line)
}

// list is the vocabulary as JSON.
func (m *Model) list() string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	for i, token := range m.Tokens() {
		if i > 0 {
			b.WriteString(" ")
		}
		if err := e.Encode(token); err != nil {
			panic(err) // a string has JSON
		}
		b.Truncate(b.Len() - 1) // the line break
		b.WriteByte(',')
	}
	return "[" + strings.TrimSuffix(b.String(), ",") + "]"
}

// names binds the tokens that RASP has no literal for.
func (m *Model) names(w *tableWriter) {
	for id, name := range m.vocab.names {
		if !strings.Contains(name, `"`) || name == `"` || !m.inUse(int32(id)) {
			continue
		}
		var parts []string
		for i, part := range strings.Split(name, `"`) {
			if i > 0 {
				parts = append(parts, "quote")
			}
			if part != "" {
				parts = append(parts, `"`+part+`"`)
			}
		}
		canonical(w, fmt.Sprintf("%s = %s;", m.key(int32(id)), strings.Join(parts, " + ")))
	}
}

// key is the token as a key of a dict.
func (m *Model) key(token int32) string {
	switch name := m.vocab.names[token]; {
	case name == `"`:
		return "quote"
	case strings.Contains(name, `"`):
		return fmt.Sprintf("quoted_%d", token)
	default:
		return `"` + name + `"`
	}
}

// statements writes the tables and what looks them up.
func (m *logits) statements(w *tableWriter) {
	var shifts, lookups []string
	none, next := "zero = {w: 0 for w in none};", "none[w]"
	if m.longest {
		none = "gone = {w: -1000 for w in none};"
	}
	place := "tokens"
	for n := 1; n < m.Order(); n++ {
		if n > 1 {
			before := "before"
			if n > 2 {
				before = fmt.Sprintf("before%d", n-1)
			}
			shifts = append(shifts, fmt.Sprintf(`%s = shift(tokens, %d, "");`, before, n-1))
			place = before + ", " + place
		}
		if !m.leading(n)[0][0] {
			continue
		}
		after := "after_" + numerals[n]
		lookups = append(lookups, fmt.Sprintf("%s = lookup(%s, %s, %s);", after, numerals[n], place, none[:len("zero")]))
		switch {
		case !m.longest:
			next += fmt.Sprintf(" + %s[w]", after)
		case n == 1: // each token has a row
			next = after + "[w]"
		default:
			lookups = append(lookups, fmt.Sprintf("occurs_%s = %s;", numerals[n], ones(n, numerals[n])),
				fmt.Sprintf("seen_%s = lookup(occurs_%s, %s, 0) == 1;", numerals[n], numerals[n], place))
			if strings.Contains(next, " if ") {
				next = "(" + next + ")"
			}
			next = fmt.Sprintf("%s[w] if seen_%s else %s", after, numerals[n], next)
		}
	}
	if len(lookups) > 0 {
		lookups = append([]string{none}, lookups...)
		canonical(w, strings.Join(shifts, "\n"))
	}
	for n := range m.Order() {
		if table := m.table(n); table != nil {
			w.column = 0
			w.text(numerals[n] + " = ")
			w.dict(table.dict(0, 0), 0, len(";"))
			w.WriteString(";\n")
		}
	}
	canonical(w, strings.Join(append(lookups, fmt.Sprintf("next = {w: %s for w in none};", next)), "\n"))
}

// ones is a dict nested n deep that has 1 for each context in a table.
func ones(n int, table string) string {
	if n == 0 {
		return "1"
	}
	key := string(rune('a' + n - 1))
	return fmt.Sprintf("{%s: %s for %s in %s}", key, ones(n-1, table+"["+key+"]"), key, table)
}

// canonical writes statements as rasp fmt does.
func canonical(w io.Writer, statements string) {
	text, faults := format.Source(diag.NewSource("", statements))
	if faults != nil {
		panic(faults.Err()) // they are ours
	}
	io.WriteString(w, text)
}
