package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func raspPage(t *testing.T) *tab {
	p := visit(t, "rasp.html")
	p.until(`document.getElementById("agrees")?.textContent && document.querySelector("#puzzle textarea")`)
	return p
}

func TestRASPLooks(t *testing.T) { raspPage(t).looks("rasp") }

func TestRASPAccessible(t *testing.T) {
	p := raspPage(t)
	p.click("#check")
	p.until(`document.querySelector("#verdict table")`)
	p.isAccessible()
}

// TestRASPWalk: the means are those of rasp run, step by step.
func TestRASPWalk(t *testing.T) {
	p := raspPage(t)
	if says := p.text("#says"); says != "Position 3 selects 3 positions, and gets their mean: (3 + 1 + 4) / 3 = 2.667." {
		t.Error(says)
	}
	if colour := value[string](p, `getComputedStyle(document.querySelectorAll("#walk table.heat tr")[2].querySelector("td")).backgroundColor`); colour == "rgba(0, 0, 0, 0)" {
		t.Error("a cell that is selected has no colour")
	}
	p.press("walk", "Next position")
	p.until(`document.getElementById("says").textContent.endsWith("/ 4 = 2.25.")`)
	folder := t.TempDir()
	text := value[string](p, `document.querySelector("#walk pre").textContent`)
	if err := os.WriteFile(filepath.Join(folder, "before.rasp"), []byte(text+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if out := command(t, folder, "run", "before.rasp", "31415"); !strings.Contains(out, "["+value[string](p, `[...document.querySelectorAll("#walk td.result")].map(td => td.textContent).join(", ")`)+"]") {
		t.Errorf("rasp run says %s", out)
	}
	if out := command(t, folder, "trace", "before.rasp", "31415", "--head", "0.0", "--position", "4"); !strings.Contains(out, "0 3 0.25  ▃ 1 1 0.25  ▃ 2 4 0.25  ▃ 3 1 0.25") {
		t.Errorf("rasp trace says\n%s", out)
	}
	for range 4 {
		p.press("walk", "Back")
	}
	p.until(`document.getElementById("says").textContent === "Position 0 selects nothing, so it gets the default: 0."`)
}

func TestRASPShift(t *testing.T) {
	p := raspPage(t)
	p.click("#program-previous")
	p.until(`document.getElementById("says").textContent === "Position 3 selects position 2, and gets its value: c."`)
	p.until(`document.getElementById("agrees").textContent.startsWith("✓ Model and interpreter agree: shifted is [-, f, a, c, a, d].")`)
	p.move("#walk input", "abba")
	p.until(`document.getElementById("agrees").textContent.includes("[-, a, b, b]")`)
	p.move("#walk input", "xyz")
	p.until(`document.querySelector("#walk [role=alert]")?.textContent.includes("vocabulary")`)
	p.move("#walk input", "ab")
	p.until(`document.getElementById("agrees").textContent.includes("[-, a]") && !document.querySelector("#walk [role=alert]")`)
}

func TestRASPExercises(t *testing.T) {
	p := raspPage(t)
	for _, c := range []struct {
		number       int
		wrong, right string
	}{{0, "4.5", "3.33"}, {1, "36", "28"}} {
		if said := p.answer(c.number, c.wrong); !strings.HasPrefix(said, "✗") {
			t.Errorf("exercise %d, %s: %s", c.number, c.wrong, said)
		}
		if c.number == 0 {
			c.right = "3.333"
		}
		if said := p.answer(c.number, c.right); !strings.HasPrefix(said, "✓") {
			t.Errorf("exercise %d, %s: %s", c.number, c.right, said)
		}
	}
}

// TestRASPPuzzle: a wrong solution gets a counterexample, a right one its sizes, as rasp
// puzzle has them.
func TestRASPPuzzle(t *testing.T) {
	p := raspPage(t)
	p.click("#check")
	p.until(`document.querySelector("#verdict .bad")?.textContent === '✗ It is wrong on a, at position 0.'`)
	p.move("#puzzle textarea", "previous = select(indices, indices - 1, ==);\nanswer = aggregate(previous, tokens);")
	p.click("#check")
	p.until(`document.querySelector("#verdict")?.textContent.includes("previous: position 0 selects nothing")`)
	p.shot("counterexample")
	p.move("#puzzle textarea", "answer = tokens")
	p.click("#check")
	p.until(`document.querySelector("#verdict pre.fault")?.textContent.includes("statements end with a semicolon")`)
	right := "answer = aggregate(select(indices, indices - 1, ==), tokens, \"-\");"
	p.move("#puzzle textarea", right)
	p.click("#check")
	p.until(`document.querySelector("#verdict .good")?.textContent === "✓ Right on all 5,460 inputs that were tried."`)
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "mine.rasp"), []byte(right), 0o600); err != nil {
		t.Fatal(err)
	}
	out := command(t, folder, "puzzle", "shift", "mine.rasp")
	for _, part := range []string{"5460", "462"} {
		if !strings.Contains(out, part) {
			t.Errorf("rasp puzzle does not say %s:\n%s", part, out)
		}
	}
	if verdict := p.text("#verdict"); !strings.Contains(verdict, "1 layer, 1 head, 462 parameters") {
		t.Error(verdict)
	}
}

// TestRASPPuzzles: each has a text to begin with, which is wrong.
func TestRASPPuzzles(t *testing.T) {
	p := raspPage(t)
	for _, name := range []string{"caesar", "nth", "majority", "histogram"} {
		p.click(`[data-puzzle="` + name + `"]`)
		p.until(`document.querySelector("#puzzle textarea").value.includes("` + name + `:") && document.getElementById("verdict").textContent === ""`)
		p.click("#check")
		p.until(`document.querySelector("#verdict .bad")`)
	}
}

// TestRASPPlayground: a solution goes on in the playground.
func TestRASPPlayground(t *testing.T) {
	p := raspPage(t)
	p.move("#puzzle textarea", "answer = tokens;")
	before := value[string](p, `document.getElementById("play").href`)
	p.move("#puzzle textarea", "answer = indices;")
	p.until(`document.getElementById("play").href !== "` + before + `"`)
	link := value[string](p, `document.getElementById("play").href`)
	if !strings.Contains(link, "/index.html#v1.") {
		t.Error(link)
	}
	visitAt(t, link)
}

func TestRASPAddress(t *testing.T) {
	p := raspPage(t)
	p.click("#program-previous")
	p.move("#walk input", "head")
	p.click(`[data-puzzle="nth"]`)
	p.move("#puzzle textarea", "answer = indices; # mine")
	again := p.again()
	again.until(`document.getElementById("agrees")?.textContent.includes("[-, h, e, a]") && document.querySelector("#puzzle textarea")?.value === "answer = indices; # mine"`)
}

func TestRASPPrints(t *testing.T) { raspPage(t).prints() }
