package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/lang/diag"
	"rasp/lang/syntax"
)

// TestSnippets: what the snippets of VS Code insert, with their defaults, is RASP.
func TestSnippets(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(repository(t), "cmd/rasp/editor/vscode/snippets/rasp.json"))
	require.NoError(t, err)
	var snippets map[string]struct {
		Prefix, Body any // a string, or several
	}
	require.NoError(t, json.Unmarshal(text, &snippets))
	require.NotEmpty(t, snippets)
	for name, snippet := range snippets {
		program := inserted(strings.Join(several(snippet.Body), "\n"))
		if strings.HasPrefix(program, "[") || strings.HasPrefix(program, "{") { // a part of a statement
			program = "x = " + program + ";"
		}
		_, faults := syntax.Parse(diag.NewSource(name, program))
		assert.Empty(t, faults, "%s: %s", name, program)
		assert.NotContains(t, program, "$")
		assert.NotEmpty(t, several(snippet.Prefix), name)
	}
}

func several(of any) (list []string) {
	switch of := of.(type) {
	case string:
		return []string{of}
	case []any:
		for _, one := range of {
			list = append(list, one.(string))
		}
	}
	return list
}

var (
	aChoice = regexp.MustCompile(`\$\{(\d+)\|((?:[^,|\\]|\\.)*)[^}]*\}`)
	aField  = regexp.MustCompile(`\$\{(\d+):((?:[^{}$]|\{[^{}]*\}|\$\d)*)\}`)
	aMirror = regexp.MustCompile(`\$(\d+)`)
	escapes = strings.NewReplacer(`\,`, ",", `\|`, "|", `\}`, "}", `\$`, "$")
)

// inserted is a snippet with the default, or the first choice, at each of its places.
func inserted(body string) string {
	at := map[string]string{"0": ""}
	for before := ""; before != body; { // places stand inside each other
		before = body
		for _, pattern := range []*regexp.Regexp{aChoice, aField} {
			body = pattern.ReplaceAllStringFunc(body, func(place string) string {
				m := pattern.FindStringSubmatch(place)
				at[m[1]] = escapes.Replace(m[2])
				return at[m[1]]
			})
		}
	}
	return aMirror.ReplaceAllStringFunc(body, func(place string) string { return at[place[1:]] })
}
