package e2e

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// The input, keys, links, downloads.

func TestPlaygroundTokens(t *testing.T) {
	p := playground(t)
	p.move("#input-field", "ba")
	p.becomes("sorted", "a b")
	p.click(`.token[aria-label="Add c"]`)
	p.becomes("sorted", "a b c")
	p.click(`.token[aria-label="Remove the last token"]`)
	p.becomes("sorted", "a b")
	p.click(".example")
	p.becomes("sorted", "a a b c e g h")
}

func TestPlaygroundBrackets(t *testing.T) {
	p := playground(t)
	p.open("dyck2")
	p.hasRow("verdict")
	p.move("#input-field", "[](")
	p.until(`document.getElementById("input-field").getAttribute("aria-invalid") === "true"`)
	p.click("#input-says button")
	p.becomes("verdict", "P T P")
	p.move("#input-field", "")
	p.click(`.token[aria-label="Add ["]`)
	p.becomes("verdict", "P")
	p.wants("the input", value[string](p, `document.getElementById("input-field").value`), `["["]`)
}

func TestPlaygroundOutside(t *testing.T) {
	p := playground(t)
	p.move("#input-field", "zb")
	p.becomes("sorted", "b z")
	p.until(`document.getElementById("input-says").textContent.includes('"z" (position 0) is not in the vocabulary')`)
	p.move("#input-field", "[1,")
	p.until(`document.getElementById("input-says").className === "says bad"`)
	p.until(`document.querySelector(".values.old")`)
	p.move("#input-field", "b")
	p.becomes("sorted", "b")
	p.wants("what is said", p.text("#input-says"), "")
}

func TestPlaygroundTabsByKeyboard(t *testing.T) {
	p := playground(t)
	p.click("#tab-values")
	p.keys(kb.ArrowRight)
	p.until(`document.activeElement.id === "tab-flow" && !document.getElementById("view-flow").hidden && document.getElementById("view-values").hidden`)
	p.keys("4", chromedp.ModifierAlt)
	p.until(`document.getElementById("tab-puzzle").getAttribute("aria-selected") === "true"`)
	p.keys("p", chromedp.ModifierAlt)
	p.until(`document.activeElement.classList.contains("cm-content")`)
	p.keys("\t")
	p.until(`!document.activeElement.classList.contains("cm-content")`)
	p.wants("the program", p.program()[:10], "# The toke")
}

func TestPlaygroundKeys(t *testing.T) {
	p := playground(t)
	p.click("#tab-values")
	p.keys("?")
	p.until(`document.getElementById("help").open`)
	p.keys(kb.Escape)
	p.until(`!document.getElementById("help").open`)
	p.click("#keys")
	p.until(`document.getElementById("help").open`)
}

func TestPlaygroundLink(t *testing.T) {
	p := playground(t)
	p.write("é = 1;\n" + shiftRight)
	p.move("#input-field", "cab")
	p.view("flow")
	p.until(`document.querySelector(".paper")`)
	p.click("#share")
	p.until(`location.hash.startsWith("#v1.")`)
	link := value[string](p, `location.href`)
	q := visit(t, strings.TrimPrefix(link, shared.address))
	q.until(`document.getElementById("tab-flow").getAttribute("aria-selected") === "true"`)
	q.wants("the program", q.program(), p.program())
	q.wants("the input", value[string](q, `document.getElementById("input-field").value`), "cab")
	broken := visit(t, "index.html#v1.broken")
	broken.until(`document.getElementById("status").textContent.includes("cannot be read")`)
	broken.hasRow("sorted")
}

// TestPlaygroundAddress: the address follows what is typed, without a key pressed.
func TestPlaygroundAddress(t *testing.T) {
	p := playground(t)
	p.until(`location.hash.startsWith("#v1.")`)
	before := value[string](p, `location.hash`)
	p.move("#input-field", "hgfe")
	p.until(fmt.Sprintf(`location.hash !== %q`, before))
	after := value[string](p, `location.hash`)
	value[bool](p, fmt.Sprintf(`(location.hash = %q, true)`, before))
	p.until(`document.getElementById("input-field").value === "gabeach"`)
	value[bool](p, fmt.Sprintf(`(location.hash = %q, true)`, after))
	p.becomes("sorted", "e f g h")
}

// downloaded is the text of what a button of the menu gives.
func (p *tab) downloaded(title string) string {
	p.t.Helper()
	value[bool](p, `(() => { window.given = null; const make = URL.createObjectURL; URL.createObjectURL = b => { if (b.type !== "image/svg+xml" || !window.wantsPNG) window.given = b; return make(b); }; HTMLAnchorElement.prototype.click = () => {}; return true; })()`)
	p.click(".menu summary")
	value[bool](p, fmt.Sprintf(`([...document.querySelectorAll(".menu .items button")].find(b => b.textContent === %q).click(), true)`, title))
	p.until(`window.given`)
	return value[string](p, `window.given.text()`)
}

func TestPlaygroundDownloads(t *testing.T) {
	p := playground(t)
	p.wants("the program", p.downloaded("Program (.rasp)")[:30], "# The tokens in alphabetical o")
	if svg := p.downloaded("Picture (.svg)"); !strings.HasPrefix(svg, "<svg") {
		t.Errorf("the picture begins with %.40q", svg)
	}
	if csv := p.downloaded("Values (.csv)"); !strings.Contains(csv, "\nplace,,5,0,2,4,1,3,6\n") || !strings.Contains(csv, "\nsmaller,0,0,1,1,1,1,1,0\n") {
		t.Errorf("the values are %q", csv)
	}
	var book struct {
		Format int `json:"nbformat"`
		Cells  []struct{ Source []string }
	}
	if err := json.Unmarshal([]byte(p.downloaded("Notebook (.ipynb)")), &book); err != nil || book.Format != 4 || len(book.Cells) != 10 {
		t.Errorf("the notebook: %v, %d cells", err, len(book.Cells))
	}
	value[bool](p, `(window.wantsPNG = true)`)
	p.downloaded("Picture (.png)")
	p.wants("the kind of the picture", value[string](p, `window.given.type`), "image/png")
}

func TestPlaygroundTheme(t *testing.T) {
	p := playground(t)
	before := value[string](p, `getComputedStyle(document.body).backgroundColor`)
	p.click("#theme")
	p.until(fmt.Sprintf(`getComputedStyle(document.body).backgroundColor !== %q`, before))
	value[bool](p, `(localStorage.removeItem("rasp-theme"), true)`)
}

// TestPlaygroundSlowMenu: what is done while a program is opened stays.
func TestPlaygroundSlowMenu(t *testing.T) {
	p := playground(t)
	p.open("sort")
	value[bool](p, `(() => {
		const ask = window.fetch;
		window.slow = 0;
		window.fetch = async (...a) => {
			const answer = await ask(...a);
			if (String(a[1]?.body).includes('"input":""') && window.slow++ === 0) { await new Promise(done => setTimeout(done, 600)); window.late = true; }
			return answer;
		};
		return true;
	})()`)
	p.open("dyck2") // its answer comes after that of the next
	p.open("histogram")
	p.move("#input-field", "abba")
	p.until(`window.late`)
	p.becomes("histogram", "2 2 2 2")
	p.wants("the menu", value[string](p, `document.getElementById("menu").value`), "histogram")
	p.wants("the input", value[string](p, `document.getElementById("input-field").value`), "abba")
}
