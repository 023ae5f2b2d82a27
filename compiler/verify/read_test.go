package verify_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"rasp/compiler/verify"
	"rasp/lang/value"
	"rasp/runtime/model"
)

// Tokens that share a place, and more of them than are remembered, are what they are by
// themselves, in any order.
func TestReader(t *testing.T) {
	var tokens []model.Token
	var want []value.Value
	for n := range 70_000 {
		text := [...]string{"%d", "%d.5", `"%d"`, `"a%d"`}[n%4]
		tokens = append(tokens, model.Token(fmt.Sprintf(text, n)))
		v, err := value.ParseAtom(string(tokens[n]))
		require.NoError(t, err)
		want = append(want, v)
	}
	var r verify.Reader
	room := make([]value.Value, 3)
	for range 2 {
		got, err := r.Values(tokens, room)
		require.NoError(t, err)
		require.Equal(t, want, got)
		room = got
	}
	_, err := r.Values([]model.Token{"1", model.Undefined}, room)
	require.Equal(t, &model.UndefinedError{Position: 1}, err)
	_, err = r.Values([]model.Token{"1", "nothing"}, room)
	require.ErrorContains(t, err, `token 1 of the model, "nothing"`)
}
