package e2e

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
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
	p.resting()
	return visitAt(p.t, value[string](p, "location.href"))
}

// resting waits until the address has been the same for a while.
func (p *tab) resting() {
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

// TestFormulasAnyhow: whatever is clicked and typed, in any order, nothing fails in the page.
// visit looks at the console.
func TestFormulasAnyhow(t *testing.T) {
	for name, open := range map[string]func(*testing.T) *tab{"attention": attention, "gemm": gemm, "rasp": raspPage} {
		t.Run(name, func(t *testing.T) {
			p := open(t)
			did := value[int](p, `(async () => {
				let seed = 7, did = 0;
				const random = n => (seed = (seed * 1103515245 + 12345) % 2147483648) % n;
				const junk = ["", "0", "-1", "1e9", "3.5", "abc", "cabbage", "999999999999", "[", "<b>x</b>", "é", "31415926535", "answer = tokens;", "answer = 1/0;", "{{{"];
				for (let i = 0; i < 250; i++) {
					const all = [...document.querySelectorAll("main button, main select, main input, main textarea, main summary, main [tabindex], main td")].filter(e => e.textContent !== "Measure" && !e.disabled);
					const e = all[random(all.length)];
					if (e.matches("select")) e.selectedIndex = random(e.options.length);
					else if (e.matches("input[type=range]")) e.value = String(Number(e.min) + random(1000) / 1000 * (e.max - e.min));
					else if (e.matches("input[type=number]")) e.value = ["", "0", "-1", "1e9", "3.5", "1e300"][random(6)];
					else if (e.matches("input:not([type=checkbox]), textarea")) e.value = junk[random(junk.length)];
					else { e.click?.(); e.dispatchEvent(new KeyboardEvent("keydown", { key: ["ArrowUp", "ArrowLeft", "ArrowRight"][random(3)], bubbles: true })); }
					if (e.form) e.form.requestSubmit();
					e.dispatchEvent(new Event("input", { bubbles: true })); e.dispatchEvent(new Event("change", { bubbles: true }));
					if (i % 5 === 0) await new Promise(done => setTimeout(done, 30));
					did++;
				}
				return did; })()`)
			if did != 250 {
				t.Errorf("%d of 250", did)
			}
			p.resting()
			p.again()
		})
	}
}

// TestFormulasForgedLinks: a link with a state that no page has opens the page.
func TestFormulasForgedLinks(t *testing.T) {
	p := attention(t)
	for page, state := range map[string]string{
		"attention": `{query: [1], keys: [[1, 2], ["a"]], values: "x", sharpness: -4, words: 99, order: 0.5, program: "nothing", head: "9.9", at: -3.5, name: "<i>"}`,
		"gemm":      `{n: 1000, tile: -1, step: -2.5, size: 1e9, peak: -1, bandwidth: null, roofTile: 5, side: 1e6}`,
		"rasp":      `{program: "constructor", input: "<img src=x>", at: 1e9, puzzle: "__proto__", text: "x"}`,
	} {
		fragment := value[string](p, `(async () => {
			const bytes = new Uint8Array(await new Response(new Blob([JSON.stringify(`+state+`)]).stream().pipeThrough(new CompressionStream("deflate-raw"))).arrayBuffer());
			return "#v1." + btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", ""); })()`)
		opened := visit(t, page+".html"+fragment)
		opened.until(`document.querySelectorAll("main .panel").length > 2 && document.querySelector("main .panel select, main .panel textarea")`)
		if injected := value[int](opened, `document.querySelectorAll("main img").length`); injected != 0 {
			t.Error("text of the link became elements")
		}
	}
}
