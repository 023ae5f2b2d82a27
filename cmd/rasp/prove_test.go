package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/compiler/prove"
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
