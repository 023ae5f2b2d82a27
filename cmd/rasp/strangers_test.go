package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"os"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// strange has what a terminal obeys: an escape sequence, the same in one character, what
// turns the direction of writing, and an end of line before a line that looks like ours.
const strange = "\x1b[31m\u009b1m\u202e\nproof        proved"

// TestStrangeNames: names of files and arguments are shown, whatever is wrong with them.
func TestStrangeNames(t *testing.T) {
	t.Chdir(t.TempDir())
	const program = "#rasp:vocab \"ab\"\n#rasp:length 3\nx = tokens;\n"
	good, bad, model := strange+"good.rasp", strange+"bad.rasp", strange+"m.safetensors"
	require.NoError(t, os.WriteFile(good, []byte(program), 0o644))
	require.NoError(t, os.WriteFile(bad, []byte("x = ;\n"), 0o644))
	require.NoError(t, os.WriteFile(model, []byte("no model"), 0o644))
	for _, args := range [][]string{
		{"check", good}, {"check", bad}, {"check", strange}, {"check", "--json", bad}, {"check", model}, {"info", good}, {"info", model}, {"info", strange},
		{"run", good, strange}, {"run", good, "--json", strange}, {"run", good, "--main", strange, "a"}, {"run", good, "--inputs", strange},
		{"run", good, "--compiled", strange}, {"run", bad, "a"}, {"run", "--" + strange}, {"run", "-" + strange},
		{"draw", good, strange}, {"draw", good, "a", "-o", strange}, {"draw", good, "a", "-o", strange + "/x.svg"},
		{"compile", good, "-o", strange + "/x"}, {"compile", good, "-o", "x", "--output", strange}, {"compile", good, "-o", "x", "--vocab", `["` + strange},
		{"fmt", bad}, {"fmt", model}, {"fmt", strange}, {"generate", good, "--stop", strange}, {"generate", good, "--output", strange}, {"perplexity", good, strange},
		{"ngram", strange, "-o", "x.rasp"}, {"ngram", good, "-o", strange + "/x"}, {"ngram", "--arpa", good, "-o", "x.rasp"},
		{"scaling", "fit", good}, {"scaling", "fit", strange}, {"scaling", "fit", good, "--plot", strange}, {"scaling", "fit", good, "--columns", strange},
		{"scaling", "plan", "--flops", "1e20", "--law", good}, {"scaling", "ledger", good}, {"verify", bad}, {"prove", bad}, {strange}, {"help", strange},
	} {
		_, stdout, stderr := executed(context.Background(), strings.NewReader(""), args...)
		for line := range strings.Lines(stdout + stderr) {
			assert.False(t, strings.HasPrefix(line, "proof"), "%q: %q", args, line)
			assert.False(t, strings.ContainsFunc(strings.TrimRight(line, "\n"), func(r rune) bool {
				return r != '\t' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r))
			}), "%q: %q", args, line)
		}
	}
}

// endless is a file that does not end.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// TestEndless: what does not end is refused by whoever has to keep it.
func TestEndless(t *testing.T) {
	if testing.Short() {
		t.Skip("some read 256 MB")
	}
	for _, args := range [][]string{
		{"repl"}, {"fmt"}, {"run", "reverse", "--inputs", "-"}, {"scaling", "fit", "-"}, {"scaling", "plan", "--law", "-", "--flops", "1"}, {"ngram", "-", "-o", "x.rasp"},
	} {
		status, _, stderr := executed(context.Background(), endless{}, args...)
		assert.Equal(t, 1, status, "%q", args)
		assert.Regexp(t, "more than [0-9]+ bytes|not a law", stderr, "%q", args)
	}
}

// TestPackedProgram: a program that is packed is read like any other, but not written.
func TestPackedProgram(t *testing.T) {
	t.Chdir(t.TempDir())
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	_, err := w.Write([]byte("\ufeffx=1;\r\n"))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	require.NoError(t, os.WriteFile("a.rasp", packed.Bytes(), 0o644))

	status, stdout, _ := executed(context.Background(), nil, "fmt", "a.rasp")
	assert.Equal(t, 0, status)
	assert.Equal(t, "x = 1;\n", stdout)
	status, stdout, _ = executed(context.Background(), bytes.NewReader(packed.Bytes()), "fmt")
	assert.Equal(t, 0, status)
	assert.Equal(t, "x = 1;\n", stdout)
	status, stdout, _ = executed(context.Background(), bytes.NewReader(packed.Bytes()), "repl")
	assert.Equal(t, 0, status)
	assert.Contains(t, stdout, "value: x =  1")

	status, _, stderr := executed(context.Background(), nil, "fmt", "-w", "a.rasp")
	assert.Equal(t, 1, status)
	assert.Contains(t, stderr, "a.rasp is packed")
	after, err := os.ReadFile("a.rasp")
	require.NoError(t, err)
	assert.Equal(t, packed.Bytes(), after)
}
