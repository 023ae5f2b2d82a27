package e2e

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

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

// printed is what rasp prints: it runs rasp, as a user does.
func printed(t *testing.T, arguments ...string) string {
	t.Helper()
	rasp, err := program()
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(rasp, arguments...).Output()
	if err != nil {
		t.Fatalf("rasp %v: %v", arguments, err)
	}
	return string(out)
}

const shiftRight = "#rasp:vocab \"abcé😀\"\n#rasp:length 8\nleft = select(indices, indices - 1, ==);\nshifted = aggregate(left, tokens, \"-\");\n"

func TestPlaygroundBegins(t *testing.T) {
	p := playground(t)
	p.wants("input", value[string](p, `document.getElementById("input-field").value`), "gabeach")
	p.wants("sorted", p.row("sorted"), "a a b c e g h")
	p.wants("place", p.row("place"), "5 0 2 4 1 3 6")
	if got := value[string](p, `document.querySelector('[data-name="smaller"] svg').getAttribute("aria-label")`); !strings.HasPrefix(got, "smaller: 20 of 49 selected. 0 g: 1 a, 2 b, 3 e, 4 a, 5 c;") {
		t.Errorf("smaller is told as %q", got)
	}
	p.wants("the menu", value[string](p, `document.getElementById("menu").value`), "sort")
}

// TestPlaygroundEqualsRun: the values on the page are those of rasp run, for all ready-made
// programs.
func TestPlaygroundEqualsRun(t *testing.T) {
	p := playground(t)
	for _, name := range []string{"sort", "dyck2", "histogram", "reverse", "parity", "addition", "induction", "majority", "subleq", "counting"} {
		p.open(name)
		p.until(`document.querySelector("#menu option:checked").textContent.endsWith(": " + document.querySelector(".cm-line").textContent.slice(2))`)
		p.until(`document.querySelector(".example")?.textContent === document.getElementById("input-field").value`)
		input := value[string](p, `document.getElementById("input-field").value`)
		var ran struct{ Output []any }
		if err := json.Unmarshal([]byte(printed(t, "run", name, input, "--json")), &ran); err != nil {
			t.Fatal(err)
		}
		want := strings.Join(asShown(ran.Output), " ")
		p.until(fmt.Sprintf(`[...document.querySelectorAll("tr.output")].some(r => [...r.querySelectorAll("td")].map(x => x.textContent).join(" ") === %q)`, want))
	}
}

// asShown are values of a sequence as they are shown.
func asShown(list []any) []string {
	var texts []string
	for _, x := range list {
		switch x := x.(type) {
		case bool:
			texts = append(texts, map[bool]string{true: "T", false: "F"}[x])
		case string:
			if strings.TrimSpace(x) == "" {
				x = fmt.Sprintf("%q", x)
			}
			texts = append(texts, x)
		default:
			texts = append(texts, fmt.Sprint(x))
		}
	}
	return texts
}

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

func TestPlaygroundEveryStep(t *testing.T) {
	p := playground(t)
	if value[bool](p, `Boolean(document.querySelector('[data-name="select(tokens, tokens, ==)"]'))`) {
		t.Error("a part of a selector is shown before it is asked for")
	}
	p.click(".choices input")
	p.hasRow("select(tokens, tokens, ==)")
}

func TestPlaygroundTables(t *testing.T) {
	p := playground(t)
	p.click(".choices label:nth-child(2) input")
	p.until(`document.querySelector('[data-name="smaller"] table')`)
	p.wants("the first row", value[string](p, `[...document.querySelectorAll('[data-name="smaller"] tbody tr:first-child td')].map(x => x.textContent).join("")`), "0111110")
}

func TestPlaygroundPointing(t *testing.T) {
	p := playground(t)
	p.do(chromedp.ScrollIntoView(chromedp.CSS(`[data-name="place"]`)))
	at := value[[]float64](p, `(() => { const b = document.querySelector('[data-name="place"]').getBoundingClientRect(); return [b.x + 20, b.y + 8]; })()`)
	p.do(chromedp.MouseEvent(chromedp.MouseMoved, at[0], at[1]))
	p.until(`document.querySelector(".cm-line.pointed-line")?.textContent.startsWith("place = ")`)
	p.click(`[data-name="sorted"] button`)
	p.until(`getSelection().toString() === "sorted"`)
	p.until(`document.querySelector('tr.here[data-name="sorted"]')`)
}

func TestPlaygroundMatrix(t *testing.T) {
	p := playground(t)
	at := value[[]float64](p, `(() => { const b = document.querySelector('[data-name="smaller"] svg .ground').getBoundingClientRect(); return [b.x + 18 * 1.5, b.y + 9]; })()`)
	p.do(chromedp.MouseEvent(chromedp.MouseMoved, at[0], at[1]))
	p.until(`document.querySelector('[data-name="smaller"] .under').textContent === "g at 0 looks at a at 1"`)
}

func TestPlaygroundFlow(t *testing.T) {
	p := playground(t)
	p.view("flow")
	p.until(`document.querySelector(".paper svg")`)
	svg := value[string](p, `[...document.querySelectorAll(".paper svg text")].map(x => x.textContent).join(" ")`)
	file := filepath.Join(t.TempDir(), "flow.svg")
	printed(t, "draw", "sort", "gabeach", "-o", file)
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	want := value[string](p, fmt.Sprintf(`[...new DOMParser().parseFromString(%q, "image/svg+xml").querySelectorAll("text")].map(x => x.textContent).join(" ")`, content))
	p.wants("the picture", svg, want)
	p.move("#input-field", "ba")
	p.until(`[...document.querySelectorAll(".paper svg text")].some(x => x.textContent.includes('"ba"'))`)
	p.write("x = ;")
	p.until(`document.querySelector(".paper .fault")`)
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

func TestPlaygroundPuzzle(t *testing.T) {
	p := playground(t)
	p.open("puzzle:shift")
	p.until(`document.querySelector(".puzzle h2")?.textContent.startsWith("3. ")`)
	p.click("#check")
	p.until(`document.querySelector(".verdict .bad")`)
	if got := p.text(".verdict"); !strings.Contains(got, "differs at position 0") {
		t.Errorf("the verdict is %q", got)
	}
	p.write(shiftRight[strings.Index(shiftRight, "left"):] + "answer = shifted;")
	p.click("#check")
	p.until(`document.querySelector(".verdict .good")`)
	folder := t.TempDir()
	file := filepath.Join(folder, "shift.rasp")
	if err := os.WriteFile(file, []byte(p.program()), 0o644); err != nil {
		t.Fatal(err)
	}
	said := printed(t, "puzzle", "shift", file)
	verdict := p.text(".verdict")
	tried := value[string](p, `document.querySelector(".verdict .good").textContent.replace("✓ Solved: ", "")`)
	if !strings.Contains(said, tried) {
		t.Errorf("the page says %q, the command %q", tried, said)
	}
	if !strings.Contains(verdict, "Your model: 1 layer, 1 head, ") {
		t.Errorf("the verdict is %q", verdict)
	}
}

func TestPlaygroundHints(t *testing.T) {
	p := playground(t)
	p.open("puzzle:caesar")
	p.until(`document.querySelector(".hints details")`)
	p.click(".hints summary")
	p.until(`document.querySelector(".hints details").open`)
	p.click(".examples button")
	p.until(`document.getElementById("input-field").value !== ""`)
	p.click("#check")
	p.until(`document.querySelector("#use")`)
	p.click("#use")
	p.until(`document.getElementById("tab-values").getAttribute("aria-selected") === "true"`)
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

func TestPlaygroundPrediction(t *testing.T) {
	p := playground(t)
	p.open("copying")
	p.until(`document.querySelector(".values table.heat")`)
	sum := value[float64](p, `[...document.querySelectorAll(".values table.heat tbody tr")].reduce((s, r) => s + Number(r.lastChild.title.split(": ")[1]), 0)`)
	if sum < 0.999 || sum > 1.001 {
		t.Errorf("the probabilities after the last position are %g in all", sum)
	}
}

func TestPlaygroundUndo(t *testing.T) {
	p := playground(t)
	p.open("reverse")
	p.until(`document.getElementById("menu").value === "reverse"`)
	p.click(".cm-content")
	p.pressOn("z", "ctrlKey: true")
	p.until(`document.getElementById("menu").value === "sort"`)
}

func TestPlaygroundTheme(t *testing.T) {
	p := playground(t)
	before := value[string](p, `getComputedStyle(document.body).backgroundColor`)
	p.click("#theme")
	p.until(fmt.Sprintf(`getComputedStyle(document.body).backgroundColor !== %q`, before))
	value[bool](p, `(localStorage.removeItem("rasp-theme"), true)`)
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
	p.write("x = indices;\nfor i in range(400) {\n    x = x + aggregate(select(indices, indices, <=), x * i);\n}\n")
	p.move("#input-field", strings.Repeat("a", 256))
	p.until(`document.querySelector("#status button, tr.output")`)
}

var views = []string{"values", "flow", "model", "puzzle"}

// TestPlaygroundAccess: axe finds nothing serious, in any view, light or dark.
func TestPlaygroundAccess(t *testing.T) {
	axe, err := os.ReadFile("../../node_modules/axe-core/axe.min.js")
	if err != nil {
		t.Skip("axe-core is not installed: npm ci in cmd/rasp/web does that")
	}
	p := playground(t)
	p.open("puzzle:shift")
	p.until(`document.querySelector(".puzzle h2")`)
	p.write("#rasp:output y\nx = selct(tokens, tokens, ==);\ny = tokens;")
	p.until(`document.querySelector(".faults li")`)
	value[bool](p, string(axe)+"; true")
	for _, theme := range []string{"light", "dark"} {
		for _, view := range views {
			p.view(view)
			value[bool](p, fmt.Sprintf(`(document.documentElement.dataset.theme = %q, true)`, theme))
			found := value[[]string](p, `axe.run(document, {resultTypes: ["violations"]}).then(r => r.violations.filter(v => ["serious", "critical"].includes(v.impact)).map(v => v.id + ": " + v.nodes.map(n => n.html.slice(0, 120)).join(" | ")))`)
			if len(found) > 0 {
				t.Errorf("%s, %s:\n%s", view, theme, strings.Join(found, "\n"))
			}
		}
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
