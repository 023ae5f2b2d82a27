package e2e

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// What the tests of the pages of formulas are made of beyond harness_test.go: the command
// line to compare with, pictures, print, axe-core.

// save writes the file that a link of the page holds.
func (p *tab) save(folder, name string) {
	p.t.Helper()
	text := value[string](p, fmt.Sprintf(`(() => { const at = document.querySelector('a[download="%s"]').href; return decodeURIComponent(at.slice(at.indexOf(",") + 1)); })()`, name))
	if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644); err != nil {
		p.t.Fatal(err)
	}
}

// shown is a number as the pages show it.
func shown(t *testing.T, text string) float64 {
	t.Helper()
	text = strings.NewReplacer(",", "", "−", "-", "%", "", "± ", "").Replace(text)
	if text == "∞" {
		return math.Inf(1)
	}
	x, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatalf("%q is no number", text)
	}
	return x
}

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance*math.Abs(want)) {
		t.Errorf("%s: the page shows %v, and it is %v", what, got, want)
	}
}

// settled waits until nothing on the page is being computed.
func (p *tab) settled() {
	p.t.Helper()
	value[bool](p, "new Promise(r => setTimeout(() => r(true), 60))")
	p.until(`!document.querySelector(".busy")`)
}

func (p *tab) bypassPolicy() {
	p.t.Helper()
	if _, err := chromedp.Call(p.ctx, page.SetBypassCSP, page.SetBypassCSPParams{Enabled: true}); err != nil {
		p.t.Fatal(err)
	}
}

// theme has the page as a user of light or dark colours sees it.
func (p *tab) theme(name string) {
	p.t.Helper()
	value[bool](p, fmt.Sprintf(`(() => { document.documentElement.dataset.theme = %q; return true; })()`, name))
}

// looked takes pictures at three widths, light and dark.
func (p *tab) looked() {
	p.t.Helper()
	for _, width := range widths {
		p.do(chromedp.EmulateViewport(width, 900))
		p.settled()
		if wide := value[int64](p, "document.documentElement.scrollWidth"); wide > width {
			p.t.Errorf("at %d the page is %d wide", width, wide)
		}
		for _, theme := range []string{"light", "dark"} {
			p.theme(theme)
			p.shot(fmt.Sprintf("%d-%s", width, theme))
		}
	}
}

// printed is how large a PDF of the page is.
func (p *tab) printed() int {
	p.t.Helper()
	background := true
	r, err := chromedp.Call(p.ctx, page.PrintToPDF, page.PrintToPDFParams{PrintBackground: &background})
	if err != nil {
		p.t.Fatal(err)
	}
	if folder := os.Getenv("SHOTS"); folder != "" {
		if err := os.WriteFile(filepath.Join(folder, p.t.Name()+".pdf"), r.Data, 0o644); err != nil {
			p.t.Fatal(err)
		}
	}
	if !strings.HasPrefix(string(r.Data), "%PDF-") {
		p.t.Error("what is printed is no PDF")
	}
	return len(r.Data)
}

// printing shows the page as it is printed.
func (p *tab) printing() {
	p.t.Helper()
	if _, err := chromedp.Call(p.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"}); err != nil {
		p.t.Fatal(err)
	}
}
