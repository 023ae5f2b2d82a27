package diag

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestVisible(t *testing.T) {
	for text, want := range map[string]string{
		"":                 "",
		"plain é 語":        "plain é 語",
		"\x1b[2J":          "␛[2J",
		"a\nb\t":           "a␊b␉",
		"\x7f\u009b\u202e": "␡��",
	} {
		assert.Equal(t, want, Visible(text))
	}
	assert.Equal(t, "a\nb\t␛␍", VisibleLines("a\nb\t\x1b\r"))
}

func TestEscapeJSON(t *testing.T) {
	assert.Equal(t, `{"é": "\u007f\u009b\u202e\u061c"}`+"\n", EscapeJSON("{\"é\": \"\x7f\u009b\u202e\u061c\"}\n"))
}
