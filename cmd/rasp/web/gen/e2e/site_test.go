package e2e

import (
	"net"
	"net/http"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
)

// site is a static site that rasp serve --export has made, in a folder of its own below the
// root of a server.
var site = sync.OnceValues(func() (string, error) {
	rasp, err := program()
	if err != nil {
		return "", err
	}
	folder := filepath.Join(shared.folder, "static")
	export := exec.Command(rasp, "serve", "--export", filepath.Join(folder, "some", "where"))
	if out, err := export.CombinedOutput(); err != nil {
		return "", &exec.Error{Name: string(out), Err: err}
	}
	return folder, nil
})

// host serves the static site, until stop is called.
func host(t *testing.T) (address string, stop func()) {
	t.Helper()
	if shared.missing != "" {
		t.Skip(shared.missing)
	}
	folder, err := site()
	if err != nil {
		t.Fatal(err)
	}
	at, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: http.FileServer(http.Dir(folder))}
	go func() { _ = server.Serve(at) }()
	var once sync.Once
	stop = func() { once.Do(func() { _ = server.Close() }) }
	t.Cleanup(stop)
	return "http://" + at.Addr().String() + "/some/where/", stop
}

// TestStaticSite: every page works without a server, its engine inside.
func TestStaticSite(t *testing.T) {
	address, _ := host(t)
	for _, page := range pages {
		t.Run(page, func(t *testing.T) {
			p := visitAt(t, address+page+".html")
			p.until(`document.getElementById("engine").textContent.endsWith("in this page")`)
		})
	}
}

// TestOffline: once it was opened, a static site opens without its server.
func TestOffline(t *testing.T) {
	address, stop := host(t)
	p := visitAt(t, address+"index.html")
	p.until(`navigator.serviceWorker.controller`)
	stop()
	for _, page := range []string{"scaling.html", "index.html", "", "attention.html?from=somewhere"} {
		p.do(chromedp.Navigate(address + page))
		p.until(`document.getElementById("engine").textContent.endsWith("in this page")`)
	}
}
