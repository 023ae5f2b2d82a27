package open

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestTitle: dots stand only where the comment goes on.
func TestTitle(t *testing.T) {
	for text, want := range map[string]string{
		"# Moves tokens. They go\n# to the right.\n":                   "Moves tokens.",
		"# the number of tokens\nx = 1;":                               "the number of tokens",
		"# the number of tokens\n# and of others\n":                    "the number of tokens ...",
		"# the number of tokens\r\n#\r\n# more\r\n":                    "the number of tokens",
		"# all\n#rasp:length 3\n":                                      "all",
		"#rasp:length 3\n#> \"a\" => 1\n#= layers 1\n\n# what it does": "what it does",
		"x = 1; # not a line of its own":                               "",
		"":                                                             "",
	} {
		assert.Equal(t, want, TitleOf(text), text)
	}
}
