package inside_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"rasp/compiler/inside"
	"rasp/runtime/model"
)

func TestTokenText(t *testing.T) {
	for token, want := range map[model.Token]string{
		`"a"`:            "a",
		`"a b"`:          `"a b"`,
		`""`:             `""`,
		`" "`:            `" "`,
		"\"\u00a0\"":     `"\u00a0"`,
		"\"\u200b\"":     `"\u200b"`,
		"\"a\u200b\"":    `"a\u200b"`,
		"\"\ufeffx\"":    `"\ufeffx"`,
		"\"\u0301\"":     `"\u0301"`,
		"\"e\u0301\"":    "e\u0301",
		"\"👩\u200d🔬\"":   "👩\u200d🔬",
		"\"\U000e0041\"": `"\udb40\udc41"`,
		`"\n"`:           `"\n"`,
		`true`:           "T",
		`false`:          "F",
		`"true"`:         "true",
		`2.0`:            "2.0",
		model.Undefined:  "no value",
	} {
		assert.Equal(t, want, inside.TokenText(token), "%q", string(token))
	}
}

func TestReadingText(t *testing.T) {
	number := 1.5
	for want, r := range map[string]inside.Reading{
		"no code":                 {},
		"1.5":                     {Number: &number},
		"1":                       {Values: []model.Token{"1"}},
		"(one of 1, 1.0)":         {Values: []model.Token{"1", "1.0"}},
		"(one of 4: a, T, 2, ..)": {Values: []model.Token{`"a"`, "true", "2", "3"}},
	} {
		assert.Equal(t, want, r.String())
	}
}
