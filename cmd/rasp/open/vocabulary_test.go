package open

import (
	"testing"

	"github.com/stretchr/testify/require"

	"rasp/lang/value"
)

// A character of plain text is the string, where the vocabulary has it, else what prints like
// it; a JSON list means what it says.
func TestCharacters(t *testing.T) {
	one, text, two, wide := value.OfInt(1), value.OfString("1"), value.OfInt(2), value.OfString("é")
	for _, c := range []struct {
		vocab []value.Value
		input string
		want  []int // nil: refused
	}{
		{[]value.Value{one, two, wide}, "12é", []int{0, 1, 2}},
		{[]value.Value{one, two, wide}, `["1"]`, nil},
		{[]value.Value{one, two, text}, "12", []int{2, 1}},
		{[]value.Value{text, two, one}, "12", []int{0, 1}},
		{[]value.Value{text, two, one}, `[1, "1", 2]`, []int{2, 0, 1}},
		{[]value.Value{text}, "é", nil},
		{[]value.Value{text}, "\x00", nil},
	} {
		v := NewVocabulary(c.vocab)
		input, err := Input(c.input, v)
		require.NoError(t, err)
		ids, err := v.encode(nil, input, 9)
		require.Equal(t, c.want, ids, "%q: %v", c.input, err)
	}
}
