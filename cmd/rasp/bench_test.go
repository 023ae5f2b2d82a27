package main

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestWarnOfWork: a machine that is hardly busy is worth no line.
func TestWarnOfWork(t *testing.T) {
	var b bytes.Buffer
	warnOfWork(&b, 0.02)
	assert.Empty(t, b.String())
	warnOfWork(&b, 0.384)
	assert.Contains(t, b.String(), "the machine is busy: other work took 38 % of the time")
}
