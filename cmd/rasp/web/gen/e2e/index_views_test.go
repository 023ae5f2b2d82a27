package e2e

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// What the views show: values, the flow, puzzles.

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
		if err := json.Unmarshal([]byte(command(t, "", "run", name, input, "--json")), &ran); err != nil {
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
	command(t, "", "draw", "sort", "gabeach", "-o", file)
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
	said := command(t, "", "puzzle", "shift", file)
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

func TestPlaygroundPrediction(t *testing.T) {
	p := playground(t)
	p.open("copying")
	p.until(`document.querySelector(".values table.heat")`)
	sum := value[float64](p, `[...document.querySelectorAll(".values table.heat tbody tr")].reduce((s, r) => s + Number(r.lastChild.title.split(": ")[1]), 0)`)
	if sum < 0.999 || sum > 1.001 {
		t.Errorf("the probabilities after the last position are %g in all", sum)
	}
}
