package e2e

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// perplexityPage opens the page with all that it computes.
func perplexityPage(t *testing.T, hash string) *tab {
	t.Helper()
	p := visit(t, "perplexity.html"+hash)
	for _, id := range []string{"show", "digits", "test-bits", "entropy", "sharp-bits", "word-half"} {
		p.until(fmt.Sprintf("document.getElementById(%q)", id))
	}
	p.until(`document.querySelectorAll(".letters button").length > 10`)
	return p
}

func TestPerplexityLooks(t *testing.T) {
	p := perplexityPage(t, "")
	p.click(`[data-letter="t"]`)
	p.click(`#show`)
	p.until(`document.getElementById("mine")`)
	p.looked()
}

// TestPerplexityGuess: n chips of N on the letter that came are (n + 0.1) / (N + 0.1 V).
func TestPerplexityGuess(t *testing.T) {
	p := perplexityPage(t, "")
	alphabet := value[float64](p, `document.querySelectorAll(".letters button").length`)
	p.click(`#show`) // no chips: all letters are alike
	p.until(`document.getElementById("mine")`)
	near(t, "no chips", shown(t, p.text("#mine")), math.Log2(alphabet), 2e-3)
	p.click(`#another`)
	p.until(`!document.getElementById("mine")`)
	p.click(`[data-letter="t"]`)
	p.click(`[data-letter="t"]`)
	p.click(`[data-letter="i"]`)
	if got := value[string](p, `document.querySelector('[data-letter="t"]').getAttribute("aria-label")`); got != "letter t, 2 chips" && got != "t, 2 chips" {
		t.Errorf("the button says %q", got)
	}
	p.click(`#show`)
	p.until(`document.getElementById("mine")`)
	chips := map[string]float64{"t": 2, "i": 1}[p.text(".line .shown")]
	near(t, "three chips", shown(t, p.text("#mine")), -math.Log2((chips+0.1)/(3+0.1*alphabet)), 5e-3)
	near(t, "perplexity", shown(t, p.text("#my-perplexity")), math.Exp2(-math.Log2((chips+0.1)/(3+0.1*alphabet))), 5e-3)
	if n := value[int](p, `document.querySelectorAll("#board rect").length`); n != 6 {
		t.Errorf("%d bars, not those of the reader and five models", n)
	}
}

// TestPerplexityKeys: the game is played by keyboard to the end of the line.
func TestPerplexityKeys(t *testing.T) {
	p := perplexityPage(t, "")
	value[bool](p, `(document.getElementById("show").focus(), true)`)
	p.do(chromedp.KeyEvent("e"), chromedp.KeyEvent("e"))
	p.until(`document.querySelector('[data-letter="e"]').getAttribute("aria-pressed") === "true"`)
	p.click(`#takeback`)
	p.until(`document.querySelector('[data-letter="e"]').getAttribute("aria-pressed") === "false"`)
	for range 80 {
		if value[bool](p, `document.getElementById("show").disabled`) {
			break
		}
		before := value[int](p, `document.querySelectorAll(".line .shown").length`)
		value[bool](p, `(document.getElementById("show").click(), true)`)
		p.until(fmt.Sprintf(`document.querySelectorAll(".line .shown").length > %d`, before))
	}
	if line := p.text(".line"); !strings.HasSuffix(line, "⏎") {
		t.Errorf("the line ends with %q", line)
	}
}

// TestPerplexityCode: a code is at most two digits longer than what it costs is.
func TestPerplexityCode(t *testing.T) {
	p := perplexityPage(t, "")
	last := 0.0
	for _, letters := range []string{"1", "5", "12"} {
		p.move("#coded input", letters)
		p.until(`document.querySelectorAll("#code svg path").length === ` + letters + ` - 1`)
		bits, digits := shown(t, p.text("#code-bits")), shown(t, p.text("#digit-count"))
		if digits < bits-1e-3 || digits > math.Ceil(bits)+1 {
			t.Errorf("%s letters of %v bits have %v digits", letters, bits, digits)
		}
		if bits < last || strings.Trim(p.text("#digits"), "01") != "" {
			t.Errorf("%v bits after %v, digits %s", bits, last, p.text("#digits"))
		}
		last = bits
	}
	p.move("#code-order input", "1")
	p.until(fmt.Sprintf(`Number(document.getElementById("code-bits").textContent) > %v`, last))
	if p.text("#order output") != "1" {
		t.Error("the order of section 3 stays behind")
	}
}

// TestPerplexityIsThatOfTheCommand: the table has the numbers of rasp ngram and rasp
// perplexity.
func TestPerplexityIsThatOfTheCommand(t *testing.T) {
	p := perplexityPage(t, "")
	for _, smoothing := range []string{"kneser-ney", "witten-bell", "add-k"} {
		value[bool](p, fmt.Sprintf(`(() => { const s = document.getElementById("smoothing"); s.value = %q; s.dispatchEvent(new Event("change")); return true; })()`, smoothing))
		p.settled()
		p.until(fmt.Sprintf(`document.querySelector("#learnt pre.command").textContent.includes(%q)`, smoothing))
		folder := t.TempDir()
		p.save(folder, "train.txt")
		p.save(folder, "test.txt")
		for order := 1; order <= 5; order++ {
			command(t, folder, "ngram", "train.txt", "-o", "grams.arpa", "--order", strconv.Itoa(order), "--smoothing", smoothing)
			for column, text := range map[int]string{3: "train.txt", 4: "test.txt"} {
				r := result(t, command(t, folder, "perplexity", "grams.arpa", text, "--sentences", "--split", "chars", "--json"))
				cell := p.text(fmt.Sprintf("#orders tbody tr:nth-child(%d) td:nth-child(%d)", order, column))
				near(t, fmt.Sprintf("%s %d %s", smoothing, order, text), shown(t, cell), r.Bits, 5e-6)
			}
		}
	}
}

type rated struct {
	Bits       float64 `json:"bits_per_token"`
	Perplexity float64 `json:"perplexity"`
	Error      float64 `json:"standard_error"`
	Infinite   bool    `json:"infinite"`
	Zeros      int     `json:"zeros"`
}

func result(t *testing.T, text string) (r rated) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &r); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return r
}

// TestPerplexityWithoutSmoothing: what was never seen is impossible, and the perplexity
// infinite.
func TestPerplexityWithoutSmoothing(t *testing.T) {
	p := perplexityPage(t, "")
	value[bool](p, `(() => { const s = document.getElementById("smoothing"); s.value = "mle"; s.dispatchEvent(new Event("change")); return true; })()`)
	p.until(`document.getElementById("test-bits").textContent === "∞"`)
	if p.text("#test-perplexity") != "∞" {
		t.Error("the perplexity is finite")
	}
	folder := t.TempDir()
	p.save(folder, "train.txt")
	p.save(folder, "test.txt")
	command(t, folder, "ngram", "train.txt", "-o", "grams.rasp", "--smoothing", "mle")
	if r := result(t, command(t, folder, "perplexity", "grams.rasp", "test.txt", "--sentences", "--split", "chars", "--json")); !r.Infinite {
		t.Error("the command has a finite one")
	}
}

// TestPerplexityOwnText: somebody pastes a text, has it cleaned, and is told what is wrong.
func TestPerplexityOwnText(t *testing.T) {
	p := perplexityPage(t, "")
	value[bool](p, `(() => { const s = document.getElementById("text"); s.value = "own"; s.dispatchEvent(new Event("change")); return true; })()`)
	p.until(`document.querySelector("#learnt").textContent.includes("Paste a text")`)
	p.move("#own", "Only one line.")
	p.until(`document.querySelector("#learnt [role=alert]")?.textContent.includes("two lines")`)
	p.move("#own", "To be, or not to be. That is the question! To die; to sleep, no more? To be is to sleep.")
	p.click("#clean")
	p.until(`document.getElementById("test-bits")`)
	if got := value[string](p, `document.getElementById("own").value`); got != "to be or not to be\nthat is the question\nto die\nto sleep no more\nto be is to sleep\n" {
		t.Errorf("cleaned: %q", got)
	}
}

// TestPerplexityFloor: the entropy is exact, and the compiled model and the n-grams have the
// numbers of the command.
func TestPerplexityFloor(t *testing.T) {
	p := perplexityPage(t, "")
	near(t, "entropy", shown(t, p.text("#entropy")), -0.9*math.Log2(0.9)-0.1*math.Log2(0.1), 2e-6)
	folder := t.TempDir()
	for _, name := range []string{"source.rasp", "learnt.txt", "text.txt"} {
		p.save(folder, name)
	}
	r := result(t, command(t, folder, "perplexity", "source.rasp", "text.txt", "--json"))
	near(t, "the program", shown(t, p.text("#compiled-bits")), r.Bits, 1e-5)
	command(t, folder, "ngram", "learnt.txt", "-o", "grams.arpa", "--order", strings.TrimSuffix(p.text("#best-order"), "-gram"), "--smoothing", "witten-bell")
	r = result(t, command(t, folder, "perplexity", "grams.arpa", "text.txt", "--split", "chars", "--json"))
	near(t, "the best n-gram", shown(t, p.text("#best-gram")), r.Bits, 5e-6)

	p.move("#keep input", "0.5")
	p.until(`document.getElementById("entropy").textContent === "1"`)
	p.move("#letters input", "4")
	want := -0.5*math.Log2(0.5) - 0.5*math.Log2(0.5/3)
	p.until(fmt.Sprintf(`Math.abs(Number(document.getElementById("entropy").textContent) - %v) < 1e-4`, want))
}

// TestPerplexityExercises: answers are right or wrong by what the engine computes.
func TestPerplexityExercises(t *testing.T) {
	p := perplexityPage(t, "")
	answer := func(id, text, want string) {
		t.Helper()
		p.move("#"+id+" input", text)
		p.click("#" + id + " button[type=submit]")
		p.until(fmt.Sprintf(`document.querySelector("#%s [aria-live]").textContent.startsWith(%q)`, id, want))
	}
	answer("exercise-bits", "4", "✗")
	answer("exercise-bits", "4,757", "✓") // 2^(9/4)
	answer("exercise-bits", "much", "“much” is no number")
	answer("exercise-floor", "3", "✗")
	answer("exercise-floor", "4", "✓")
	answer("exercise-learn", "1", "✗")
	answer("exercise-learn", "9", "✗")
	p.move("#back input", "6")
	p.until(`document.querySelector("#source figcaption").textContent.includes("7-gram")`)
	answer("exercise-floor", "0", "✓")
}

// TestPerplexityTemperature: it moves the bits, and never the accuracy.
func TestPerplexityTemperature(t *testing.T) {
	p := perplexityPage(t, "")
	bits, right := p.text("#sharp-bits"), p.text("#sharp-right")
	if bits != p.text("#test-bits") {
		t.Errorf("at temperature 1 there are %s bits, and %s in section 3", bits, p.text("#test-bits"))
	}
	for _, at := range []string{"0", "13"} {
		p.move("#temperature input", at)
		p.until(fmt.Sprintf(`document.getElementById("sharp-bits").textContent !== %q`, bits))
		if shown(t, p.text("#sharp-bits")) <= shown(t, bits) || p.text("#sharp-right") != right {
			t.Errorf("bits %s, likeliest %s", p.text("#sharp-bits"), p.text("#sharp-right"))
		}
	}
}

// TestPerplexityWords: the words of a pasted text are counted.
func TestPerplexityWords(t *testing.T) {
	p := perplexityPage(t, "")
	p.move("#words-text", "a a a a b b c d")
	p.until(`document.getElementById("word-tokens").textContent === "8"`)
	if p.text("#word-half") != "1" || p.text("#word-bits") != "1.75" || p.text("#exponent") != "–" {
		t.Errorf("half %s, bits %s, exponent %s", p.text("#word-half"), p.text("#word-bits"), p.text("#exponent"))
	}
	var b strings.Builder
	for rank := 1; rank <= 40; rank++ {
		b.WriteString(strings.Repeat(fmt.Sprintf("w%d ", rank), 8000/rank))
	}
	p.move("#words-text", b.String())
	p.until(`Number(document.getElementById("exponent").textContent) > 0.99 && Number(document.getElementById("exponent").textContent) < 1.01`)
	p.move("#words-text", "... !!!")
	p.until(`document.querySelector("#counted [role=alert]")?.textContent.includes("no words")`)
}

// TestPerplexityLink: the address holds what was moved.
func TestPerplexityLink(t *testing.T) {
	p := perplexityPage(t, "")
	p.move("#order input", "5")
	p.move("#keep input", "0.7")
	p.move("#coded input", "3")
	p.until(`location.hash.length > 20`)
	p.settled()
	value[bool](p, "new Promise(r => setTimeout(() => r(true), 500))")
	bits, entropy, hash := p.text("#test-bits"), p.text("#entropy"), value[string](p, "location.hash")
	again := perplexityPage(t, hash)
	if again.text("#test-bits") != bits || again.text("#entropy") != entropy || again.text("#order output") != "5" || again.text("#coded output") != "3" {
		t.Errorf("the link has %s bits, entropy %s", again.text("#test-bits"), again.text("#entropy"))
	}
}

// TestPerplexityPrints: a PDF has the figures, and what the sliders stand at.
func TestPerplexityPrints(t *testing.T) {
	p := perplexityPage(t, "")
	if size := p.printed(); size < 50_000 {
		t.Errorf("a PDF of %d bytes", size)
	}
	p.printing()
	if !value[bool](p, `document.querySelector("#order output").checkVisibility() && !document.getElementById("show").checkVisibility()`) {
		t.Error("in print a slider's value is hidden, or a button is not")
	}
}

func TestPerplexityAxe(t *testing.T) {
	p := perplexityPage(t, "")
	p.bypassPolicy()
	p.do(chromedp.Reload())
	p.until(`document.getElementById("entropy") && document.getElementById("sharp-bits") && document.getElementById("digits")`)
	p.isAccessible()
}
