package main

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestLSP: the editor's way to say goodbye decides the exit status, and stdout has the
// protocol alone.
func TestLSP(t *testing.T) {
	asked := func(messages ...string) *strings.Reader {
		text := ""
		for _, m := range messages {
			text += fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(m), m)
		}
		return strings.NewReader(text)
	}
	const initialize = `{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{}}}`
	const shutdown = `{"jsonrpc":"2.0","id":2,"method":"shutdown"}`
	const exit = `{"jsonrpc":"2.0","method":"exit"}`

	status, stdout, stderr := executed(context.Background(), asked(initialize, shutdown, exit), "lsp", "--stdio")
	assert.Zero(t, status)
	assert.Empty(t, stderr)
	assert.Regexp(t, `^Content-Length: \d+\r\n\r\n\{.*"positionEncoding":"utf-16".*\}Content-Length: \d+\r\n\r\n\{.*"id":2.*\}$`, stdout)

	status, _, stderr = executed(context.Background(), asked(initialize, exit), "lsp")
	assert.Equal(t, 1, status)
	assert.Equal(t, "rasp lsp: the editor ended without the request shutdown\n", stderr)
	status, _, _ = executed(context.Background(), strings.NewReader("indices;\n"), "lsp")
	assert.Equal(t, 1, status)
}
