package lsp

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"unicode/utf16"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/cmd/rasp/service"
	"rasp/lang"
	"rasp/lang/check"
	"rasp/lang/diag"
	"rasp/lang/elab"
	"rasp/lang/golden"
)

// TestEveryFault: an editor is told each fault that rasp check finds in the golden programs,
// at its place.
func TestEveryFault(t *testing.T) {
	root, err := filepath.Abs("../../..")
	require.NoError(t, err)
	folder := filepath.Join(root, "testdata")
	files, err := golden.Files(root)
	require.NoError(t, err)
	more, err := filepath.Glob(filepath.Join(folder, "check", "*.rasp"))
	require.NoError(t, err)
	t.Chdir(folder)
	c := start(t)
	c.initialize(uriOf(folder))
	compared := 0
	for _, path := range append(files, more...) {
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		chunks, err := golden.Read(path, string(text))
		require.NoError(t, err)
		for i, chunk := range chunks {
			if testing.Short() && (i+len(path))%3 > 0 {
				continue
			}
			uri := uriOf(filepath.Join(folder, fmt.Sprintf("%s%d.rasp", filepath.Base(path), i)))
			program, faults := lang.ParseWith("a.rasp", chunk.Text, lang.ReadFile)
			want := check.Program(program, faults, lang.ReadFile)
			c.open(uri, chunk.Text)
			var got []service.Finding
			require.NoError(t, json.Unmarshal([]byte(c.faults(uri, 1)), &got))
			c.notify("textDocument/didClose", map[string]any{"textDocument": map[string]any{"uri": uri}})
			if program, list := (lang.Parser{Read: lang.ReadFile, Steps: service.Steps}).Parse("a.rasp", chunk.Text); program == nil || isOver(list) {
				continue // said as information
			}
			require.Len(t, got, len(want), "%s:%d", path, chunk.Line)
			for k, d := range want {
				compared++
				assert.Equal(t, d.Kind, got[k].Code)
				if d.Span.Source == program.File.Source && d.Span.Start < d.Span.End {
					assert.Equal(t, placeOf(d.Span), got[k].Range.Start, "%s", d.Render())
				}
			}
		}
	}
	assert.Greater(t, compared, 200)
}

func isOver(list diag.List) bool {
	for _, d := range list {
		if elab.IsOver(d, service.Steps) {
			return true
		}
	}
	return false
}

// placeOf is where a span starts, from the columns of rasp check.
func placeOf(s diag.Span) service.Position {
	line := []rune(s.Source.Line(s.Line()))
	return service.Position{Line: s.Line() - 1, Character: len(utf16.Encode(line[:s.Col()-1]))}
}
