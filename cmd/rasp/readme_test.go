package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rasp/runtime/model"
)

var update = flag.Bool("update", false, "rewrite the outputs in README.md")

// TestReadme runs the console blocks of README.md in an empty folder, in their
// order, and compares what they print. "cat FILE" makes the file; commands other
// than rasp are left out. In the table beside tracr, the sizes are compared.
func TestReadme(t *testing.T) {
	readme, err := filepath.Abs("../../README.md")
	require.NoError(t, err)
	text, err := os.ReadFile(readme)
	require.NoError(t, err)
	t.Chdir(t.TempDir())
	blocks := regexp.MustCompile("(?s)```console\n.*?```")
	got := blocks.ReplaceAllStringFunc(string(text), func(block string) string {
		body := strings.TrimSuffix(strings.TrimPrefix(block, "```console\n"), "```")
		return "```console\n" + transcript(t, body) + "```"
	})
	got = compareTable(t, got)
	if *update {
		require.NoError(t, os.WriteFile(readme, []byte(got), 0o644))
		return
	}
	require.Equal(t, string(text), got, "go test ./cmd/rasp -run Readme -update rewrites the README")
}

// transcript is a console block with the outputs of now.
func transcript(t *testing.T, body string) string {
	t.Helper()
	var b strings.Builder
	for _, part := range regexp.MustCompile(`(?m)^\$ `).Split(body, -1)[1:] {
		command, output, _ := strings.Cut(part, "\n")
		b.WriteString("$ " + command + "\n")
		words := shellWords(strings.Replace(command, "go run ./cmd/rasp", "rasp", 1))
		switch words[0] {
		case "cat":
			require.NoError(t, os.WriteFile(words[1], []byte(output), 0o644))
		case "rasp":
			var all bytes.Buffer
			execute(context.Background(), words[1:], nil, &all, &all)
			output = all.String()
		}
		b.WriteString(output)
	}
	return b.String()
}

// shellWords splits at blanks outside single quotes.
func shellWords(command string) []string {
	var words []string
	for _, word := range regexp.MustCompile(`'[^']*'|\S+`).FindAllString(command, -1) {
		words = append(words, strings.Trim(word, "'"))
	}
	return words
}

// compareTable puts layers and parameters of the programs that the table names
// into its fifth and sixth column.
func compareTable(t *testing.T, text string) string {
	t.Helper()
	row := regexp.MustCompile("(?m)^(\\| `(\\w+)` (?:\\|[^|\n]*){3})\\|[^|\n]*\\|[^|\n]*\\|")
	return row.ReplaceAllStringFunc(text, func(line string) string {
		match := row.FindStringSubmatch(line)
		size := sizeOf(t, match[2])
		return fmt.Sprintf("%s| %d | %s |", match[1], size.Layers, thousands(size.Parameters))
	})
}

func sizeOf(t *testing.T, program string) sizes {
	t.Helper()
	file := filepath.Join(t.TempDir(), "model.safetensors")
	status, _, stderr := executed(context.Background(), nil, "compile", program, "-o", file)
	require.Zero(t, status, stderr)
	model, err := model.Load(file)
	require.NoError(t, err)
	return sizesOf(model)
}

// thousands puts a comma before every three digits.
func thousands(n int) string {
	if n < 1000 {
		return strconv.Itoa(n)
	}
	return fmt.Sprintf("%s,%03d", thousands(n/1000), n%1000)
}
