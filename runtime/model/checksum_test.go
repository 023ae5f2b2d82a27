package model_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"rasp/runtime/model"
	"rasp/runtime/model/modeltest"
)

// TestChecksum flips a bit of each byte of the weights.
func TestChecksum(t *testing.T) {
	m := modeltest.Tiny(1)
	file := encoded(t, m)
	for i := len(file) - 4*weights(m); i < len(file); i++ {
		file[i] ^= 1
		_, err := model.Read(bytes.NewReader(file))
		require.ErrorContains(t, err, "the weights are not those that were compiled", "byte %d", i)
		file[i] ^= 1
	}
	_, err := model.Read(bytes.NewReader(file))
	require.NoError(t, err)
}

// TestWithoutChecksum takes the weights as they are, and nobody's word for them.
func TestWithoutChecksum(t *testing.T) {
	file := edited(t, func(_, metadata map[string]any) { delete(metadata, model.KeyChecksum) })
	got, err := model.Read(bytes.NewReader(file))
	require.NoError(t, err)
	want := modeltest.Tiny(1)
	want.Certificate = model.Certificate{}
	require.Equal(t, want, got)
}

func weights(m *model.Model) int {
	n := 0
	for _, t := range m.Tensors() {
		n += len(*t.Data)
	}
	return n
}
