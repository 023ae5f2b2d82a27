package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"rasp/lang/diag"
)

// Colours add nothing but colours: without their sequences the text is what a pipe gets.
func TestColorsAreOnlyAdded(t *testing.T) {
	const text = "#rasp:length 3\nx = select(tokens, \"a\", ==) # all\nand 1.5 ? é;\n"
	assert.Equal(t, blue+"#rasp:length 3"+plain, highlighted(text)[:len(blue+plain)+14])
	assert.Equal(t, text, withoutColor(highlighted(text)))

	at := diag.Span{Source: diag.NewSource("a.rasp", text), Start: 19, End: 26}
	d := diag.Errorf(at, diag.Type, "no").WithHint("yes")
	t.Setenv("CLICOLOR_FORCE", "1")
	t.Setenv("NO_COLOR", "")
	t.Setenv("TERM", "xterm")
	var to bytes.Buffer
	assert.Equal(t, d.Render(), withoutColor(render(&to, d, "rasp")))
	assert.Contains(t, render(&to, d, "rasp"), bold+red+"type error:"+plain)
	assert.Equal(t, bold+"there:"+plain, render(&to, &diag.Diagnostic{Kind: diag.Type, Message: "no"}, "there")[:14])
}

func TestWantsColor(t *testing.T) {
	for _, test := range []struct {
		force, no, term string
		want            bool
	}{{"", "", "xterm", false}, {"1", "", "xterm", true}, {"0", "", "xterm", false}, {"1", "1", "xterm", false}, {"1", "", "dumb", false}} {
		t.Setenv("CLICOLOR_FORCE", test.force)
		t.Setenv("NO_COLOR", test.no)
		t.Setenv("TERM", test.term)
		assert.Equal(t, test.want, wantsColor(&bytes.Buffer{}), "%+v", test)
	}
}

func TestNamesInColor(t *testing.T) {
	for row, want := range map[string]string{
		"layers  2\n":         cyan + "layers" + plain + "  2\n",
		"  in layers  3\n":    "  " + cyan + "in layers" + plain + "  3\n",
		"             more\n": "             more\n",
		"alone\n":             "alone\n",
	} {
		assert.Equal(t, want, nameInColor(row))
	}
}

func withoutColor(text string) string {
	for _, style := range []string{bold, dim, red, green, yellow, blue, magenta, cyan, plain} {
		text = string(bytes.ReplaceAll([]byte(text), []byte(style), nil))
	}
	return text
}

func TestHighlighted(t *testing.T) {
	marks := strings.NewReplacer(dim, "<comment ", blue, "<directive ", magenta, "<keyword ", cyan, "<call ", yellow, "<number ", green, "<string ", plain, ">")
	for text, want := range map[string]string{
		"x = f(1.5) and \"a\"; # done":     "x = <call f>(<number 1.5>) <keyword and> <string \"a\">; <comment # done>",
		"x = select(a, b, ==) if c in [f]": "x = <call select>(a, b, ==) <keyword if> c <keyword in> [f]",
		"x = ? 'a' é \"open":               "x = ? 'a' é \"open",
		"#rasp:length 3\nf":                "<directive #rasp:length 3>\nf",
		"":                                 "",
	} {
		assert.Equal(t, want, marks.Replace(highlighted(text)))
	}
}
