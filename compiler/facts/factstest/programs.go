package factstest

import (
	"fmt"
	"io/fs"
	"math/rand/v2"
	"path"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rasp/stdlib"
)

// SelectorWriter writes random formulas over selectors.
type SelectorWriter struct {
	*rand.Rand
	Keys, Queries []string
}

// Word is one of a list.
func (w *SelectorWriter) Word(list ...string) string { return list[w.IntN(len(list))] }

// Formula is a selector of some depth.
func (w *SelectorWriter) Formula(depth int) string {
	if depth > 0 {
		switch w.IntN(5) {
		case 0, 1:
			return fmt.Sprintf("(%s and %s)", w.Formula(depth-1), w.Formula(depth-1))
		case 2, 3:
			return fmt.Sprintf("(%s or %s)", w.Formula(depth-1), w.Formula(depth-1))
		case 4:
			return "(not " + w.Formula(depth-1) + ")"
		}
	}
	return fmt.Sprintf("select(%s, %s, %s)", w.Word(w.Keys...), w.Word(w.Queries...), w.Word("==", "!=", "<", "<=", ">", ">="))
}

// RandomSelector is a program with the random selector s, over pairs of token,
// position, length, width and functions of them.
func RandomSelector(seed uint64) string {
	r := rand.New(rand.NewPCG(seed, 1))
	operands := []string{"tokens_int", "indices", "1"}
	for _, x := range []string{"tokens_int == 1", "length", "w", "tokens_int + indices", "indices % 2", "first"} {
		if r.IntN(3) == 0 {
			operands = append(operands, x)
		}
	}
	w := &SelectorWriter{r, operands, operands}
	text := "#rasp:vocab 0..2\n#rasp:length 4\n"
	if r.IntN(2) == 0 {
		text += "#rasp:causal\n"
	}
	return text + fmt.Sprintf(`
w = selector_width(select(tokens_int, tokens_int, ==));
first = aggregate(select(indices, 0, ==), tokens_int);
s = %s;
x = aggregate(s, 1);`, w.Formula(3))
}

// Programs are the ready-made programs, for inputs of up to 8 tokens, with -short a third
// of them, and some that mix what they do not.
func Programs(t testing.TB) map[string]string {
	return programs(t, func(i int) bool { return !testing.Short() || i%3 == 0 })
}

// Program is one of those, with -short too.
func Program(t testing.TB, name string) string {
	list := programs(t, func(int) bool { return true })
	require.Contains(t, list, name)
	return list[name]
}

// programs has those of the ready-made ones that are taken, by their numbers.
func programs(t testing.TB, takes func(i int) bool) map[string]string {
	list := map[string]string{
		"means": `#rasp:vocab -1..2
			s = select(tokens_int, tokens_int, <=);
			m = aggregate(s, tokens_int, 1);
			x = round(m * 2) + (1 if m > 0.5 else 0) + selector_width(s) % 2;`,
		"halves": `#rasp:vocab 0..3
			x = aggregate(select(tokens_int % 2, tokens_int % 2, ==), tokens_int / 2) > indices / 2;`,
		"thirds": `#rasp:vocab 0..3
			x = aggregate(select(tokens_int, tokens_int, <=), tokens_int / 3) * 1.0;`,
		"fractions": `#rasp:vocab 0..3
			x = aggregate(select(indices, indices, <=), tokens_int) - 0.25;`,
		"balance": `#rasp:vocab "()"
			#rasp:causal
			open = (indices + 1) * aggregate(select(indices, indices, <=), indicator(tokens == "("));
			x = round(open) * 2 - 1 - indices;`,
		"variance": `#rasp:vocab -2..3
			x = average((tokens_int - average(tokens_int)) ^ 2);`,
		"product": `#rasp:vocab 0..2
			#rasp:causal
			so_far = select(indices, indices, <=);
			x = 1 - aggregate(so_far, tokens_int) * aggregate(so_far, indicator(tokens_int == 1) - 1);`,
		"different": `#rasp:vocab "abc"
			x = round(average(1 / selector_width(select(tokens, tokens, ==))) * length);`,
		"fetches": `#rasp:vocab "abc"
			last = aggregate(select(indices, length - 1, ==), tokens);
			back = aggregate(select(indices, indices - 2, ==), tokens + last, "-");
			x = (1.5 if back == "ab" else 2) + selector_width(select(back, last + tokens, ==));`,
		"ranks": `#rasp:vocab "abc"
			place = selector_width(select(tokens, tokens, <) or (select(tokens, tokens, ==) and select(indices, indices, <)));
			x = aggregate(select(place, indices + 1, ==), tokens, "-") == tokens;`,
	}
	for name, text := range list {
		list[name] = "#rasp:length 6\n" + text
	}
	files, err := fs.Glob(stdlib.FS, "*.rasp")
	require.NoError(t, err)
	for i, name := range files {
		if name == "library.rasp" || !takes(i) {
			continue
		}
		text, err := fs.ReadFile(stdlib.FS, name)
		require.NoError(t, err)
		list[strings.TrimSuffix(path.Base(name), ".rasp")] = short(string(text))
	}
	return list
}

// short makes a program one for inputs of up to 8 tokens.
func short(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, "#rasp:length") {
			lines[i] = "#rasp:length 8"
		}
	}
	return strings.Join(lines, "\n")
}

// Often is n, or fewer times with -short.
func Often(n int) int {
	if testing.Short() {
		return max(1, n/8)
	}
	return n
}
