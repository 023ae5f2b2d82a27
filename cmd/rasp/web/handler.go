package web

import (
	"context"
	"errors"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"rasp/cmd/rasp/web/api"
)

const (
	mostRequest = 1 << 20          // bytes of a request
	mostTime    = 60 * time.Second // of a request
	mostWaiting = 32               // requests at once
)

// policy of content: nothing from elsewhere. CodeMirror puts styles into the page.
const policy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; " +
	"connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// Handler serves the pages and answers what they ask, at POST /api. It answers only what is
// sent to one of hosts: the names and addresses, with the port where it is not 80, under
// which it listens. Another name that leads here (DNS rebinding) and pages from elsewhere
// are refused.
func Handler(version string, hosts []string) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /", http.FileServerFS(files()))
	mux.Handle("POST /api", &endpoint{host: api.New(version), waiting: make(chan struct{}, mostWaiting)})
	return guarded(mux, hosts)
}

// Hosts are the names under which a listener is reached.
func Hosts(at net.Addr, asked string) []string {
	_, port, _ := net.SplitHostPort(at.String())
	names := []string{"localhost", "127.0.0.1", "[::1]"}
	if host, _, err := net.SplitHostPort(asked); err == nil && host != "" {
		if strings.Contains(host, ":") {
			host = "[" + host + "]"
		}
		names = append(names, host)
	}
	var hosts []string
	for _, name := range names {
		hosts = append(hosts, name+":"+port)
		if port == "80" {
			hosts = append(hosts, name)
		}
	}
	return hosts
}

func guarded(next http.Handler, hosts []string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("Content-Security-Policy", policy)
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("Referrer-Policy", "no-referrer")
		header.Set("Cross-Origin-Resource-Policy", "same-origin")
		header.Set("Cross-Origin-Opener-Policy", "same-origin")
		header.Set("Cache-Control", "no-cache")
		switch {
		case !slices.Contains(hosts, strings.ToLower(r.Host)):
			http.Error(w, "this server answers to other names only: "+strings.Join(hosts, ", "), http.StatusForbidden)
		case isForeign(r):
			http.Error(w, "this server answers its own pages only", http.StatusForbidden)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// isForeign reports whether another page than one of this server sends the request. A link
// from elsewhere may open a page.
func isForeign(r *http.Request) bool {
	if origin := r.Header.Get("Origin"); origin != "" {
		from, err := url.Parse(origin)
		return err != nil || !strings.EqualFold(from.Host, r.Host)
	}
	site := r.Header.Get("Sec-Fetch-Site")
	return site != "" && site != "same-origin" && site != "none" && r.Header.Get("Sec-Fetch-Mode") != "navigate"
}

// endpoint answers requests of pages.
type endpoint struct {
	host    *api.Host
	waiting chan struct{}
}

func (e *endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		http.Error(w, "a request is application/json", http.StatusUnsupportedMediaType)
		return
	}
	select {
	case e.waiting <- struct{}{}:
		defer func() { <-e.waiting }()
	default:
		http.Error(w, "too many requests wait already", http.StatusTooManyRequests)
		return
	}
	text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, mostRequest))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		http.Error(w, "a request has 1 MB at most", http.StatusRequestEntityTooLarge)
		return
	case err != nil:
		return // who asked has gone
	}
	ctx, cancel := context.WithTimeout(r.Context(), mostTime)
	defer cancel()
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(e.host.Call(ctx, text)) // who asked may have gone
}
