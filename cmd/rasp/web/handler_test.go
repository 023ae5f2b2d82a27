package web

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const here = "127.0.0.1:8037"

// served is the answer to a request that says it comes to here, unless it says otherwise.
func served(t *testing.T, method, path, body string, header map[string]string) *http.Response {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, "http://"+here+path, strings.NewReader(body))
	for name, value := range header {
		r.Header.Set(name, value)
		if name == "Host" {
			r.Host = value
		}
	}
	w := httptest.NewRecorder()
	Handler("1.2.3", []string{here, "localhost:8037"}).ServeHTTP(w, r)
	return w.Result()
}

func TestPages(t *testing.T) {
	for path, kind := range map[string]string{"/": "text/html; charset=utf-8", "/scaling.html": "text/html; charset=utf-8", "/base.css": "text/css; charset=utf-8", "/worker.js": "text/javascript; charset=utf-8"} {
		r := served(t, "GET", path, "", nil)
		assert.Equal(t, http.StatusOK, r.StatusCode, path)
		assert.Equal(t, kind, r.Header.Get("Content-Type"), path)
		assert.Contains(t, r.Header.Get("Content-Security-Policy"), "default-src 'none'")
	}
	for _, path := range []string{"/nothing", "/../web.go", "/..%2fweb.go", "/js/../../go.mod"} {
		r := served(t, "GET", path, "", nil)
		assert.NotEqual(t, http.StatusOK, r.StatusCode, path)
	}
}

// TestWhoMayAsk: pages of this server may, nobody else.
func TestWhoMayAsk(t *testing.T) {
	const version = `{"id": 1, "method": "version"}`
	asks := func(header map[string]string) int {
		all := map[string]string{"Content-Type": "application/json"}
		for name, value := range header {
			all[name] = value
		}
		return served(t, "POST", "/api", version, all).StatusCode
	}
	for name, c := range map[string]struct {
		header map[string]string
		want   int
	}{
		"a program":                    {nil, 200},
		"its own page":                 {map[string]string{"Origin": "http://" + here, "Sec-Fetch-Site": "same-origin"}, 200},
		"its own page, localhost":      {map[string]string{"Origin": "http://localhost:8037", "Host": "localhost:8037"}, 200},
		"a page from elsewhere":        {map[string]string{"Origin": "http://evil.example"}, 403},
		"a file":                       {map[string]string{"Origin": "null"}, 403},
		"another port":                 {map[string]string{"Origin": "http://127.0.0.1:9"}, 403},
		"no origin, another site":      {map[string]string{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}, 403},
		"another name (DNS rebinding)": {map[string]string{"Host": "evil.example:8037", "Origin": "http://evil.example:8037"}, 403},
		"another port of this name":    {map[string]string{"Host": "127.0.0.1:9"}, 403},
		"a form":                       {map[string]string{"Content-Type": "text/plain"}, 415},
	} {
		assert.Equal(t, c.want, asks(c.header), name)
	}
	assert.Equal(t, 200, served(t, "GET", "/", "", map[string]string{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}).StatusCode, "a link from elsewhere opens a page")
	assert.Equal(t, 404, served(t, "GET", "/api", "", nil).StatusCode)
}

func TestAnswers(t *testing.T) {
	r := served(t, "POST", "/api", `{"id": 1, "method": "version"}`, map[string]string{"Content-Type": "application/json; charset=utf-8"})
	body, err := io.ReadAll(r.Body)
	require.NoError(t, err)
	assert.JSONEq(t, `{"jsonrpc": "2.0", "id": 1, "result": {"version": "1.2.3", "protocol": 1}}`, string(body))
}

func TestLargeRequests(t *testing.T) {
	json := map[string]string{"Content-Type": "application/json"}
	assert.Equal(t, 413, served(t, "POST", "/api", strings.Repeat(" ", mostRequest+1), json).StatusCode)
	assert.Equal(t, 200, served(t, "POST", "/api", strings.Repeat(" ", mostRequest), json).StatusCode)
}

// TestTooMany: more requests than may wait are refused, and none is once there is room.
func TestTooMany(t *testing.T) {
	e := &endpoint{waiting: make(chan struct{}, 1)}
	e.waiting <- struct{}{}
	r := httptest.NewRequestWithContext(t.Context(), "POST", "/api", bytes.NewReader(nil))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	e.ServeHTTP(w, r)
	assert.Equal(t, 429, w.Code)
}

func TestHosts(t *testing.T) {
	var config net.ListenConfig
	at, err := config.Listen(context.Background(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer at.Close()
	assert.Contains(t, Hosts(at.Addr(), "127.0.0.1:0"), at.Addr().String())
	assert.Contains(t, Hosts(&net.TCPAddr{Port: 80}, "lecture.example:80"), "lecture.example")
	assert.Contains(t, Hosts(&net.TCPAddr{Port: 81}, "[fd00::1]:81"), "[fd00::1]:81")
}
