package lsp

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "rewrite the transcripts")

// TestTranscripts: in testdata/*.txt a line > is what an editor sends; below a request stands
// the answer, <. A line ? METHOD waits for a message of the server, which stands below it. #
// is a comment.
func TestTranscripts(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			want, err := os.ReadFile(file)
			require.NoError(t, err)
			got := played(t, start(t), string(want))
			if *update {
				require.NoError(t, os.WriteFile(file, []byte(got), 0o644))
				return
			}
			assert.Equal(t, string(want), got, "-update rewrites it")
		})
	}
}

// played is a transcript with the answers that there are.
func played(t *testing.T, c *client, text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		sent, isSent := strings.CutPrefix(line, "> ")
		method, isAwaited := strings.CutPrefix(line, "? ")
		if !strings.HasPrefix(line, "< ") {
			b.WriteString(line)
		}
		var answer message
		switch {
		case isSent:
			var m message
			require.NoError(t, json.Unmarshal([]byte(sent), &m), line)
			c.write([]byte(strings.TrimSpace(sent)))
			if m.ID == nil || m.Method == "" {
				continue
			}
			answer = c.reply(*m.ID)
		case isAwaited:
			answer = c.told(strings.TrimSpace(method))
		default:
			continue
		}
		answer.ID, answer.Version = nil, ""
		var line bytes.Buffer
		e := json.NewEncoder(&line)
		e.SetEscapeHTML(false)
		require.NoError(t, e.Encode(answer))
		b.WriteString("< " + strings.Replace(line.String(), `"jsonrpc":"",`, "", 1))
	}
	return b.String()
}

// TestEnd: it ends well only after shutdown.
func TestEnd(t *testing.T) {
	c := start(t)
	c.initialize("")
	require.Nil(t, c.request("shutdown", nil).Error)
	assert.Contains(t, string(c.request("textDocument/hover", struct{}{}).Error), "does not come now")
	c.notify("exit", nil)
	assert.NoError(t, <-c.ended)

	c = start(t)
	c.initialize("")
	c.notify("exit", nil)
	assert.ErrorIs(t, <-c.ended, ErrNoShutdown)

	c = start(t)
	c.conn.Close()
	assert.ErrorIs(t, <-c.ended, ErrNoShutdown)
}

// TestInterrupted: it says that it was ended from outside.
func TestInterrupted(t *testing.T) {
	ours, theirs := net.Pipe()
	defer ours.Close()
	ctx, interrupt := context.WithCancel(context.Background())
	interrupt()
	assert.ErrorIs(t, Serve(ctx, theirs, Options{}), context.Canceled)
}

// TestNoMessage: what cannot be read ends the server, which says what it was.
func TestNoMessage(t *testing.T) {
	for sent, says := range map[string]string{
		"Content-Length: 19\r\n\r\n{\"jsonrpc\": \"2.0\", ": "unexpected end of JSON input",
		"Content-Length: 99999999999999\r\n\r\n{}":          `its Content-Length is "99999999999999"`,
		"Content-Length: -5\r\n\r\n{}":                      `its Content-Length is "-5"`,
		"Content-Type: text\r\n\r\n{}":                      "it has no Content-Length",
		"{\"jsonrpc\": \"2.0\"}\r\n\r\n":                    "malformed MIME header",
		"Content-Length: 9\r\n\r\n{}":                       "it ends after 2 bytes of 9",
	} {
		c := start(t)
		go func() { // the server may end before it has read all
			_, _ = io.WriteString(c.conn, sent)
			c.conn.Close()
		}()
		err := <-c.ended
		assert.ErrorContains(t, err, "what the editor sent is no message", "%q", sent)
		assert.ErrorContains(t, err, says, "%q", sent)
	}
}

// TestLenient: headers in small letters, and an editor that says odd things of itself.
func TestLenient(t *testing.T) {
	c := start(t)
	body := `{"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"rootUri": null, "initializationOptions": [],
		"capabilities": {"workspace": true, "general": {"positionEncodings": ["utf-8"]}}}}`
	_, err := fmt.Fprintf(c.conn, "content-type: x\r\ncontent-length: %d\r\n\r\n%s", len(body), body)
	require.NoError(t, err)
	answer := c.reply(1)
	require.Nil(t, answer.Error)
	assert.Contains(t, string(answer.Result), `"positionEncoding":"utf-8"`)
	c.last = 1
	c.notify("initialized", []int{})

	for params, says := range map[string]string{
		`[1]`: "the parameters cannot be array",
		`{"textDocument": {"uri": "a"}, "position": {"line": "x"}}`: "line cannot be string",
	} {
		e := string(c.request("textDocument/hover", json.RawMessage(params)).Error)
		assert.Contains(t, e, says)
		assert.NotContains(t, e, "Go ")
	}
	require.Nil(t, c.request("shutdown", []int{}).Error)
	c.notify("exit", nil)
	assert.NoError(t, <-c.ended)
}
