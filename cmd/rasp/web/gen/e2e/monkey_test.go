package e2e

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

var (
	monkeyTime = flag.Duration("monkey", 4*time.Second, "how long a page is clicked and typed on at random")
	monkeySeed = flag.Uint64("seed", 1, "of the clicks")
)

// act does something to the element of a number among all that can be used, and says what.
const act = `(n, m) => {
  const usable = [...document.querySelectorAll("main button, main input, main select, main textarea, main summary, main [tabindex='0'], main td, main svg rect, .cm-content")]
    .filter(x => x.getClientRects().length && !x.disabled && !/download|save|print/i.test(x.textContent + x.title + (x.getAttribute("aria-label") ?? "")));
  if (!usable.length) return "nothing";
  const x = usable[n % usable.length], name = x.tagName + (x.id ? "#" + x.id : "") + " " + (x.getAttribute("aria-label") ?? x.textContent ?? "").slice(0, 30);
  if (x.type === "range") { x.value = Number(x.min || 0) + (m % 101) / 100 * (Number(x.max || 100) - Number(x.min || 0)); x.dispatchEvent(new Event("input", {bubbles: true})); x.dispatchEvent(new Event("change", {bubbles: true})); }
  else if (x.tagName === "SELECT") { x.selectedIndex = m % Math.max(1, x.options.length); x.dispatchEvent(new Event("input", {bubbles: true})); x.dispatchEvent(new Event("change", {bubbles: true})); }
  else if (x.isContentEditable || x.tagName === "TEXTAREA" || x.tagName === "INPUT" && !["checkbox", "radio", "button", "submit", "file"].includes(x.type)) { x.focus(); return "type " + name; }
  else if (x.type !== "file") x.dispatchEvent(new MouseEvent("click", {bubbles: true, cancelable: true}));
  return name;
}`

// typed are what a monkey writes.
var typed = []string{"a", "x = 1;", "\n", "select(", ")", "aggregate(", "\"", "é😀", "#", "{", "}", "\b", "\b\b\b", "1e9", "-1", ";", " ", "for", "==", "0.5", "[1, 2]", "#rasp:length 300\n", "cabbage"}

// TestMonkey: whatever is clicked and typed, nothing goes wrong on the console, and the page
// still answers.
func TestMonkey(t *testing.T) {
	for i, page := range pages {
		t.Run(page, func(t *testing.T) {
			p := visit(t, page+".html")
			random := rand.New(rand.NewPCG(*monkeySeed, uint64(i)))
			var log []string
			defer func() {
				if t.Failed() {
					t.Logf("the last of what was done: %q", log[max(0, len(log)-40):])
				}
			}()
			for end := time.Now().Add(*monkeyTime); time.Now().Before(end); {
				did := value[string](p, fmt.Sprintf("(%s)(%d, %d)", act, random.IntN(1<<20), random.IntN(1<<20)))
				if len(did) > 4 && did[:5] == "type " {
					text := typed[random.IntN(len(typed))]
					p.do(chromedp.KeyEvent(text))
					did += fmt.Sprintf(" %q", text)
				}
				log = append(log, did)
				time.Sleep(time.Duration(random.IntN(60)) * time.Millisecond)
			}
			p.until(`document.getElementById("engine").textContent.startsWith("rasp ")`)
		})
	}
}
