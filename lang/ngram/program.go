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
	return m.program(to, length, plain{m})
}

// predictand is what a program says about the tokens of the text, if the n-grams of the
// model are of these or of something else.
type predictand interface {
	list() string // the vocabulary
	// given says from what a token is predicted: so much of what the n-grams are of.
	given(n int) string
	// meaning says what the numbers are, given what those of the n-grams are.
	meaning(grams string) string
	// before writes what the n-grams are of; last is its s-op.
	before(w *tableWriter) (last string)
	// next are the statements of the prediction, given the logit of w in the n-grams.
	next(logit string) []string
}

// plain tokens are what the n-grams of a plain model are of.
type plain struct{ *Model }

func (t plain) list() string { return list(t.Tokens()) }

func (t plain) given(n int) string { return givenOf("token", n) }

func givenOf(what string, n int) string {
	switch n {
	case 0:
		return "nothing else"
	case 1:
		return "the " + what + " before it"
	}
	return fmt.Sprintf("the %s before it", diag.Count(n, what))
}

func (t plain) meaning(grams string) string { return grams }

func (t plain) before(*tableWriter) string { return "tokens" }

func (t plain) next(logit string) []string {
	return []string{fmt.Sprintf("next = {w: %s for w in none};", logit)}
}

func (m *Model) program(to io.Writer, length int, p predictand) error {
	s, err := m.asLogits()
	if err != nil {
		return err
	}
	w := newTableWriter(to)
	s.header(w, length, p)
	s.vocab.bind(w, quoted, s.inUse)
	s.statements(w, p)
	return w.Flush()
}

// quoted begins the names of tokens of n-grams that RASP has no literal for.
const quoted = "quoted"

// numerals name the tables, by the length of their contexts.
var numerals = []string{"none", "one", "two", "three", "four", "five", "six", "seven", "eight",
	"nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen"}

func (m *logits) header(w io.Writer, length int, p predictand) {
	line := func(format string, args ...any) {
		for _, text := range wrap(fmt.Sprintf(format, args...), width-2) {
			fmt.Fprintf(w, "# %s\n", text)
		}
	}
	context := p.given(m.Order() - 1)
	line("A language model: how likely each token comes next, given %s (order %d).", context, m.Order())
	fmt.Fprintln(w, "#")
	line("%s", m.Source)
	var sizes []string
	for i, n := range m.Grams() {
		sizes = append(sizes, diag.Count(n, fmt.Sprintf("%d-gram", i+1)))
	}
	line("It has %s. Smoothing: %s.", strings.Join(sizes, ", "), m.Smoothing)
	fmt.Fprintln(w, "#")
	line("%s", p.meaning(m.meaning()))
	fmt.Fprintln(w, "#rasp:vocab "+p.list())
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

// list is a vocabulary as JSON.
func list(tokens []string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	for i, token := range tokens {
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

// bind gives names to the tokens in use that RASP has no literal for.
func (v *vocabulary) bind(w *tableWriter, prefix string, inUse func(token int32) bool) {
	for id, name := range v.names {
		if !strings.Contains(name, `"`) || name == `"` || !inUse(int32(id)) {
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
		canonical(w, fmt.Sprintf("%s = %s;", v.key(prefix, int32(id)), strings.Join(parts, " + ")))
	}
}

// key is the token as a key of a dict: a literal, or the name that bind gives it.
func (v *vocabulary) key(prefix string, token int32) string {
	switch name := v.names[token]; {
	case name == `"`:
		return "quote"
	case strings.Contains(name, `"`):
		return fmt.Sprintf("%s_%d", prefix, token)
	default:
		return `"` + name + `"`
	}
}

// key is the token of an n-gram as a key of a dict.
func (m *Model) key(token int32) string { return m.vocab.key(quoted, token) }

// statements writes the tables and what looks them up.
func (m *logits) statements(w *tableWriter, p predictand) {
	var shifts, lookups []string
	last := p.before(w)
	none, next := "zero = {w: 0 for w in none};", "none[w]"
	if m.longest {
		none = "gone = {w: -1000 for w in none};"
	}
	place := last
	for n := 1; n < m.Order(); n++ {
		if n > 1 {
			before := "before"
			if n > 2 {
				before = fmt.Sprintf("before%d", n-1)
			}
			shifts = append(shifts, fmt.Sprintf(`%s = shift(%s, %d, "");`, before, last, n-1))
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
	canonical(w, strings.Join(append(lookups, p.next(next)...), "\n"))
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
