package lang

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/lang/elab"
	"rasp/lang/syntax"
)

// TestSteps: fewer steps than usual end a statement, with a fault that tells.
func TestSteps(t *testing.T) {
	const text = "n = 0;\nfor i in range(100) { n = n + i; }\nm = 1;"
	_, faults := Parser{Read: ReadFile, Steps: 1000}.Parse("a.rasp", text)
	assert.Empty(t, faults)
	p, faults := Parser{Read: ReadFile, Steps: 150}.Parse("a.rasp", text)
	require.Len(t, faults, 1)
	assert.True(t, elab.IsOver(faults[0], 150))
	assert.False(t, elab.IsOver(faults[0], 1000))
	_, ok := p.Lookup("m")
	assert.True(t, ok)
}

// TestEvaluated: each expression and each name that is bound, with its value.
func TestEvaluated(t *testing.T) {
	got := map[string]string{}
	Parser{Read: ReadFile, Evaluated: func(x syntax.Expr, v elab.Value) {
		if x.Span().Source.Name == "a.rasp" {
			got[x.Span().String()] = x.Span().Text() + ": " + elab.KindOf(v)
		}
	}}.Parse("a.rasp", "x = [tokens, 1];\ny = has_focus(full_s);")
	assert.Equal(t, map[string]string{
		"a.rasp:1:1": "x: list", "a.rasp:1:5": "[tokens, 1]: list", "a.rasp:1:6": "tokens: s-op", "a.rasp:1:14": "1: int",
		"a.rasp:2:1": "y: s-op", "a.rasp:2:5": "has_focus(full_s): s-op", "a.rasp:2:15": "full_s: selector",
	}, got)
}
