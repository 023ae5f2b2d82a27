package syntax

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/lang/diag"
	"rasp/stdlib"
)

// defs is a file with functions, loops and dicts, laid out as rasp fmt does.
const defs = `def one(x) {
    y = {"a": 1, "b": 2}[x];
    z = y + 1;
    return z;
}

def two(x, n) {
    total = 0;
    for i in range(n) {
        step = x + i;
        total = total + step;
    }
    return total;
}

table = {
    "a": {"b": 1},
    "b": {"a": 2}
};

def three(
    x
) {
    return x;
}

first = one(tokens);
for i in [1, 2] {
    second = two(indices, i);
}
last = three(second);
`

// read is how many statements a text has at the top.
func read(text string) int {
	file, _ := Parse(diag.NewSource("file.rasp", text))
	return len(file.Stmts)
}

// TestBraceTooMany: a brace that is put in anywhere, or is taken out, costs the statement in
// which it stands, and one beside it at most.
func TestBraceTooMany(t *testing.T) {
	library, err := stdlib.FS.ReadFile("library.rasp")
	require.NoError(t, err)
	for name, text := range map[string]string{"defs": defs, "library": string(library)} {
		all := read(text)
		require.Greater(t, all, 5, name)
		file, faults := Parse(diag.NewSource(name, text))
		require.Empty(t, faults)
		at := map[int]bool{}
		tokens := scan(file.Source).tokens
		for _, token := range tokens {
			at[token.Pos.Offset] = true
		}
		for i := range text {
			for _, brace := range []string{"{", "}"} {
				if at[i] {
					changed := text[:i] + brace + text[i:]
					assert.GreaterOrEqual(t, read(changed), all-2, "%s: %q before %q", name, brace, line(text, i))
				}
				if text[i:i+1] == brace {
					assert.GreaterOrEqual(t, read(text[:i]+text[i+1:]), all-2, "%s: without %q before %q", name, brace, line(text, i+1))
				}
			}
		}
	}
}

func line(text string, from int) string {
	rest, _, _ := strings.Cut(text[from:], "\n")
	return rest
}

// TestHalfADef: the head of a function that is being typed, between many statements, costs
// none of them.
func TestHalfADef(t *testing.T) {
	var b strings.Builder
	for i := range 600 {
		fmt.Fprintf(&b, "x%d = tokens;\n", i)
	}
	before := b.String()
	for _, typed := range []string{"def broken(x) {\n", "def broken(x) {\n    y = x;\n", "def broken(x) {\n    y = x +\n", "for i in [1, 2] {\n    y = i;\n"} {
		assert.GreaterOrEqual(t, read(before+typed+before), 1199, typed)
	}
}
