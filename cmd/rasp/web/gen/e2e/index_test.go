package e2e

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
)

// The playground: what its tests are made of. index_editor_test.go, index_views_test.go,
// index_page_test.go and index_looks_test.go have the tests.

// playground opens the first page and waits for the values of its program.
func playground(t *testing.T) *tab {
	t.Helper()
	p := visit(t, "index.html")
	p.hasRow("sorted")
	return p
}

// hasRow waits for an s-op or a selector among the values.
func (p *tab) hasRow(name string) {
	p.t.Helper()
	p.until(fmt.Sprintf(`document.querySelector('.values:not(.old) [data-name=%q]')`, name))
}

// row is what stands in the row of an s-op.
func (p *tab) row(name string) string {
	p.t.Helper()
	return value[string](p, fmt.Sprintf(`[...document.querySelectorAll('[data-name=%q] td')].map(x => x.textContent).join(" ")`, name))
}

// becomes waits for the row of an s-op to have these values.
func (p *tab) becomes(name, values string) {
	p.t.Helper()
	p.until(fmt.Sprintf(`[...document.querySelectorAll('[data-name=%q] td')].map(x => x.textContent).join(" ") === %q`, name, values))
}

// write puts a text in place of the program, as if it were pasted.
func (p *tab) write(text string) {
	p.t.Helper()
	p.click(".cm-content")
	value[bool](p, fmt.Sprintf(`document.execCommand("selectAll") && document.execCommand("insertText", false, %q)`, text))
}

// keys presses keys one by one.
func (p *tab) keys(keys string, modifiers ...chromedp.Modifier) {
	p.t.Helper()
	p.do(chromedp.KeyEvent(keys, chromedp.KeyModifiers(modifiers...)))
}

// pressOn presses a key that the page has for itself, so that the browser does nothing.
func (p *tab) pressOn(key, with string) {
	p.t.Helper()
	value[bool](p, fmt.Sprintf(`document.activeElement.dispatchEvent(new KeyboardEvent("keydown", {key: %q, code: %q, bubbles: true, cancelable: true, %s})) || true`, key, key, with))
}

// program is the text in the editor.
func (p *tab) program() string {
	p.t.Helper()
	return value[string](p, `[...document.querySelectorAll(".cm-line")].map(x => x.textContent).join("\n")`)
}

func (p *tab) open(menu string) {
	p.t.Helper()
	p.until(`document.querySelector("#menu option[value=sort]")`)
	p.move("#menu", menu)
}

func (p *tab) view(name string) {
	p.t.Helper()
	p.click("#tab-" + name)
}

func (p *tab) wants(what, got, want string) {
	p.t.Helper()
	if got != want {
		p.t.Errorf("%s: %q, not %q", what, got, want)
	}
}

const shiftRight = "#rasp:vocab \"abcé😀\"\n#rasp:length 8\nleft = select(indices, indices - 1, ==);\nshifted = aggregate(left, tokens, \"-\");\n"
