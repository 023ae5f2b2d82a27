package e2e

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// What the tests of the pages of formulas share: a look at widths and themes, axe, and
// what a command prints.

// looks takes a picture at each width, light and dark.
func (p *tab) looks(name string) {
	p.t.Helper()
	for _, theme := range []string{"light", "dark"} {
		value[bool](p, fmt.Sprintf("(() => { document.documentElement.dataset.theme = %q; return true; })()", theme))
		for _, width := range widths {
			p.do(chromedp.EmulateViewport(width, 900))
			if wide := value[int64](p, "document.documentElement.scrollWidth"); wide > width {
				p.t.Errorf("at %d the page is %d wide", width, wide)
			}
			p.shot(fmt.Sprintf("%s-%s-%d", name, theme, width))
		}
	}
}

// isAccessible runs axe, where it is installed, in both themes.
func (p *tab) isAccessible() {
	p.t.Helper()
	script, err := os.ReadFile("../../node_modules/axe-core/axe.min.js")
	if err != nil {
		p.t.Skip("axe-core is not installed: npm ci in cmd/rasp/web brings it")
	}
	value[bool](p, string(script)+"; true")
	for _, theme := range []string{"light", "dark"} {
		found := value[[]string](p, fmt.Sprintf(`(async () => {
			document.documentElement.dataset.theme = %q;
			const { violations } = await axe.run(document, { resultTypes: ["violations"] });
			return violations.filter(v => v.impact === "serious" || v.impact === "critical")
				.map(v => v.id + ": " + v.help + "\n  " + v.nodes.slice(0, 4).map(n => n.html.slice(0, 160) + " " + n.failureSummary.slice(0, 240)).join("\n  "));
		})()`, theme))
		if len(found) > 0 {
			p.t.Errorf("axe finds, in %s:\n%s", theme, strings.Join(found, "\n"))
		}
	}
}

// command runs rasp in a folder and gives what it prints.
func command(t *testing.T, folder string, args ...string) string {
	t.Helper()
	rasp, err := program()
	if err != nil {
		t.Fatal(err)
	}
	run := exec.Command(rasp, args...)
	run.Dir = folder
	out, err := run.CombinedOutput()
	if err != nil {
		t.Fatalf("rasp %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

// answer types an answer into an exercise, by its number on the page, and checks it.
func (p *tab) answer(number int, text string) string {
	p.t.Helper()
	of := fmt.Sprintf("document.querySelectorAll('.exercise')[%d]", number)
	p.until(of)
	value[bool](p, fmt.Sprintf(`(() => { const e = %s; e.querySelector("input").value = %q; e.querySelector("[aria-live]").textContent = ""; e.querySelector("form").requestSubmit(); return true; })()`, of, text))
	p.until(of + `.querySelector("[aria-live]").textContent !== ""`)
	return value[string](p, of+`.querySelector("[aria-live]").textContent`)
}

// again opens what the address holds in a new tab.
func (p *tab) again() *tab {
	p.t.Helper()
	p.settled()
	return visitAt(p.t, value[string](p, "location.href"))
}

// settled waits until the address has been the same for a while.
func (p *tab) settled() {
	p.t.Helper()
	value[bool](p, `new Promise(done => { let last = location.hash, same = 0; const id = setInterval(() => { same = location.hash === last && last !== "" ? same + 1 : 0; last = location.hash; if (same > 8) { clearInterval(id); done(true); } }, 50); })`)
}

// prints checks that the page makes a PDF, on white whatever the theme.
func (p *tab) prints() {
	p.t.Helper()
	value[bool](p, `(() => { document.documentElement.dataset.theme = "dark"; return true; })()`)
	if _, err := chromedp.Call(p.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"}); err != nil {
		p.t.Fatal(err)
	}
	if paper := value[string](p, `getComputedStyle(document.body).backgroundColor`); paper != "rgb(255, 255, 255)" {
		p.t.Errorf("the paper is %s", paper)
	}
	printed, err := chromedp.Call(p.ctx, page.PrintToPDF, page.PrintToPDFParams{})
	if err != nil {
		p.t.Fatal(err)
	}
	pdf := printed.Data
	if !bytes.HasPrefix(pdf, []byte("%PDF-")) || len(pdf) < 10_000 {
		p.t.Errorf("printed: %d bytes", len(pdf))
	}
	if folder := os.Getenv("SHOTS"); folder != "" {
		if err := os.WriteFile(filepath.Join(folder, p.t.Name()+".pdf"), pdf, 0o600); err != nil {
			p.t.Fatal(err)
		}
	}
}
