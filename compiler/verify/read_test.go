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

// Printed says of each token the value that Values says, and reads known ones without garbage.
func TestPrinted(t *testing.T) {
	tokens := []model.Token{`"a"`, "1", `"NaN"`, "2.5", "true", `"é"`, `""`}
	var r verify.Reader
	values, err := r.Values(tokens, nil)
	require.NoError(t, err)
	printed, err := r.Printed(tokens, nil)
	require.NoError(t, err)
	for i, p := range printed {
		require.Equal(t, values[i], p.Value)
	}
	require.Zero(t, testing.AllocsPerRun(10, func() { printed, _ = r.Printed(tokens, printed) }))
	_, err = r.Printed([]model.Token{"1", model.Undefined}, printed)
	require.Equal(t, &model.UndefinedError{Position: 1}, err)
}
