package lsp

import (
	"bytes"
	"encoding/json"
	"flag"
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

	c = start(t)
	c.write([]byte(`{"jsonrpc": "2.0", `))
	assert.ErrorIs(t, <-c.ended, ErrNoShutdown, "no JSON")
}
