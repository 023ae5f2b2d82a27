package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/lang/diag"
	"rasp/stdlib"
)

// manualPage is a document of which parts are made of the rest.
type manualPage struct {
	t    *testing.T
	text string
}

var sections = regexp.MustCompile(`(?m)^(##|###) (.*)$`)

// contents is a line for each section, with its parts.
func (p manualPage) contents() string {
	var b strings.Builder
	separator := ""
	for _, match := range sections.FindAllStringSubmatch(fenced.ReplaceAllString(p.text, ""), -1) {
		entry := fmt.Sprintf("[%s](#%s)", match[2], anchor(match[2]))
		if match[1] == "##" {
			if b.Len() > 0 {
				b.WriteString("\n")
			}
			b.WriteString("- " + entry)
			separator = ": "
			continue
		}
		b.WriteString(separator + entry)
		separator = ", "
	}
	return b.String() + "\n"
}

// size is a line about the model of a program of the page, the last one before that has
// this name. The model must be equal to the program, too.
func (p manualPage) size(file string) string {
	programs := regexp.MustCompile(`(?ms)^\$ cat `+regexp.QuoteMeta(file)+`\n(.*?)^(?:\$ |`+"```)").FindAllStringSubmatch(p.text, -1)
	require.Len(p.t, programs, 1, file)
	path := filepath.Join(p.t.TempDir(), file)
	require.NoError(p.t, os.WriteFile(path, []byte(programs[0][1]), 0o644))
	model := path + ".safetensors"
	p.command("compile", path, "-o", model)
	var s sizes
	require.NoError(p.t, json.Unmarshal(p.command("info", model, "--json"), &s))
	var v struct {
		Equal, Exhaustive bool
		Inputs            int
		AllUpTo           int `json:"all_up_to"`
	}
	require.NoError(p.t, json.Unmarshal(p.command("verify", model, "--json"), &v))
	require.True(p.t, v.Equal, file)
	inputs := fmt.Sprintf("all %s inputs", thousands(v.Inputs))
	if !v.Exhaustive {
		inputs = fmt.Sprintf("%s inputs, all up to length %d among them", thousands(v.Inputs), v.AllUpTo)
	}
	layers := diag.Count(s.Layers, "layer")
	if s.Layers > 0 {
		layers += " of " + diag.Count(s.Heads, "head")
	}
	claim := strings.Replace(s.Certificate, " for every input over this vocabulary", "", 1)
	return fmt.Sprintf("%s, %s parameters; %s; compared on %s.\n", layers, thousands(s.Parameters), claim, inputs)
}

// command is what a command prints that has to succeed.
func (p manualPage) command(args ...string) []byte {
	all := newScreen()
	require.Zero(p.t, execute(context.Background(), args, strings.NewReader(""), all, all), all.String())
	return []byte(all.String())
}

// thousands writes 12345 as 12,345.
func thousands(n int) string {
	text := strconv.Itoa(n)
	for at := len(text) - 3; at > 0; at -= 3 {
		text = text[:at] + "," + text[at:]
	}
	return text
}

// TestDocumentsLibrary: the manual shows the help of each name of the library.
func TestDocumentsLibrary(t *testing.T) {
	page := read(t, filepath.Join(repository(t), "docs", "library.md"))
	library, err := stdlib.FS.ReadFile("library.rasp")
	require.NoError(t, err)
	names := regexp.MustCompile(`(?m)^(?:def (\w+)|(\w+) =)`).FindAllSubmatch(library, -1)
	require.NotEmpty(t, names)
	for _, match := range names {
		name := string(match[1]) + string(match[2])
		assert.True(t, strings.Contains(page, "\n$ rasp help "+name+"\n"), "docs/library.md does not show %s", name)
	}
}

// TestDocumentsWords: the index of words is in alphabetical order.
func TestDocumentsWords(t *testing.T) {
	page := read(t, filepath.Join(repository(t), "docs", "words.md"))
	var words []string
	for _, row := range regexp.MustCompile(`(?m)^\| (\S[^|]*) \|`).FindAllStringSubmatch(page, -1)[1:] {
		words = append(words, strings.ToLower(row[1]))
	}
	require.NotEmpty(t, words)
	assert.Equal(t, slices.Sorted(slices.Values(words)), words)
}
