package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// What the page looks like, and what a reader of screens finds.

var views = []string{"values", "flow", "model", "puzzle"}

// TestPlaygroundAccess: axe finds nothing serious, in any view, light or dark.
func TestPlaygroundAccess(t *testing.T) {
	p := playground(t)
	p.open("puzzle:shift")
	p.until(`document.querySelector(".puzzle h2")`)
	p.write("#rasp:output y\nx = selct(tokens, tokens, ==);\ny = tokens;")
	p.until(`document.querySelector(".faults li")`)
	for _, view := range views {
		p.view(view)
		p.isAccessible()
	}
}

// TestPlaygroundLooks: nothing is wider than a window; SHOTS has what it looks like.
func TestPlaygroundLooks(t *testing.T) {
	p := playground(t)
	for _, program := range []string{"sort", "dyck2", "copying", "puzzle:histogram"} {
		p.open(program)
		p.until(fmt.Sprintf(`document.getElementById("menu").value === %q`, program))
		for _, view := range []string{"values", "flow", "puzzle"} {
			p.view(view)
			p.until(`document.querySelector("#views > :not([hidden])").textContent.length > 10`)
			for _, width := range widths {
				p.do(chromedp.EmulateViewport(width, 800))
				if wide := value[int64](p, "document.documentElement.scrollWidth"); wide > width {
					t.Errorf("%s, %s: at %d the page is %d wide: %s", program, view, width, wide, value[string](p, fmt.Sprintf(`[...document.querySelectorAll("*")].filter(x => x.getBoundingClientRect().right > %d + 1).slice(0, 5).map(x => x.tagName + "." + x.className + "#" + x.id).join(", ")`, width)))
				}
				for _, theme := range []string{"light", "dark"} {
					value[bool](p, fmt.Sprintf(`(document.documentElement.dataset.theme = %q, true)`, theme))
					p.shot(fmt.Sprintf("%s-%s-%d-%s", strings.ReplaceAll(program, ":", "-"), view, width, theme))
				}
			}
		}
		p.view("values")
	}
}
