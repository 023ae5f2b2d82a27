package inside_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/compiler/inside"
	"rasp/lang/golden"
	"rasp/lang/value"
)

// TestNote: of a model that is at fault, a difference is said to be of values that may not
// occur together where an s-op is set, and not where the input is another one.
func TestNote(t *testing.T) {
	m := modelOf(&golden.Chunk{Text: `#rasp:vocab "ab"
#rasp:length 4
#rasp:output r
p = aggregate(select(indices, indices - 1, ==), tokens, "a");
r = aggregate(select(indices, indices - 1, ==), p, "b");
`}, 1)
	require.NotNil(t, m)
	last := m.Layers - 1
	rows, _ := m.Blocks[last].WO.Size()
	m = without(m, last, 0, rows, 0)
	x, err := inside.New(m)
	require.NoError(t, err)
	input := []value.Value{value.OfString("b"), value.OfString("b"), value.OfString("b")}
	for sop, noted := range map[string]bool{"p": true, "tokens": false} {
		e, err := x.Intervene(input, inside.Intervention{Set: []inside.Setting{{SOp: sop, Position: 1, Value: "a"}}})
		require.NoError(t, err)
		require.NotNil(t, e.Agree)
		assert.False(t, *e.Agree, sop)
		assert.Empty(t, e.Outside, sop)
		assert.Equal(t, noted, e.Note != "", "%s: %s", sop, e.Note)
	}
}
