//go:build linux || darwin

package main

import (
	"bytes"
	"testing"

	"github.com/creack/pty"
	"github.com/stretchr/testify/require"
)

// On a terminal long work says what it is at, and leaves nothing behind; in a pipe it says
// nothing.
func TestWaiting(t *testing.T) {
	outside, terminal, err := pty.Open()
	require.NoError(t, err)
	defer outside.Close()
	w := wait(terminal, "compile")
	w.at("lower")
	var seen bytes.Buffer
	buffer := make([]byte, 100)
	for !bytes.Contains(seen.Bytes(), []byte("compile (lower), 1 s")) {
		n, err := outside.Read(buffer)
		require.NoError(t, err)
		seen.Write(buffer[:n])
	}
	w.done()
	require.NoError(t, terminal.Close())
	_, _ = seen.ReadFrom(outside) // ends with an error when the terminal is closed
	require.Equal(t, "\r\x1b[K", seen.String()[seen.Len()-4:])

	var pipe bytes.Buffer
	w = wait(&pipe, "compile")
	w.show()
	w.done()
	require.Empty(t, pipe.String())
}
