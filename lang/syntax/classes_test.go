package syntax

import (
	"fmt"
	"strings"
	"testing"
)

func TestClasses(t *testing.T) {
	names := []string{"comment", "directive", "keyword", "call", "number", "string"}
	for text, want := range map[string]string{
		"#rasp:length 3\nx = f(1.5) and \"a\"; # done": "#rasp:length 3 directive, f call, 1.5 number, and keyword, \"a\" string, # done comment",
		"x = select(a, b, ==) if round (c) in [1]":     "select call, if keyword, round keyword, in keyword, 1 number",
		"x = ? 'a' é \"open":                           "",
		"":                                             "",
		"# alone":                                      "# alone comment",
	} {
		var got []string
		for span, class := range Classes(text) {
			got = append(got, fmt.Sprintf("%s %s", span.Text(), names[class]))
		}
		equal(t, text, strings.Join(got, ", "), want)
	}
}
