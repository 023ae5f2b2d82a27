package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// What is written in the editor, and what the engine says to it.

func TestPlaygroundTyping(t *testing.T) {
	p := playground(t)
	p.write("twice = indices * 2;")
	p.becomes("twice", "0 2 4 6 8 10 12")
	p.keys(" third = indices / 3;")
	p.becomes("third", "0.0 0.333 0.667 1.0 1.333 1.667 2.0")
	p.wants("the menu", value[string](p, `document.getElementById("menu").value`), "")
}

func TestPlaygroundUnicode(t *testing.T) {
	p := playground(t)
	p.write("# é 😀 é\n" + shiftRight + "# é😀\nx = selct(tokens, tokens, ==);")
	p.move("#input-field", "aé😀b")
	p.becomes("shifted", "- a é 😀")
	p.until(`document.querySelector(".faults li.error")`)
	p.until(`document.querySelector(".cm-lintRange-error")`)
	p.click(".faults .place")
	p.until(`getSelection().toString().length > 0`)
	p.click(".faults .fix")
	p.until(`![...document.querySelectorAll(".cm-line")].some(x => x.textContent.includes("selct"))`)
	p.wants("the last line", p.program()[strings.LastIndex(p.program(), "\n")+1:], "x = select(tokens, tokens, ==);")
	p.until(`!document.querySelector(".faults li.error")`)
}

func TestPlaygroundFaults(t *testing.T) {
	p := playground(t)
	p.write("same = select(tokens, tokens, ==);\nn = same + 1;")
	p.until(`document.querySelector(".faults li.error")`)
	if got := p.text(".faults li"); !strings.Contains(got, "Line 2") || !strings.Contains(got, "selector_width(same)") {
		t.Errorf("the fault is %q", got)
	}
	p.hasRow("same")
}

func TestPlaygroundHover(t *testing.T) {
	p := playground(t)
	at := value[[]float64](p, `(() => { const line = [...document.querySelectorAll(".cm-line")].find(x => x.textContent.startsWith("place")); const r = document.createRange(); r.setStart(line.firstChild, 1); r.setEnd(line.firstChild, 2); const b = r.getBoundingClientRect(); return [b.x + 2, b.y + 5]; })()`)
	p.do(chromedp.MouseEvent(chromedp.MouseMoved, at[0]-1, at[1]), chromedp.MouseEvent(chromedp.MouseMoved, at[0], at[1]))
	p.until(`document.querySelector(".cm-tooltip-hover")`)
	if got := p.text(".cm-tooltip-hover"); !strings.Contains(got, "place: s-op of ints") || !strings.Contains(got, "[5, 0, 2, 4, 1, 3, 6]") {
		t.Errorf("the hover says %q", got)
	}
	p.until(`document.querySelector('tr.here[data-name="place"]')`)
}

func TestPlaygroundCompletion(t *testing.T) {
	p := playground(t)
	p.write("zebra = tokens;\nb = ze")
	p.keys("b")
	p.until(`[...document.querySelectorAll(".cm-tooltip-autocomplete li")].some(x => x.textContent.startsWith("zebra"))`)
	value[bool](p, `new Promise(done => setTimeout(() => done(true), 200))`) // a list that just came takes no keys
	p.pressOn("Enter", "")
	p.until(`[...document.querySelectorAll(".cm-line")].some(x => x.textContent === "b = zebra")`)
}

func TestPlaygroundSignature(t *testing.T) {
	p := playground(t)
	p.write("x = ")
	p.keys("select(tokens, ")
	p.until(`document.querySelector(".said.call b")`)
	p.until(`document.querySelector(".said.call b").textContent === "query"`)
}

func TestPlaygroundFormat(t *testing.T) {
	p := playground(t)
	p.write("x=tokens;y   =x ;")
	p.click("#format")
	p.until(`document.querySelector(".cm-line").textContent === "x = tokens;"`)
	p.write("x = (")
	p.click("#format")
	p.until(`document.getElementById("status").textContent !== ""`)
}

func TestPlaygroundDefinition(t *testing.T) {
	p := playground(t)
	p.write("first = tokens;\nsecond = first")
	p.keys(kb.F12)
	p.until(`getSelection().toString() === "first"`)
}

func TestPlaygroundUndo(t *testing.T) {
	p := playground(t)
	p.open("reverse")
	p.until(`document.getElementById("menu").value === "reverse"`)
	p.click(".cm-content")
	p.pressOn("z", "ctrlKey: true")
	p.until(`document.getElementById("menu").value === "sort"`)
}

// TestPlaygroundNoScripts: what a program says stays text.
func TestPlaygroundNoScripts(t *testing.T) {
	p := playground(t)
	p.write("x = \"<img src=x onerror=window.bad=1>\" if tokens == \"a\" else \"<b>\";")
	p.move("#input-field", "ab")
	p.becomes("x", "<img src=x onerror=window.bad=1> <b>")
	p.view("flow")
	p.until(`document.querySelector(".paper svg")`)
	if value[bool](p, `Boolean(window.bad || document.querySelector("#views img, #views b"))`) {
		t.Error("a value became an element")
	}
}

// TestPlaygroundManyKeys: after many keys the page shows the last state.
func TestPlaygroundManyKeys(t *testing.T) {
	p := playground(t)
	p.write("x = indices")
	for i := range 30 {
		p.keys(fmt.Sprintf(" + %d", i%10))
	}
	p.keys(";")
	p.becomes("x", "135 136 137 138 139 140 141")
}

// TestPlaygroundCancel: what takes long says so, and can be ended.
func TestPlaygroundCancel(t *testing.T) {
	p := playground(t)
	var b strings.Builder
	for i := range 10 {
		fmt.Fprintf(&b, "a%d = [i * i for i in range(400000)];\n", i)
	}
	p.write(b.String() + "x = tokens;")
	p.click("#status button")
	p.until(`document.querySelector(".values .fault")?.textContent === "Cancelled."`)
	p.write("x = indices;")
	p.becomes("x", "0 1 2 3 4 5 6")
}
