package model

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestSmallFileOfALargeModel: a few bytes do not fill the memory.
func TestSmallFileOfALargeModel(t *testing.T) {
	s := &stored{Tensor: Tensor{"w", []int{1 << 14, 1 << 14}, new([]float32)}, sparse: true, indices: []int32{0}, values: []float32{1}}
	require.ErrorContains(t, s.expand(), "would have only 1 weights that are stored")
}
