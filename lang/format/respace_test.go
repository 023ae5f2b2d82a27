package format

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rasp/lang/diag"
	"rasp/runtime/bounded"
)

// tokens of a program without syntax errors, and its comments.
var tokens = regexp.MustCompile(`#[^\n]*|"[^"\n]*"|s-op|full seq display|(select|aggregate|range|zip|len)\(|` +
	`[0-9]+(\.[0-9]+)?|\w+|[<>=!]=|\S`)

// respaced is a program with other blanks and line breaks, as far as they mean
// nothing, and with comments in between if commented.
func respaced(text string, r *rand.Rand, commented bool) string {
	var b strings.Builder
	places := tokens.FindAllStringIndex(text, -1)
	for i, at := range places {
		token := text[at[0]:at[1]]
		b.WriteString(token)
		next := ""
		if i+1 < len(places) {
			next = text[places[i+1][0]:places[i+1][1]]
		}
		switch {
		case token[0] == '#', strings.HasPrefix(next, "#") && !commented:
			b.WriteByte('\n')
		case strings.HasPrefix(next, "#"), next == "(": // len( is another thing than len (
			b.WriteByte(' ')
		case token == "{" && next != "": // a body on one line stays there
			b.WriteString(text[at[1]:places[i+1][0]] + " ")
		default:
			b.WriteString(between(r, commented))
		}
	}
	return b.String()
}

func between(r *rand.Rand, commented bool) string {
	blanks := []string{" ", "  ", "\t", "\n", "\r\n", " \n\t"}
	s := blanks[r.IntN(len(blanks))]
	if commented && r.IntN(10) == 0 {
		s += "# a comment\n" + blanks[r.IntN(len(blanks))]
	}
	return s
}

// TestRespaced: the layout of a program does not depend on its blanks and line
// breaks, but for blank lines.
func TestRespaced(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	blankLines := regexp.MustCompile(`\n\n+`)
	for name, text := range programs(t) {
		if strings.HasPrefix(name, "stdlib/") {
			want := blankLines.ReplaceAllString(text, "\n")
			require.Equal(t, want, blankLines.ReplaceAllString(formatted(t, respaced(text, r, false)), "\n"), name)
		}
	}
}

// TestCommented: wherever comments are put, the layout is the same program with
// the same comments, which Source checks by itself, and its own layout.
func TestCommented(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 1))
	for name, text := range programs(t) {
		if !faulty[name] {
			for range 5 {
				formatted(t, respaced(text, r, true))
				if testing.Short() {
					break
				}
			}
		}
	}
}

// TestNarrow: where hardly anything fits on a line, it is still the same
// program, which has the same layout again.
func TestNarrow(t *testing.T) {
	for name, text := range programs(t) {
		if faulty[name] {
			continue
		}
		narrow, faults := source(diag.NewSource(name, text), 20)
		require.NoError(t, faults.Err())
		again, faults := source(diag.NewSource(name, narrow), 20)
		require.NoError(t, faults.Err())
		require.Equal(t, narrow, again)
	}
}

// FuzzSource: what parses has a layout, which is its own.
func FuzzSource(f *testing.F) {
	for _, text := range programs(f) {
		for _, part := range strings.Split(text, "\n\n") {
			f.Add(part) // short ones fuzz better
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		bounded.Work(t)
		if _, faults := parse(diag.NewSource("fuzz.rasp", text)); faults == nil {
			formatted(t, text)
		}
	})
}
