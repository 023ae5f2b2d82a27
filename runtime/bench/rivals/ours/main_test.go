//go:build linux

package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestAnswer(t *testing.T) {
	for _, line := range []string{"product 3 4 5 2", "packed 3 4 5 2", "attention 8 20 2 1 2", "attention 8 20 1 0 2", "chunk 8 5 20 2 2",
		"prefill 8 1 2 10 5 2", "decode 8 1 2 10 5 2"} {
		seconds, err := answer(line)
		assert.NoError(t, err, line)
		assert.GreaterOrEqual(t, seconds, 0.0, line)
	}
	for _, line := range []string{"", "quotient 3 4 5 2", "product 3 4", "attention 8 twenty 1 0 2", "chunk 8 5 20 2", "prefill 8 1", "decode 8 0 2 10 5 2"} {
		_, err := answer(line)
		assert.Error(t, err, line)
	}
}
