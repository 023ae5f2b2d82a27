package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

func attention(t *testing.T) *tab {
	p := visit(t, "attention.html")
	p.until(`document.getElementById("soft") && document.getElementById("recalled") && document.querySelector("#mask td.out") && document.getElementById("scores")`)
	return p
}

func TestAttentionLooks(t *testing.T) { attention(t).looks("attention") }

func TestAttentionAccessible(t *testing.T) { attention(t).isAccessible() }

// TestAttentionTable: at sharpness 0 softmax gives the mean of the values, at 100 what argmax
// gives; a value that is typed changes both.
func TestAttentionTable(t *testing.T) {
	p := attention(t)
	if soft, hard := p.text("#soft"), p.text("#hard"); soft != "15.022" || hard != "10" {
		t.Errorf("softmax %s, argmax %s", soft, hard)
	}
	p.move(`#table input[type="range"]`, "0")
	p.until(`document.getElementById("soft").textContent === "25"`)
	p.move(`#table input[type="range"]`, "100")
	p.until(`document.getElementById("soft").textContent === "10"`)
	p.move(`[aria-label="value of a"]`, "15")
	p.until(`document.getElementById("soft").textContent === "15" && document.getElementById("hard").textContent === "15"`)
}

// TestAttentionArrows: the query moves by the keyboard and by the mouse.
func TestAttentionArrows(t *testing.T) {
	p := attention(t)
	p.until(`document.querySelector('[data-arrow="q"]')`)
	value[bool](p, `(() => { document.querySelector('[data-arrow="q"]').focus(); return true; })()`)
	for range 3 {
		p.do(chromedp.KeyEvent("\u0303")) // arrow right
	}
	p.until(`document.querySelector('[aria-label="query, first number"]').value === "1.8"`)
	if focus := value[string](p, `document.activeElement.dataset.arrow`); focus != "q" {
		t.Errorf("the arrow has lost the focus to %q", focus)
	}
	value[bool](p, `(() => {
		const tip = document.querySelector('[data-arrow="q"]'), box = document.querySelector(".plane svg").getBoundingClientRect();
		const at = (type, x, y, on) => on.dispatchEvent(new PointerEvent(type, { bubbles: true, cancelable: true, clientX: box.left + x * box.width, clientY: box.top + y * box.height }));
		at("pointerdown", 0.8, 0.4, tip); at("pointermove", 0.75, 0, window); at("pointerup", 0.75, 0, window);
		return true; })()`)
	p.until(`document.querySelector('[aria-label="query, second number"]').value === "3" && document.querySelector('[aria-label="query, first number"]').value === "1.5"`)
	p.until(`document.querySelector("#table tr.largest th")?.textContent === "b"`)
}

func TestAttentionRows(t *testing.T) {
	p := attention(t)
	p.click("#table .buttons button:first-child")
	p.until(`document.querySelectorAll("#table tbody tr").length === 5 && document.querySelectorAll("#mask tbody tr").length === 5`)
	for range 6 {
		p.click("#table .buttons button:last-child")
	}
	p.until(`document.querySelectorAll("#table tbody tr").length === 1 && document.getElementById("soft").textContent === "10"`)
}

func TestAttentionMask(t *testing.T) {
	p := attention(t)
	if masked := value[int](p, `document.querySelectorAll("#mask td.masked").length`); masked != 6 {
		t.Errorf("of 4 x 4 weights %d are masked", masked)
	}
	if first := p.text("#mask td.out"); first != "10" {
		t.Errorf("the first position gives %s", first)
	}
	p.click("#causal")
	p.until(`document.querySelectorAll("#mask td.masked").length === 0 && document.querySelector("#mask td.out").textContent !== "10"`)
}

func TestAttentionExercises(t *testing.T) {
	p := attention(t)
	for _, c := range []struct {
		number       int
		wrong, right string
	}{{0, "10", "25"}, {1, "2", "9"}, {2, "4096", "2080"}, {3, "10", "11"}} {
		if said := p.answer(c.number, c.wrong); !strings.HasPrefix(said, "✗") {
			t.Errorf("exercise %d, %s: %s", c.number, c.wrong, said)
		}
		if said := p.answer(c.number, c.right); !strings.HasPrefix(said, "✓") {
			t.Errorf("exercise %d, %s: %s", c.number, c.right, said)
		}
	}
}

// TestAttentionRecall: what the page says of both models is what the commands say.
func TestAttentionRecall(t *testing.T) {
	p := attention(t)
	if markov, recalled := p.text("#markov"), p.text("#recalled"); markov != "0.25" || recalled != "0.813" {
		t.Errorf("n-grams %s, attention %s", markov, recalled)
	}
	folder := t.TempDir()
	for name, summary := range map[string]string{"text.txt": "The text that is counted", "recall.rasp": `The program`} {
		content := value[string](p, `document.querySelector('#recall pre[aria-label="`+summary+`"]').textContent`)
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	said := "my name is ada and i live by my name is"
	if got := strings.TrimSuffix(p.text("#text"), " ?"); got != said {
		t.Errorf("the text is %q", got)
	}
	command(t, folder, "ngram", "text.txt", "-o", "lm.arpa", "--split", "words", "--order", "3", "--smoothing", "mle")
	if out := command(t, folder, "next", "lm.arpa", said, "--split", "words"); !strings.HasPrefix(out, `"ada"   0.25  `) {
		t.Errorf("rasp next says of the n-grams:\n%s", out)
	}
	if out := command(t, folder, "next", "recall.rasp", said, "--split", "words", "--top", "1"); !strings.HasPrefix(out, `"ada"  0.813 `) {
		t.Errorf("rasp next says of the program:\n%s", out)
	}
	p.move(`#recall label:nth-of-type(3) input`, "9")
	p.until(`document.getElementById("markov").textContent === "1"`)
	p.move("#recall select", "zoe")
	p.until(`document.getElementById("markov").textContent === "0" && document.getElementById("recalled").textContent === "0.813"`)
}

// TestAttentionHead: the scores are those of rasp trace.
func TestAttentionHead(t *testing.T) {
	p := attention(t)
	p.move(`#head select[aria-label="Program"]`, "sort")
	p.until(`document.querySelectorAll('#head select[aria-label="Head"] option').length === 3`)
	p.move(`#head select[aria-label="Head"]`, "1.0")
	p.move(`#head input`, "cab")
	p.until(`document.querySelectorAll("#scores tbody tr").length === 4 && document.querySelector("#head .said").textContent.startsWith("Head 1.0 copies")`)
	p.move(`#head select[aria-label="Query"]`, "1")
	p.until(`document.querySelectorAll("#head tr.now").length >= 1`)
	out := command(t, t.TempDir(), "trace", "sort", "cab", "--head", "1.0", "--position", "1")
	if !strings.Contains(out, "1 a    <- █ 2 b 1") {
		t.Errorf("rasp trace says:\n%s", out)
	}
	if row := p.text("#scores tbody tr:nth-child(4) td:last-child"); row != "1" {
		t.Errorf("the weight of key 2 is %s", row)
	}
	p.move(`#head input`, "xyz")
	p.until(`document.querySelector("#head [role=alert]")?.textContent.includes("vocabulary")`)
	p.move(`#head input`, "ba")
	p.until(`document.querySelectorAll("#scores tbody tr").length === 3`)
}

func TestAttentionAddress(t *testing.T) {
	p := attention(t)
	p.move(`[aria-label="value of b"]`, "77")
	p.click("#causal")
	p.move("#recall select", "max")
	p.until(`document.getElementById("text").textContent.includes("max")`)
	again := p.again()
	again.until(`document.querySelector('[aria-label="value of b"]')?.value === "77" && !document.getElementById("causal").checked && document.getElementById("text").textContent.includes("max")`)
}

func TestAttentionPrints(t *testing.T) { attention(t).prints() }
