// Package e2e opens the pages in a browser, clicks and reads. They come from rasp serve, in
// a process of its own; RASP names the program, else it is built. Without Chromium the tests
// skip, and say so.
//
// harness_test.go has what all tests are made of: a browser, a tab with a page, and steps
// that fail the test where they fail. SHOTS names a folder for screenshots.
package e2e

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// patience is how long a page may take for a step on a machine at work.
const patience = 60 * time.Second

var shared struct {
	browser context.Context
	address string // of the server, with a slash at the end
	missing string // why there is no browser
	folder  string // for what tests make
}

func TestMain(m *testing.M) { os.Exit(tested(m)) }

func tested(m *testing.M) int {
	path := browserPath()
	if path == "" {
		shared.missing = "no Chromium is installed: pages are not opened"
		return m.Run()
	}
	folder, err := os.MkdirTemp("", "rasp-e2e")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(folder)
	shared.folder = folder
	address, stop, err := serve(folder)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer stop()
	allocator, end := chromedp.NewExecAllocator(context.Background(),
		append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.UserDataDir(filepath.Join(folder, "profile")))...)
	defer end()
	browser, close := chromedp.NewContext(allocator)
	defer close()
	if err := chromedp.Do(browser); err != nil { // starts it, without a timeout
		fmt.Fprintln(os.Stderr, "the browser does not start:", err)
		return 1
	}
	shared.browser, shared.address = browser, address
	return m.Run()
}

func browserPath() string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// program is rasp: the one that RASP names, else one that is built in the folder of tests.
var program = sync.OnceValues(func() (string, error) {
	if path := os.Getenv("RASP"); path != "" {
		return path, nil
	}
	path := filepath.Join(shared.folder, "rasp")
	build := exec.Command("go", "build", "-o", path, "./cmd/rasp")
	build.Dir = "../../../../.."
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return path, nil
})

// serve starts rasp serve on a free port.
func serve(folder string) (address string, stop func(), err error) {
	rasp, err := program()
	if err != nil {
		return "", nil, err
	}
	server := exec.Command(rasp, "serve", "--http", "127.0.0.1:0")
	server.Dir, server.Stderr = folder, os.Stderr
	out, err := server.StdoutPipe()
	if err != nil {
		return "", nil, err
	}
	if err := server.Start(); err != nil {
		return "", nil, err
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	return strings.TrimSpace(line), func() { _ = server.Process.Kill(); _ = server.Wait() }, err
}

// tab is a page that a test has open.
type tab struct {
	t       *testing.T
	ctx     context.Context
	address string
}

// visit opens a page of the server, such as "index.html#v1...". What goes wrong on it, in
// scripts, on the console, against the content policy, fails the test at its end.
func visit(t *testing.T, page string) *tab {
	t.Helper()
	if shared.missing != "" {
		t.Skip(shared.missing)
	}
	return visitAt(t, shared.address+page)
}

func visitAt(t *testing.T, address string) *tab {
	t.Helper()
	ctx, leave := chromedp.NewContext(shared.browser)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	limited, cancel := context.WithTimeout(ctx, 4*patience)
	messages := chromedp.Console(ctx)
	var faults []string
	read := make(chan struct{})
	go func() {
		defer close(read)
		for m, err := range messages {
			if err != nil {
				return
			}
			if m.Type == "error" || m.Type == "warning" || m.Type == "exception" {
				faults = append(faults, fmt.Sprint(m))
			}
		}
	}()
	t.Cleanup(func() {
		cancel()
		leave()
		<-read
		if len(faults) > 0 {
			t.Errorf("on the console:\n%s", strings.Join(faults, "\n"))
		}
	})
	p := &tab{t, limited, address}
	p.do(chromedp.EmulateViewport(1280, 900), chromedp.Navigate(address))
	p.until(`document.getElementById("engine").textContent.startsWith("rasp ")`)
	return p
}

// do takes steps in order.
func (p *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	if err := chromedp.Do(p.ctx, steps...); err != nil {
		p.t.Fatal(err)
	}
}

// until waits for an expression to be true. It is not where it fails: what it asks for may not
// stand on the page yet.
func (p *tab) until(expression string) {
	p.t.Helper()
	if _, err := chromedp.Run(p.ctx, chromedp.Poll[chromedp.Void]("(() => { try { return Boolean("+expression+"); } catch { return false; } })()", chromedp.WithPollingTimeout(patience))); err != nil {
		p.shot("failed")
		p.t.Fatalf("never: %s: %v\non the page: %.2000s", expression, err, value[string](p, `document.getElementById("main").innerText`))
	}
}

// value is what an expression is on the page; promises are waited for.
func value[T any](p *tab, expression string) T {
	p.t.Helper()
	v, err := chromedp.Run(p.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		p.t.Fatalf("%s: %v", expression, err)
	}
	return v
}

// text is what stands in the first element of a selector, spaces made one.
func (p *tab) text(selector string) string {
	p.t.Helper()
	return strings.Join(strings.Fields(value[string](p, fmt.Sprintf("document.querySelector(%q)?.textContent ?? '(none)'", selector))), " ")
}

// click clicks on the first element of a selector, where the mouse would.
func (p *tab) click(selector string) {
	p.t.Helper()
	p.until(fmt.Sprintf("document.querySelector(%q)", selector))
	p.do(chromedp.ScrollIntoView(chromedp.CSS(selector)), chromedp.Click(chromedp.CSS(selector)))
}

// move sets a range or another field, as a user does.
func (p *tab) move(selector, to string) {
	p.t.Helper()
	p.until(fmt.Sprintf("document.querySelector(%q)", selector))
	value[bool](p, fmt.Sprintf("(() => { const x = document.querySelector(%q); x.value = %q; x.dispatchEvent(new Event('input', {bubbles: true})); x.dispatchEvent(new Event('change', {bubbles: true})); return true; })()", selector, to))
}

// shot writes a screenshot of the whole page to the folder that SHOTS names.
func (p *tab) shot(name string) {
	p.t.Helper()
	folder := os.Getenv("SHOTS")
	if folder == "" {
		return
	}
	picture, err := chromedp.Run(p.ctx, chromedp.FullScreenshot(100))
	if err != nil {
		p.t.Fatal(err)
	}
	file := filepath.Join(folder, strings.ReplaceAll(p.t.Name()+"-"+name, "/", "-")+".png")
	if err := os.WriteFile(file, picture, 0o644); err != nil {
		p.t.Fatal(err)
	}
}

// isAccessible runs axe, where it is installed, in both themes.
func (p *tab) isAccessible() {
	p.t.Helper()
	script, err := os.ReadFile("../../node_modules/axe-core/axe.min.js")
	if err != nil {
		p.t.Skip("axe-core is not installed: npm ci in cmd/rasp/web brings it")
	}
	value[bool](p, string(script)+"; true")
	for _, theme := range []string{"light", "dark"} {
		found := value[[]string](p, fmt.Sprintf(`(async () => {
			document.documentElement.dataset.theme = %q;
			const { violations } = await axe.run(document, { resultTypes: ["violations"] });
			return violations.filter(v => v.impact === "serious" || v.impact === "critical")
				.map(v => v.id + ": " + v.help + "\n  " + v.nodes.slice(0, 4).map(n => n.html.slice(0, 160) + " " + n.failureSummary.slice(0, 240)).join("\n  "));
		})()`, theme))
		if len(found) > 0 {
			p.t.Errorf("axe finds, in %s:\n%s", theme, strings.Join(found, "\n"))
		}
	}
}

// command runs rasp in a folder and gives what it prints as its result.
func command(t *testing.T, folder string, args ...string) string {
	t.Helper()
	rasp, err := program()
	if err != nil {
		t.Fatal(err)
	}
	run := exec.Command(rasp, args...)
	var stderr strings.Builder
	run.Dir, run.Stderr = folder, &stderr
	out, err := run.Output()
	if err != nil {
		t.Fatalf("rasp %s: %v\n%s%s", strings.Join(args, " "), err, out, stderr.String())
	}
	return string(out)
}
