package e2e

import (
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

func gemm(t *testing.T) *tab {
	p := visit(t, "gemm.html")
	p.until(`document.getElementById("all-loads") && document.querySelectorAll("#loads-table td.loads").length === 6 && document.getElementById("attainable")`)
	return p
}

// press clicks the button of a section that says so.
func (p *tab) press(section, says string) {
	p.t.Helper()
	p.until(`(() => { const b = [...document.querySelectorAll("#` + section + ` button")].find(b => b.textContent === "` + says + `" && !b.disabled); if (!b) return false; b.click(); return true; })()`)
}

func TestGEMMLooks(t *testing.T) {
	p := gemm(t)
	for range 6 {
		p.press("steps", "Step")
	}
	p.looks("gemm")
}

func TestGEMMAccessible(t *testing.T) { gemm(t).isAccessible() }

// TestGEMMSteps: the steps add up to the loads of the formula, with and without tiles.
func TestGEMMSteps(t *testing.T) {
	p := gemm(t)
	if loads, all := p.text("#loads"), p.text("#all-loads"); loads != "0" || all != "256" {
		t.Errorf("%s of %s loads", loads, all)
	}
	p.press("steps", "Step")
	p.until(`document.getElementById("loads").textContent === "32" && document.querySelectorAll("#steps .cell.fetched").length === 32 && document.querySelectorAll("#steps .cell.current").length === 16`)
	for range 7 {
		p.press("steps", "Step")
	}
	p.until(`document.getElementById("loads").textContent === "256" && document.getElementById("step").textContent === "8 / 8"`)
	p.press("steps", "Back")
	p.until(`document.getElementById("step").textContent === "7 / 8"`)
	p.move("#steps select", "0")
	p.until(`document.getElementById("all-loads").textContent === "1,024"`)
	p.press("steps", "Step")
	p.until(`document.getElementById("loads").textContent === "16"`)
	if says := p.text("#says"); says != "The thread of c₀₀ fetches row 0 of A and column 0 of B: 8 + 8 numbers." {
		t.Error(says)
	}
}

// TestGEMMPlay: it plays, pauses, and ends at the last step.
func TestGEMMPlay(t *testing.T) {
	p := gemm(t)
	p.press("steps", "Play")
	p.until(`parseInt(document.getElementById("step").textContent) >= 2`)
	p.press("steps", "Pause")
	at := p.text("#step")
	value[bool](p, `new Promise(done => setTimeout(() => done(true), 700))`)
	if now := p.text("#step"); now != at {
		t.Errorf("paused at %s, now at %s", at, now)
	}
	p.press("steps", "Play")
	p.until(`document.getElementById("step").textContent === "8 / 8" && [...document.querySelectorAll("#steps button")].some(b => b.textContent === "Play")`)
}

// TestGEMMReducedMotion: who wants no motion sees the end at once.
func TestGEMMReducedMotion(t *testing.T) {
	p := gemm(t)
	if _, err := chromedp.Call(p.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-reduced-motion", Value: "reduce"}}}); err != nil {
		t.Fatal(err)
	}
	p.press("steps", "Play")
	if at := p.text("#step"); at != "8 / 8" {
		t.Errorf("at step %s", at)
	}
}

func TestGEMMCounts(t *testing.T) {
	p := gemm(t)
	loads := func() string {
		return value[string](p, `[...document.querySelectorAll("#loads-table td.loads")].map(td => td.textContent).join(" ")`)
	}
	if got := loads(); got != "524,288 262,144 131,072 65,536 32,768 16,384" {
		t.Error(got)
	}
	p.move("#counts input", "128")
	p.until(`document.querySelector("#loads-table td.loads").textContent === "4,194,304"`)
	if equal := value[int](p, `document.querySelectorAll("#loads-table td.good").length`); equal != 6 {
		t.Errorf("%d of 6 counts equal the formula", equal)
	}
}

func TestGEMMRoof(t *testing.T) {
	p := gemm(t)
	if ridge := p.text("#ridge"); ridge != "20" {
		t.Errorf("the corner of 67,000 GFLOP/s and 3,350 GB/s is at %s", ridge)
	}
	p.press("roof", "NVIDIA T4")
	p.until(`document.getElementById("ridge").textContent === "25.3"`)
	p.move(`#roof .row:nth-of-type(2) input`, "1")
	p.until(`document.querySelector("#roof .said").textContent.includes("busy computing")`)
	if share := p.text("#share"); share != "100 %" {
		t.Errorf("it reaches %s", share)
	}
}

func TestGEMMExercises(t *testing.T) {
	p := gemm(t)
	for _, c := range []struct {
		number       int
		wrong, right string
	}{{0, "1769472", "110,592"}, {1, "20", "80"}} {
		if said := p.answer(c.number, c.wrong); !strings.HasPrefix(said, "✗") {
			t.Errorf("exercise %d, %s: %s", c.number, c.wrong, said)
		}
		if said := p.answer(c.number, c.right); !strings.HasPrefix(said, "✓") {
			t.Errorf("exercise %d, %s: %s", c.number, c.right, said)
		}
	}
}

func TestGEMMMeasure(t *testing.T) {
	p := gemm(t)
	p.move("#measure select", "64")
	p.press("measure", "Measure")
	p.until(`document.querySelectorAll("#measured svg rect").length === 3 && document.querySelector("#measured .good")`)
	p.shot("measured")
}

func TestGEMMAddress(t *testing.T) {
	p := gemm(t)
	p.move("#steps select", "2")
	p.until(`document.getElementById("all-loads").textContent === "512"`)
	p.press("steps", "Step")
	p.press("steps", "Step")
	p.move("#counts input", "96")
	again := p.again()
	again.until(`document.getElementById("step")?.textContent === "2 / 64" && document.querySelector("#loads-table td.loads")?.textContent === "1,769,472"`)
}

func TestGEMMPrints(t *testing.T) { gemm(t).prints() }
