//go:build !nopages

package main

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// servedPages starts a command that serves pages, and returns the address that it prints;
// stop ends it and returns its exit status and stderr.
func servedPages(t *testing.T, args ...string) (address string, stop func() (int, string)) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	from, to := io.Pipe()
	var stderr strings.Builder
	status := make(chan int, 1)
	go func() {
		status <- execute(ctx, args, strings.NewReader(""), to, &stderr)
		to.Close()
	}()
	line, err := bufio.NewReader(from).ReadString('\n')
	require.NoError(t, err)
	return strings.TrimSpace(line), func() (int, string) { cancel(); return <-status, stderr.String() }
}

func TestServePages(t *testing.T) {
	address, stop := servedPages(t, "serve", "--http", "127.0.0.1:0")
	r, err := http.Post(address+"api", "application/json", strings.NewReader(`{"id": 1, "method": "version"}`))
	require.NoError(t, err)
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	require.NoError(t, err)
	assert.JSONEq(t, `{"jsonrpc": "2.0", "id": 1, "result": {"version": "`+version()+`", "protocol": 1}}`, string(body))
	status, stderr := stop()
	assert.Zero(t, status, "Ctrl-C is how it ends")
	assert.Empty(t, stderr)
}

func TestLearn(t *testing.T) {
	address, stop := servedPages(t, "learn", "scaling", "--no-browser", "--http", "localhost:0")
	assert.Regexp(t, `^http://127\.0\.0\.1:\d+/scaling\.html$|^http://\[::1\]:\d+/scaling\.html$`, address)
	r, err := http.Get(address)
	require.NoError(t, err)
	r.Body.Close()
	assert.Equal(t, http.StatusOK, r.StatusCode)
	status, _ := stop()
	assert.Zero(t, status)
}

// TestServeWithoutAPerson: what is no terminal sends requests.
func TestServeWithoutAPerson(t *testing.T) {
	file, err := os.CreateTemp(t.TempDir(), "requests")
	require.NoError(t, err)
	defer file.Close()
	assert.False(t, isPerson(file))
	assert.False(t, isPerson(strings.NewReader("")))
	nobody, err := os.Open(os.DevNull)
	require.NoError(t, err)
	defer nobody.Close()
	assert.True(t, isPerson(nobody))
}
