package ngram

import (
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rasp/lang/diag"
	"rasp/lang/format"
	"rasp/runtime/text"
)

var update = flag.Bool("update", false, "rewrite testdata/*.rasp")

// TestProgram compares with programs that can be read.
func TestProgram(t *testing.T) {
	words := Options{Name: "rhyme.txt", Order: 3, Split: text.Words}
	for name, m := range map[string]*Model{
		"kneser_ney":  estimated(t, rhyme(t), words, KneserNey, 0),
		"mle":         estimated(t, rhyme(t), Options{Name: "rhyme.txt", Order: 2, Split: text.Words, MinCount: 3}, MLE, 0),
		"order_one":   estimated(t, rhyme(t), Options{Name: "rhyme.txt", Order: 1, Split: text.Words}, WittenBell, 0),
		"six_letters": estimated(t, `say "no", # or "\n"`, Options{Name: "a line", Order: 6}, AddK, 1),
		"quotes":      estimated(t, `say "no" or "yes" say "`, Options{Name: "a line", Order: 3, Split: text.Words}, WittenBell, 0),
	} {
		requireProgram(t, name, m)
	}
}

// requireProgram compares the program of a model with that of a file.
func requireProgram(t *testing.T, name string, m programmed) {
	t.Helper()
	text := program(t, m)
	requireCanonical(t, text)
	file := "testdata/" + name + ".rasp"
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(text), 0o644))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, string(want), text, "go test ./lang/ngram -update rewrites %s", file)
}

// requireCanonical wants a program without faults that rasp fmt leaves alone.
func requireCanonical(t *testing.T, text string) {
	t.Helper()
	got, faults := format.Source(diag.NewSource("program", text))
	require.NoError(t, faults.Err())
	require.Equal(t, text, got)
}

func TestDecimals(t *testing.T) {
	for x, want := range map[float64]string{
		0: "0.0", -1e-9: "0.0", 1: "1.0", -2.5: "-2.5", 0.12345678: "0.1234568", 100: "100.0", 1e-7: "0.0000001", -120.000001: "-120.000001",
	} {
		require.Equal(t, want, decimal(x))
	}
}

// TestTablesFillLines has dicts as wide as a line, and wider by one.
func TestTablesFillLines(t *testing.T) {
	for n := 1; n < 130; n++ {
		for _, nested := range []bool{false, true} {
			key := `"` + strings.Repeat("x", n) + `"`
			d := []entry{{key: `"é"`, number: "0.5"}, {key: key, number: "-1.5"}}
			if nested {
				outer := func(key string, d ...entry) entry { return entry{key: key, table: &table{}, made: d} }
				d = []entry{outer(`"é"`, d...), outer(key, entry{key: key, number: "1.0"}), outer(`"z"`, d[0])}
			}
			var b strings.Builder
			w := newTableWriter(&b)
			w.text("one = ")
			w.dict(d, 0, len(";"))
			w.text(";\n")
			require.NoError(t, w.Flush())
			requireCanonical(t, b.String())
		}
	}
}
