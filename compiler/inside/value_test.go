package inside_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"rasp/compiler/inside"
	"rasp/runtime/model"
)

// TestReadValue: what is read is a value, not how it is written.
func TestReadValue(t *testing.T) {
	strings, numbers := []model.Token{`"a"`, `"é"`, `"\"q\""`, `"1"`}, []model.Token{"1", "1.0", "2.5", "true"}
	for _, c := range []struct {
		literal inside.Literal
		values  []model.Token
		want    model.Token
	}{
		{`é`, strings, `"é"`},
		{`"é"`, strings, `"é"`},
		{`"\u00e9"`, strings, `"é"`},
		{`"\u0061"`, strings, `"a"`},
		{`"q"`, strings, `"\"q\""`},
		{`"\u0022q\u0022"`, strings, `"\"q\""`},
		{`1`, strings, `"1"`},
		{`1`, numbers, "1"},
		{`1.0`, numbers, "1.0"},
		{`25e-1`, numbers, "2.5"},
		{`True`, numbers, "true"},
		{`é`, []model.Token{`"\u00e9"`}, `"é"`},
		{`7`, nil, "7"},
	} {
		v, err := inside.ReadValue(c.literal, c.values)
		if assert.NoError(t, err, "%s", c.literal) {
			assert.Equal(t, string(c.want), v.JSON(), "%s", c.literal)
		}
	}
	_, err := inside.ReadValue(`"\u00e8"`, strings)
	assert.EqualError(t, err, `it is never "\u00e8", but "a" "é" "\"q\"" "1"`)
	_, err = inside.ReadValue("a", nil)
	assert.EqualError(t, err, "a is no number")
}
