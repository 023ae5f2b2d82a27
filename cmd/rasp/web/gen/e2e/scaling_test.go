package e2e

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// scalingPage opens the page with all that it computes.
func scalingPage(t *testing.T, hash string) *tab {
	t.Helper()
	p := visit(t, "scaling.html"+hash)
	p.scaled()
	return p
}

func (p *tab) scaled() {
	p.t.Helper()
	for _, id := range []string{"own-loss", "best-n", "life-says", "coefficients"} {
		p.until(fmt.Sprintf("document.getElementById(%q)", id))
	}
	p.settled()
}

// units are the sizes that the page shows: 72.2 B.
func units(t *testing.T, text string) float64 {
	t.Helper()
	for suffix, unit := range map[string]float64{" T": 1e12, " B": 1e9, " M": 1e6} {
		if head, ok := strings.CutSuffix(text, suffix); ok {
			return shown(t, head) * unit
		}
	}
	return shown(t, text)
}

type advice struct {
	Optimal  costs  `json:"optimal"`
	Lifetime *costs `json:"lifetime"`
}

type costs struct {
	N     float64 `json:"parameters"`
	D     float64 `json:"tokens"`
	Loss  float64 `json:"loss"`
	Ratio float64 `json:"tokens_per_parameter"`
	Total float64 `json:"total_flops"`
}

func planned(t *testing.T, args ...string) (a advice) {
	t.Helper()
	text := command(t, t.TempDir(), append([]string{"scaling", "plan", "--json"}, args...)...)
	if err := json.Unmarshal([]byte(text), &a); err != nil {
		t.Fatal(err)
	}
	return a
}

// fits is what rasp scaling fit prints.
type fits struct {
	E         float64 `json:"E"`
	A         float64 `json:"A"`
	B         float64 `json:"B"`
	Alpha     float64 `json:"alpha"`
	Beta      float64 `json:"beta"`
	Value     float64 `json:"value"`
	Bootstrap *struct {
		Samples int `json:"samples"`
		A, B, E struct{ Low, High float64 }
		Ratio   struct{ Low, High float64 } `json:"tokens_per_parameter"`
	} `json:"bootstrap"`
}

func fitted(t *testing.T, folder string, args ...string) (f fits) {
	t.Helper()
	text := command(t, folder, append([]string{"scaling", "fit", "runs.csv", "--json"}, args...)...)
	if err := json.Unmarshal([]byte(text), &f); err != nil {
		t.Fatal(err)
	}
	return f
}

// column of the table of coefficients, by the words of its head.
func (p *tab) column(name string) []string {
	p.t.Helper()
	return value[[]string](p, fmt.Sprintf(`(() => { const t = document.getElementById("coefficients");
		const at = [...t.querySelector("thead tr").children].findIndex(h => h.textContent.startsWith(%q));
		return [...t.querySelectorAll("tbody tr")].map(r => r.children[at].textContent); })()`, name))
}

func (p *tab) fitIs(name string, f fits) {
	p.t.Helper()
	got := p.column(name)
	for i, want := range []float64{f.E, f.A, f.B, f.Alpha, f.Beta} {
		near(p.t, fmt.Sprintf("%s, coefficient %d", name, i), shown(p.t, got[i]), want, 1e-4)
	}
}

func TestScalingLooks(t *testing.T) {
	p := scalingPage(t, "")
	p.click("#draw")
	p.until(`document.getElementById("sure-says").textContent.startsWith("100")`)
	p.looked()
}

// TestScalingPlan: a budget is the one of rasp scaling plan.
func TestScalingPlan(t *testing.T) {
	p := scalingPage(t, "")
	for _, c := range []string{"18", "23.75", "26.5"} {
		p.move("#flops input", c)
		p.settled()
		x, _ := strconv.ParseFloat(c, 64)
		a := planned(t, "--flops", fmt.Sprintf("%.6g", math.Pow(10, x)))
		p.until(fmt.Sprintf(`document.getElementById("best-loss").textContent === "%.4f"`, a.Optimal.Loss))
		near(t, "N", units(t, p.text("#best-n")), a.Optimal.N, 6e-3)
		near(t, "D", units(t, p.text("#best-d")), a.Optimal.D, 6e-3)
		near(t, "tokens a parameter", shown(t, p.text("#best-ratio")), a.Optimal.Ratio, 6e-3)
	}
}

// TestScalingLife: a use is the one of rasp scaling plan --inference-tokens.
func TestScalingLife(t *testing.T) {
	p := scalingPage(t, "")
	for _, use := range []string{"11", "14"} {
		p.move("#inference input", use)
		a := planned(t, "--flops", fmt.Sprintf("%.6g", math.Pow(10, 23.75)), "--inference-tokens", "1e"+use)
		p.until(fmt.Sprintf(`document.querySelector("#plans tbody tr:nth-child(2) td:last-child").textContent === "%s"`, strings.Replace(strconv.FormatFloat(a.Lifetime.Total, 'e', 2, 64), "e+", "e", 1)))
		near(t, "N", units(t, p.text("#plans tbody tr:nth-child(2) td")), a.Lifetime.N, 6e-3)
	}
	p.move("#inference input", "8")
	p.until(`document.getElementById("life-says").textContent.startsWith("Nobody uses it")`)
}

// TestScalingTerms: the loss is the sum of three terms, and a press on the map is a model.
func TestScalingTerms(t *testing.T) {
	p := scalingPage(t, "")
	sum := 1.8172 + shown(t, p.text("#own-size")) + shown(t, p.text("#own-data"))
	if math.Abs(sum-shown(t, p.text("#own-loss"))) > 2e-4 {
		t.Errorf("the terms are %v, the loss %s", sum, p.text("#own-loss"))
	}
	before := p.text("#own-n output")
	p.do(chromedp.ScrollIntoView(chromedp.CSS("svg.surface")))
	at := value[[]float64](p, `(() => { const b = document.querySelector("svg.surface").getBoundingClientRect(); return [b.left + b.width * 0.2, b.top + b.height * 0.3]; })()`)
	p.do(chromedp.MouseClickXY(at[0], at[1]))
	p.until(fmt.Sprintf(`document.querySelector("#own-n output").textContent !== %q`, before))
	if n := units(t, p.text("#own-n output")); n < 2e7 || n > 1e9 {
		t.Errorf("a press at a fifth of the width is a model of %v", n)
	}
	p.until(`Number(document.getElementById("own-size").textContent) > 0.3`)
}

// TestScalingFit: the law of the runs is that of rasp scaling fit, with all of them and
// without some, by both objectives.
func TestScalingFit(t *testing.T) {
	p := scalingPage(t, "")
	folder := t.TempDir()
	p.save(folder, "runs.csv")
	all := fitted(t, folder, "--bootstrap", "0")
	p.fitIs("these", all)
	if truth := p.column("the truth"); truth[0] != "1.8172" {
		t.Errorf("the truth is E = %s", truth[0])
	}
	p.move("#drop input", "4")
	p.until(`document.querySelector("#coefficients thead").textContent.includes("these 77")`)
	p.fitIs("these", fitted(t, folder, "--bootstrap", "0", "--drop-worst", "4"))
	p.fitIs("all runs", all)
	value[bool](p, `(() => { const s = document.getElementById("objective"); s.value = "density"; s.dispatchEvent(new Event("change")); return true; })()`)
	p.until(`document.querySelector("#fitted pre.command").textContent.includes("density")`)
	f := fitted(t, folder, "--bootstrap", "0", "--drop-worst", "4", "--objective", "density")
	p.fitIs("these", f)
	near(t, "the objective", shown(t, p.text("#objective-value")), f.Value, 1e-7)
}

// TestScalingLeaveOut: single runs go by a button and by a press on their dot, and come back.
func TestScalingLeaveOut(t *testing.T) {
	p := scalingPage(t, "")
	p.click("#fitted details summary")
	p.click("#worst button")
	p.until(`document.querySelector("#coefficients thead").textContent.includes("these 80")`)
	value[bool](p, `(document.querySelector("#fit svg circle").dispatchEvent(new MouseEvent("click", {bubbles: true})), true)`)
	p.until(`document.querySelector("#coefficients thead").textContent.includes("these 79")`)
	folder := t.TempDir()
	p.save(folder, "runs.csv")
	// Of the three runs that went wrong one is gone: the law of all still has it.
	p.fitIs("all runs", fitted(t, folder, "--bootstrap", "0"))
	p.until(`[...document.querySelectorAll("#worst button")].some(b => b.textContent === "take back")`)
	value[bool](p, `([...document.querySelectorAll("#worst button")].find(b => b.textContent === "take back").click(), true)`)
	p.until(`document.querySelector("#coefficients thead").textContent.includes("these 80")`)
}

// TestScalingMade: no chance and no failure give the law back.
func TestScalingMade(t *testing.T) {
	p := scalingPage(t, "")
	p.move("#made label:nth-of-type(1) input", "0")
	p.move("#made label:nth-of-type(2) input", "0")
	p.settled()
	p.until(`(() => { const cells = document.querySelectorAll("#coefficients tbody tr:nth-child(1) td"); return Math.abs(cells[0].textContent - cells[2].textContent) < 5e-4; })()`)
	p.move("#made label:nth-of-type(2) input", "10")
	p.until(`document.querySelector("#fitted figcaption")`)
	before := p.column("these")
	p.click("#anew")
	p.until(fmt.Sprintf(`document.querySelector("#coefficients tbody tr:nth-child(2) td:last-child").textContent !== %q`, before[1]))
}

// TestScalingOwn: somebody's own runs are read, and what is wrong with them is said with the
// line.
func TestScalingOwn(t *testing.T) {
	p := scalingPage(t, "")
	p.click("#from-own")
	p.until(`document.querySelector("#fitted").textContent.includes("no runs")`)
	for csv, want := range map[string]string{
		"N,D,loss\n1e8,1e9,3.4\n1e9,many,3.1\n": "line 3:",
		"size,D,loss\n1,2,3\n":                  "no column \"N\"",
		"N,D,loss\n1e8,1e9\n":                   "line 2: 2 fields",
		"N,D,loss\n1e8,1e9,3\n1e9,1e9,2.9\n":    "too few runs",
	} {
		p.move("#csv", csv)
		p.until(fmt.Sprintf(`[...document.querySelectorAll("#data [role=alert], #fit [role=alert]")].some(a => a.textContent.includes(%q))`, want))
		if text := p.text("#data"); strings.Contains(text, "--columns") {
			t.Errorf("a page has no flags: %s", text)
		}
	}
	csv := "n;d;loss\n1e7;1e9;4.02\n1e8;1e9;3.46\n1e9;1e9;3.21\n1e7;1e10;3.57\n1e8;1e10;2.96\n1e9;1e10;2.66\n1e7;1e11;3.41\n1e8;1e11;2.75\n1e9;1e11;2.42\n"
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "runs.csv"), []byte(csv), 0o644); err != nil {
		t.Fatal(err)
	}
	p.do(chromedp.SetUploadFiles(chromedp.CSS("#file"), []string{filepath.Join(folder, "runs.csv")}))
	p.until(`document.querySelector("#coefficients thead")?.textContent.includes("these 9")`)
	p.fitIs("these", fitted(t, folder, "--bootstrap", "0"))
	// The law is that of sections 1 to 3 now, if one wants it.
	loss := p.text("#best-loss")
	p.click("#law button:nth-of-type(2)")
	p.until(fmt.Sprintf(`document.getElementById("best-loss").textContent !== %q`, loss))
}

// TestScalingSure: the intervals are those of the command's bootstrap.
func TestScalingSure(t *testing.T) {
	p := scalingPage(t, "")
	p.move("#samples input", "20")
	p.click("#draw")
	p.until(`document.getElementById("sure-says").textContent.startsWith("20 resamples")`)
	folder := t.TempDir()
	p.save(folder, "runs.csv")
	b := fitted(t, folder, "--bootstrap", "20").Bootstrap
	for row, want := range map[int]struct{ Low, High float64 }{1: b.E, 2: b.A, 3: b.B, 7: b.Ratio} {
		for column, x := range []float64{want.Low, want.High} {
			near(t, fmt.Sprintf("row %d", row), shown(t, p.text(fmt.Sprintf("#intervals tbody tr:nth-child(%d) td:nth-child(%d)", row, column+2))), x, 1e-4)
		}
	}
}

// TestScalingStop: the bootstrap shows how far it is, stops, and begins anew.
func TestScalingStop(t *testing.T) {
	p := scalingPage(t, "")
	p.move("#samples input", "400")
	p.click("#draw")
	p.until(`document.getElementById("done").value > 0`)
	p.click("#stop")
	p.until(`document.getElementById("sure-says").textContent.startsWith("Stopped after")`)
	if value[float64](p, `document.getElementById("done").value`) >= 400 || value[bool](p, `document.getElementById("draw").disabled`) {
		t.Error("it did not stop, or cannot begin again")
	}
	p.move("#samples input", "20")
	p.click("#draw")
	p.until(`document.getElementById("sure-says").textContent.startsWith("20 resamples")`)
}

// TestScalingExercises: answers are right or wrong by what the engine computes.
func TestScalingExercises(t *testing.T) {
	p := scalingPage(t, "")
	answer := func(of, text, want string) {
		t.Helper()
		p.move(of+" input", text)
		p.click(of + " button[type=submit]")
		p.until(fmt.Sprintf(`document.querySelector(%q).textContent.startsWith(%q)`, of+" [aria-live]", want))
	}
	tenfold := planned(t, "--flops", "1e24").Optimal.N / planned(t, "--flops", "1e23").Optimal.N
	answer("#exercise-budget section:nth-child(1)", "10", "✗")
	answer("#exercise-budget section:nth-child(1)", fmt.Sprintf("%.3g", tenfold), "✓")
	answer("#exercise-budget section:nth-child(2)", "20 B", "✗")
	d := math.Pow(2085.43/(2.3-1.8172-482.01*math.Pow(1e9, -0.3478)), 1/0.3658)
	answer("#exercise-budget section:nth-child(2)", fmt.Sprintf("%.3g", d), "✓")
	a := planned(t, "--flops", fmt.Sprintf("%.6g", math.Pow(10, 23.75)), "--inference-tokens", "1e13")
	answer("#exercise-life", fmt.Sprintf("%.3g", a.Optimal.N/a.Lifetime.N), "✓")
	folder := t.TempDir()
	p.save(folder, "runs.csv")
	p.move("#drop input", "5")
	p.until(`document.querySelector("#coefficients thead").textContent.includes("these 76")`)
	answer("#exercise-fit", p.column("these")[5], "✓")
	answer("#exercise-fit", "1000", "✗")
}

// TestScalingLink: the address holds what was moved.
func TestScalingLink(t *testing.T) {
	p := scalingPage(t, "")
	p.move("#flops input", "20")
	p.move("#own-n input", "8.5")
	p.move("#drop input", "3")
	p.scaled()
	p.until(`document.querySelector("#coefficients thead").textContent.includes("these 78")`)
	value[bool](p, "new Promise(r => setTimeout(() => r(true), 500))")
	again := scalingPage(t, value[string](p, "location.hash"))
	for _, of := range []string{"#best-loss", "#own-loss", "#own-n output", "#coefficients"} {
		if again.text(of) != p.text(of) {
			t.Errorf("%s: %s, and by the link %s", of, p.text(of), again.text(of))
		}
	}
}

// TestScalingPrints: a PDF has the figures, and what the sliders stand at.
func TestScalingPrints(t *testing.T) {
	p := scalingPage(t, "")
	if size := p.printed(); size < 50_000 {
		t.Errorf("a PDF of %d bytes", size)
	}
	p.printing()
	if !value[bool](p, `document.querySelector("#flops output").checkVisibility() && !document.getElementById("draw").checkVisibility()`) {
		t.Error("in print a slider's value is hidden, or a button is not")
	}
}

func TestScalingAxe(t *testing.T) {
	p := scalingPage(t, "")
	p.bypassPolicy()
	p.do(chromedp.Reload())
	p.scaled()
	p.move("#samples input", "20")
	p.click("#draw")
	p.until(`document.getElementById("sure-says").textContent.startsWith("20 resamples")`)
	p.isAccessible()
}
