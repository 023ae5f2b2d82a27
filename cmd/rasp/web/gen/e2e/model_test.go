package e2e

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// The tab of the compiled model: what it shows equals what the command line says.

// modelOf opens the tab for a ready-made program, with an input unless it is "".
func modelOf(t *testing.T, name, input string) *tab {
	t.Helper()
	p := playground(t)
	p.open(name)
	p.until(fmt.Sprintf(`document.getElementById("menu").value === %q`, name))
	if input != "" {
		p.move("#input input", input)
	}
	p.view("model")
	p.atWork()
	return p
}

// atWork waits until the model is made and its layer is drawn.
func (p *tab) atWork() {
	p.t.Helper()
	p.until(`document.querySelector(".sizes [data-size=layers]") && document.querySelector(".work:not(.old) .outputs, .work .fault")`)
}

// texts are those of all elements of a selector.
func (p *tab) texts(selector string) []string {
	p.t.Helper()
	return value[[]string](p, fmt.Sprintf(`[...document.querySelectorAll(%q)].map(x => x.textContent.trim())`, selector))
}

// opens opens a panel.
func (p *tab) opens(name string) {
	p.t.Helper()
	p.until(fmt.Sprintf(`document.querySelector("#panel-%s:not([hidden])")`, name))
	value[bool](p, fmt.Sprintf(`(document.getElementById("panel-%s").open = true)`, name))
}

func (p *tab) clickText(selector, text string) {
	p.t.Helper()
	find := fmt.Sprintf(`[...document.querySelectorAll(%q)].find(x => x.textContent.trim() === %q)`, selector, text)
	p.until(find)
	value[bool](p, find+`.click() || true`)
}

func TestModelSizes(t *testing.T) {
	for _, name := range []string{"sort", "histogram", "dyck2"} {
		p := modelOf(t, name, "")
		folder := t.TempDir()
		command(t, folder, "compile", name, "-o", "m.safetensors")
		var info map[string]any
		if err := json.Unmarshal([]byte(command(t, folder, "info", "m.safetensors", "--json")), &info); err != nil {
			t.Fatal(err)
		}
		for _, size := range []string{"layers", "heads", "d_model", "d_head", "d_mlp", "parameters", "nonzero"} {
			shown := strings.ReplaceAll(p.text(fmt.Sprintf(".sizes [data-size=%s] b", size)), ",", "")
			p.wants(name+" "+size, shown, fmt.Sprint(info[size]))
		}
		if certificate := p.text(".model strong"); certificate != info["certificate"] {
			t.Errorf("%s: %q, not %q", name, certificate, info["certificate"])
		}
	}
}

func TestModelRefusal(t *testing.T) {
	p := playground(t)
	p.write("#rasp:vocab \"ab\"\nx = tokens;")
	p.view("model")
	p.until(`document.querySelector(".model .fault")`)
	if text := p.text(".model .fault"); !strings.Contains(text, "a model needs the length of the longest input") {
		t.Error(text)
	}
	p.write("#rasp:vocab \"ab\"\n#rasp:length 4\nx = tokens;")
	p.atWork()
	p.wants("the only fault is one of the input", p.text(".model .fault"), "domain error: the input has 7 tokens, the model takes at most 4 = hint: a model for longer inputs is compiled with --length")
	p.move("#input input", "abba")
	p.until(`!document.querySelector(".model .fault") && document.querySelector(".verdict.good")`)
}

func TestModelOutputs(t *testing.T) {
	p := modelOf(t, "sort", "cab")
	p.until(`document.querySelector("[data-output=sorted] tbody td.number")`)
	p.wants("sorted", strings.Join(p.texts("[data-output=sorted] tbody tr:first-child td"), ""), "abc")
	p.wants("verdict", p.text(".verdict"), "Model and program agree.")
}

// traced is what rasp trace --json says.
func traced(t *testing.T, name, input string) (x struct {
	Layers []struct {
		Heads []struct {
			Head    int         `json:"head"`
			Kind    string      `json:"kind"`
			Weights [][]float64 `json:"weights"`
		} `json:"heads"`
		Held []struct {
			SOp     string            `json:"sop"`
			Program []json.RawMessage `json:"program"`
		} `json:"held"`
		Neurons []struct {
			Active []float64 `json:"active"`
		} `json:"neurons"`
	} `json:"layers"`
}) {
	t.Helper()
	if err := json.Unmarshal([]byte(command(t, t.TempDir(), "trace", name, input, "--json")), &x); err != nil {
		t.Fatal(err)
	}
	return x
}

// TestModelHeads: each head's shares are those of the trace.
func TestModelHeads(t *testing.T) {
	p := modelOf(t, "sort", "gabeach")
	want := traced(t, "sort", "gabeach")
	for l, layer := range want.Layers {
		p.clickText(".work .steps button", fmt.Sprintf("layer %d", l))
		p.until(fmt.Sprintf(`document.querySelector(".work:not(.old) .steps [aria-pressed=true]")?.textContent === "layer %d" && document.querySelectorAll("[data-head]").length === %d`, l, len(layer.Heads)))
		for _, head := range layer.Heads {
			shown := value[[]float64](p, fmt.Sprintf(`[...document.querySelectorAll('[data-head="%d.%d"] table.heat td[style]')].map(x => Number(x.style.getPropertyValue("--share")))`, l, head.Head))
			var shares []float64
			for _, row := range head.Weights[1:] {
				total, from := 0.0, 1
				if head.Kind == "counts" {
					from = 0
				}
				for _, w := range row[from:] {
					total += w
				}
				for _, w := range row[from:] {
					if total <= 1e-20 {
						w, total = 0, 1
					}
					shares = append(shares, w/total)
				}
			}
			if len(shown) != len(shares) {
				t.Fatalf("head %d.%d: %d cells, not %d", l, head.Head, len(shown), len(shares))
			}
			for i := range shares {
				if d := shown[i] - shares[i]; d > 1e-6 || d < -1e-6 {
					t.Errorf("head %d.%d, cell %d: %v, not %v", l, head.Head, i, shown[i], shares[i])
				}
			}
		}
	}
}

func TestModelHeld(t *testing.T) {
	p := modelOf(t, "sort", "cab")
	held := traced(t, "sort", "cab").Layers[0].Held
	p.clickText(".work .steps button", "layer 0")
	for _, h := range held {
		p.until(fmt.Sprintf(`document.querySelector('.work:not(.old) [data-sop=%q]')`, h.SOp))
		var want []string
		for _, token := range h.Program {
			want = append(want, strings.Trim(string(token), `"`))
		}
		p.wants(h.SOp, strings.Join(p.texts(fmt.Sprintf(`[data-sop=%q] td.number`, h.SOp)), " "), strings.Join(want, " "))
	}
}

func TestModelNeurons(t *testing.T) {
	p := modelOf(t, "sort", "cab")
	p.clickText(".work .steps button", "layer 0")
	p.clickText(".work .steps button", "1 a")
	p.until(`document.querySelector(".work:not(.old) .steps + .steps [aria-pressed=true]")?.textContent === "1 a"`)
	active := 0
	for _, n := range traced(t, "sort", "cab").Layers[0].Neurons {
		if n.Active[1] != 0 {
			active++
		}
	}
	p.until(fmt.Sprintf(`document.querySelectorAll(".neurons tr").length === %d`, min(active, 24)))
}

func TestModelStepsByKeyboard(t *testing.T) {
	p := modelOf(t, "sort", "cab")
	value[bool](p, `document.querySelector(".work .steps [aria-pressed=true]").focus() || true`)
	p.do(chromedp.KeyEvent(kb.ArrowRight))
	p.until(`document.querySelector(".work .steps [aria-pressed=true]")?.textContent === "layer 1" && document.activeElement.textContent === "layer 1"`)
}

func TestModelScoresAndCircuits(t *testing.T) {
	p := modelOf(t, "sort", "cab")
	p.clickText(`[data-head="0.0"] button`, "Scores")
	p.until(`document.querySelector('[data-head="0.0"] table.weights')`)
	p.clickText(`[data-head="0.0"] button`, "What it compares and brings")
	p.until(`document.querySelectorAll('[data-head="0.0"] .circuit').length === 2`)
}

// TestModelPointing: a head that is pointed at marks the line of the program that wants it.
func TestModelPointing(t *testing.T) {
	p := modelOf(t, "sort", "cab")
	value[bool](p, `document.querySelector('[data-head="0.0"]').focus() || true`)
	p.until(`document.querySelector(".pointed")`)
}

// TestModelAblate: what comes of a head that is taken away is what rasp intervene says.
func TestModelAblate(t *testing.T) {
	p := modelOf(t, "sort", "cab")
	p.clickText(`[data-head="0.0"] button`, "Ablate")
	p.until(`document.querySelector(".verdict.bad")`)
	var effect struct {
		After [][]string `json:"after"` // by output and position, as JSON
	}
	if err := json.Unmarshal([]byte(command(t, t.TempDir(), "intervene", "sort", "cab", "--ablate", "0.0", "--json")), &effect); err != nil {
		t.Fatal(err)
	}
	for i, shown := range p.texts("[data-output=sorted] tbody tr:first-child td") {
		p.wants("after", shown, strings.Trim(effect.After[0][i], `"`))
	}
	p.wants("the change in words", p.texts(".changes li span")[0], "head 0.0 is zero")
	p.clickText(".changes button", "Undo")
	p.until(`document.querySelector(".verdict.good")`)
}

// TestModelSet: what an s-op is set to is set in the program too, as rasp intervene has it.
func TestModelSet(t *testing.T) {
	p := modelOf(t, "sort", "cab")
	p.opens("changes")
	p.move(`select[aria-label="S-op to set"]`, "tokens")
	p.move(`input[aria-label="Position"]`, "0")
	p.move(`#panel-changes select[aria-label="Value"]`, `"b"`)
	p.clickText("#panel-changes button", "Set")
	p.until(`[...document.querySelectorAll("[data-output=sorted] tbody tr")].map(r => [...r.querySelectorAll("td")].map(x => x.textContent).join("")).join(" ") === "abb abc abb"`)
	p.until(`document.querySelector(".verdict.good")`)
}

// TestModelRefusedChange: a change that cannot be made leaves no outputs of another model.
func TestModelRefusedChange(t *testing.T) {
	p := modelOf(t, "sort", "cab")
	p.opens("changes")
	p.move(`input[aria-label="Position"]`, "17")
	p.clickText("#panel-changes button", "Set")
	p.until(`document.querySelector(".work .fault") && !document.querySelector(".verdict")`)
}

// TestModelVerifyStopped: what is said of a run that was stopped is of that run.
func TestModelVerifyStopped(t *testing.T) {
	p := modelOf(t, "histogram", "")
	p.opens("verify")
	p.clickText("#panel-verify button", "Verify")
	p.until(`document.querySelector("#panel-verify .good")`)
	value[bool](p, `(() => { const b = document.querySelector("#panel-verify button"); b.click(); b.click(); return true; })()`)
	p.until(`document.querySelector("#panel-verify div p")?.textContent.startsWith("Stopped after 0 inputs")`)
}

func TestModelSharpness(t *testing.T) {
	p := modelOf(t, "sort", "cab")
	p.opens("changes")
	p.move(`input[aria-label="Sharpness"]`, "0")
	p.clickText("#panel-changes button", "Sharpen")
	p.until(`document.querySelector(".verdict.bad")`)
}

// TestModelWeight: a weight that is changed is another model: verify finds an input on which
// it is wrong, and that can be looked at.
func TestModelWeight(t *testing.T) {
	p := modelOf(t, "reverse", "")
	value[bool](p, `(document.querySelector(".weights-of").open = true)`)
	p.move(`select[aria-label="Tensor"]`, "unembed.W_U")
	p.until(`document.querySelector(".weights-of td button.weight")`)
	value[bool](p, `[...document.querySelectorAll(".weights-of td button.weight")].find(x => x.textContent === "2").click() || true`)
	p.until(`document.querySelector('input[aria-label="The new weight"]')`)
	p.do(chromedp.KeyEvent("\b-9\r"))
	p.until(`document.querySelectorAll(".changes li").length === 1`)
	p.opens("verify")
	p.clickText("#panel-verify button", "Verify")
	p.until(`document.querySelector("#panel-verify .bad")`)
	p.clickText("#panel-verify button", "Take it as the input")
	p.until(`document.querySelector(".verdict.bad")`)
}

func TestModelVerify(t *testing.T) {
	p := playground(t)
	p.write("#rasp:vocab \"ab\"\n#rasp:length 5\nx = aggregate(select(tokens, \"a\", ==), 1);")
	p.view("model")
	p.atWork()
	p.opens("verify")
	p.clickText("#panel-verify button", "Verify")
	p.until(`document.querySelector("#panel-verify .good")`)
	p.wants("verdict", p.text("#panel-verify .good"), "Equal on all 62 inputs.")
}

func TestModelNext(t *testing.T) {
	p := modelOf(t, "copying", "")
	p.until(`document.querySelector("#panel-next svg.chart")`)
	folder := t.TempDir()
	text := value[string](p, `document.querySelector("#input input").value`)
	command(t, folder, "compile", "copying", "-o", "m.safetensors")
	var want struct {
		EntropyBits float64 `json:"entropy_bits"`
	}
	if err := json.Unmarshal([]byte(command(t, folder, "next", "m.safetensors", text, "--json")), &want); err != nil {
		t.Fatal(err)
	}
	near(t, "entropy", shown(t, strings.Fields(p.text("#panel-next .wide .quiet"))[1]), want.EntropyBits, 1e-3)
	p.clickText("#panel-next button", "Write")
	p.until(`document.querySelector(".written")`)
	want2 := strings.TrimRight(command(t, folder, "generate", "m.safetensors", "--prompt", text, "--tokens", "40", "--seed", "1", "--temperature", "1"), "\n")
	p.wants("text", value[string](p, `document.querySelector(".written").textContent`), want2)
}

func TestModelCircuit(t *testing.T) {
	p := modelOf(t, "reverse", "")
	p.opens("circuit")
	p.until(`document.querySelector("#panel-circuit svg")`)
}

// TestModelDownload: the model is the file that rasp compile writes.
func TestModelDownload(t *testing.T) {
	p := modelOf(t, "reverse", "")
	folder := t.TempDir()
	command(t, folder, "compile", "reverse", "-o", "m.safetensors")
	want, err := os.ReadFile(filepath.Join(folder, "m.safetensors"))
	if err != nil {
		t.Fatal(err)
	}
	value[bool](p, `(() => { window.kept = []; const make = URL.createObjectURL; URL.createObjectURL = b => { b.arrayBuffer().then(x => kept.push(Array.from(new Uint8Array(x)))); return make(b); }; return true; })()`)
	p.opens("files")
	p.clickText("#panel-files button", "Model (.safetensors)")
	p.until(`kept.length === 1`)
	got := value[[]int](p, `kept[0]`)
	if len(got) != len(want) {
		t.Fatalf("%d bytes, not %d", len(got), len(want))
	}
	different := 0
	for i := range got {
		if byte(got[i]) != want[i] {
			different++
		}
	}
	// The file that a program is compiled from is named in it: program.rasp on a page.
	if different > 0 {
		t.Errorf("%d of %d bytes differ", different, len(want))
	}
}

func TestModelLevels(t *testing.T) {
	p := modelOf(t, "sort", "cab")
	before := p.text(".sizes [data-size=parameters] b")
	p.move(`select[aria-label="Level of optimization"]`, "0")
	p.until(fmt.Sprintf(`document.querySelector(".sizes [data-size=parameters] b").textContent !== %q`, before))
}

func TestModelAccessible(t *testing.T) {
	p := modelOf(t, "sort", "cab")
	for _, panel := range []string{"changes", "verify", "circuit", "files"} {
		p.opens(panel)
	}
	value[bool](p, `(document.querySelector(".weights-of").open = true)`)
	p.until(`document.querySelector("#panel-circuit svg") && document.querySelector(".weights-of table")`)
	p.isAccessible()
}

func TestModelLooks(t *testing.T) {
	for _, name := range []string{"sort", "dyck2", "copying", "histogram"} {
		p := modelOf(t, name, "")
		p.opens("changes")
		p.looks("model-" + name)
	}
}
