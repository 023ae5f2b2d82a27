package main

import (
	"context"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/cmd/rasp/open"
	"rasp/compiler/prove"
	"rasp/lang"
)

// TestPrintProof: a model that is wrong is shown with an input, as rasp verify does, and
// the JSON has the sentence beside all that the proof has.
func TestPrintProof(t *testing.T) {
	wrong := &prove.Result{Verdict: prove.Refuted, Length: 3, Reason: &prove.Reason{
		Text: "x differs", Input: `["a","b"]`, Output: "x", Position: 1, Program: "3", Model: "4", Place: prove.Place{Line: 2},
	}}
	var b strings.Builder
	require.NoError(t, printProof(&b, wrong, false))
	assert.Equal(t, "refuted: x differs (line 2)\ninterpreter x([\"a\",\"b\"]) = 3 at position 1\nmodel       x([\"a\",\"b\"]) = 4\n", b.String())

	b.Reset()
	require.NoError(t, printProof(&b, wrong, true))
	var got map[string]any
	require.NoError(t, json.Unmarshal([]byte(b.String()), &got))
	assert.Equal(t, "refuted: x differs (line 2)", got["claim"])
	assert.Equal(t, "refuted", got["verdict"])
	assert.Equal(t, 1.0, got["reason"].(map[string]any)["position"])
}

// TestRefuted: a model of another program is wrong, and an input shows it.
func TestRefuted(t *testing.T) {
	c, err := open.Choices{Level: 1}.Compile(parsed(t, "#rasp:vocab \"ab\"\n#rasp:length 3\nx = indices + 1;"), nil)
	require.NoError(t, err)
	c.Source = strings.Replace(c.Source, "+ 1", "+ indicator(tokens == \"b\")", 1)
	file := filepath.Join(t.TempDir(), "wrong.safetensors")
	require.NoError(t, c.Save(file))
	status, stdout, stderr := executed(context.Background(), nil, "prove", file)
	assert.Equal(t, 1, status)
	assert.Empty(t, stderr)
	assert.Contains(t, stdout, "refuted: x differs at position 0\ninterpreter x([\"a\"]) = 0 at position 0\nmodel       x([\"a\"]) = 1\n")
}

func parsed(t *testing.T, text string) *lang.Program {
	t.Helper()
	p, faults := lang.Parse("test.rasp", text)
	require.NoError(t, faults.Err())
	return p
}
