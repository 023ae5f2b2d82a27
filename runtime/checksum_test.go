package runtime

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestChecksum flips a bit of each byte of the weights.
func TestChecksum(t *testing.T) {
	m := tiny(1)
	file := encoded(t, m)
	for i := len(file) - 4*weights(m); i < len(file); i++ {
		file[i] ^= 1
		_, err := Read(bytes.NewReader(file))
		require.ErrorContains(t, err, "the weights are not those that were compiled", "byte %d", i)
		file[i] ^= 1
	}
	_, err := Read(bytes.NewReader(file))
	require.NoError(t, err)
}

// TestWithoutChecksum takes the weights as they are, and nobody's word for them.
func TestWithoutChecksum(t *testing.T) {
	file := edited(t, func(_, metadata map[string]any) { delete(metadata, keyChecksum) })
	got, err := Read(bytes.NewReader(file))
	require.NoError(t, err)
	want := tiny(1)
	want.Certificate = Certificate{}
	require.Equal(t, want, got)
}

func weights(m *Model) int {
	n := 0
	for _, t := range m.tensors() {
		n += len(*t.data)
	}
	return n
}
