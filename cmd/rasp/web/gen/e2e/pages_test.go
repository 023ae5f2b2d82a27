package e2e

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// widths are those of a phone, a tablet and a desk.
var widths = []int64{360, 768, 1280}

var pages = []string{"index", "rasp", "attention", "perplexity", "gemm", "scaling"}

// TestWidths: no page is wider than the window.
func TestWidths(t *testing.T) {
	for _, page := range pages {
		t.Run(page, func(t *testing.T) {
			p := visit(t, page+".html")
			for _, width := range widths {
				p.do(chromedp.EmulateViewport(width, 800))
				if wide := value[int64](p, "document.documentElement.scrollWidth"); wide > width {
					t.Errorf("at %d the page is %d wide", width, wide)
				}
				p.shot(page)
			}
		})
	}
}
