package main

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The assembly in the tree is what the generator writes.
func TestUpToDate(t *testing.T) {
	for _, s := range []isa{avx512, avx2} {
		written, err := os.ReadFile("../../kernel_" + s.name + "_amd64.s")
		require.NoError(t, err)
		assert.Equal(t, string(s.file()), string(written), "run go generate in runtime/gemm")
	}
}
