//go:build linux || darwin

package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// person sits at a terminal with a command.
type person struct {
	t        *testing.T
	terminal *os.File
	cmd      *exec.Cmd

	mu   sync.Mutex
	seen bytes.Buffer
}

func atTerminal(t *testing.T, state string, env ...string) *person {
	t.Helper()
	p := &person{t: t, cmd: exec.Command("rasp", "repl")}
	p.cmd.Env = append(append(os.Environ(), "TERM=xterm", "XDG_STATE_HOME="+state), env...)
	p.sitsDown()
	return p
}

// sitsDown starts the command on a terminal, and looks at it from then on.
func (p *person) sitsDown() {
	t := p.t
	t.Helper()
	var err error
	p.terminal, err = pty.StartWithSize(p.cmd, &pty.Winsize{Rows: 40, Cols: 100})
	require.NoError(t, err)
	t.Cleanup(func() { p.terminal.Close() })
	go func() {
		buffer := make([]byte, 4096)
		for {
			n, err := p.terminal.Read(buffer)
			p.mu.Lock()
			p.seen.Write(buffer[:n])
			p.mu.Unlock()
			if err != nil {
				return
			}
		}
	}()
}

// types presses keys and waits for an answer; before is how much was seen by then.
func (p *person) types(keys, answer string) (before int) {
	p.t.Helper()
	p.mu.Lock()
	before = p.seen.Len()
	p.mu.Unlock()
	_, err := p.terminal.WriteString(keys)
	require.NoError(p.t, err)
	p.sees(before, answer)
	return before
}

// sees waits for one of some answers, for as long as tests may take: a busy machine is slow.
func (p *person) sees(after int, answers ...string) string {
	p.t.Helper()
	last, limited := p.t.Deadline()
	last = last.Add(-5 * time.Second) // to say what did not appear
	for ; !limited || time.Now().Before(last); time.Sleep(5 * time.Millisecond) {
		p.mu.Lock()
		seen := p.seen.String()[after:]
		p.mu.Unlock()
		if found := slices.IndexFunc(answers, func(answer string) bool { return strings.Contains(seen, answer) }); found >= 0 {
			return answers[found]
		}
	}
	p.t.Fatalf("none of %q appeared after %q", answers, p.seen.String()[after:])
	return ""
}

// leaves with Ctrl-D and returns the exit status.
func (p *person) leaves() int {
	p.t.Helper()
	_, err := p.terminal.WriteString("\x04")
	require.NoError(p.t, err)
	_ = p.cmd.Wait()
	return p.cmd.ProcessState.ExitCode()
}

func TestReplOnATerminal(t *testing.T) {
	state := t.TempDir()
	p := atTerminal(t, state)
	p.sees(0, ">> ")
	p.sees(0, "help lists")
	p.types("x = selector_wid\t", "x = selector_width(") // Tab
	p.types("full_s);\r", "[5]*5")
	p.types("def f(a) {\r", "..   ")
	p.types("\x03", ">> ") // Ctrl-C drops the definition
	p.types("x + 1;\r", "[6]*5")
	p.types("\x1b[A\r", "[6]*5") // the arrow up: x + 1 again
	p.types("1/0;\r", "\x1b[31mvalue error")
	p.types("def g(n) { return 1 if n == 0 else g(n-1) + g(n-1); }\r", "console function: g(n)")
	assert.Zero(t, p.leaves())

	history, err := os.ReadFile(filepath.Join(state, "rasp", "history"))
	require.NoError(t, err)
	assert.Contains(t, string(history), "x = selector_width(full_s);\n")

	p = atTerminal(t, state, "NO_COLOR=1")
	p.sees(0, ">> ")
	p.types("\x1b[A\r", "console function: g(n)") // from the history
	p.types("1/0;\r", "\nvalue error")
	assert.Zero(t, p.leaves())
}

func TestInterruptOfAStatementKeepsTheSession(t *testing.T) {
	p := atTerminal(t, t.TempDir())
	p.sees(0, ">> ")
	p.types("def g(n) { return 1 if n == 0 else g(n-1) + g(n-1); }\r", "console function: g(n)")
	for ended := "limit error"; ended != "interrupted"; { // on a busy machine it may end by itself
		before := p.types("for i in range(1000000) { g(9); }\r", "\n")
		require.NoError(t, p.cmd.Process.Signal(syscall.SIGINT))
		ended = p.sees(before, "interrupted", "limit error")
	}
	p.types("1+2;\r", "3")
	assert.Zero(t, p.leaves())
}

// shown is what a command shows at a terminal.
func shown(t *testing.T, env string, args ...string) string {
	t.Helper()
	cmd := exec.Command("rasp", args...)
	cmd.Env = append(os.Environ(), "TERM=xterm", env)
	terminal, err := pty.Start(cmd)
	require.NoError(t, err)
	defer terminal.Close()
	var seen bytes.Buffer
	_, _ = seen.ReadFrom(terminal) // ends with an error when the command has ended
	require.NoError(t, cmd.Wait(), seen.String())
	return strings.ReplaceAll(seen.String(), "\r\n", "\n")
}

func TestNextOnATerminal(t *testing.T) {
	t.Chdir(t.TempDir())
	require.NoError(t, os.WriteFile("w.rasp", []byte("#rasp:vocab \"ab\"\n#rasp:length 4\n#rasp:causal\nnext = {\"a\": 0.8, \"b\": 0.17};\n"), 0o644))
	assert.Equal(t, "\"a\"  0.8247      0.278 bits  "+strings.Repeat("█", 40)+"\n\"b\"  0.1753      2.512 bits  "+strings.Repeat("█", 8)+"▌\nentropy 0.670 bits\n", shown(t, "", "next", "w.rasp", "ab"))
}

// A text is coloured as it stands, in lines, with a legend; without colours it is a table.
func TestSurprisalsOnATerminal(t *testing.T) {
	t.Chdir(t.TempDir())
	const program = "#rasp:vocab [\"the\", \"cat\", \"sat\"]\n#rasp:length 4\n#rasp:causal\nnext = {\"the\": 1, \"cat\": 15};\n"
	require.NoError(t, os.WriteFile("w.rasp", []byte(program), 0o644))
	require.NoError(t, os.WriteFile("text", []byte("the cat\n\nthe sat\n"), 0o644))
	const swatch = "\x1b[38;5;16;48;5;"
	seen := shown(t, "", "perplexity", "w.rasp", "text", "--tokens")
	want := "\x1b[2mthe\x1b[0m " + swatch + "231mcat\x1b[0m\n\n" + swatch + "210mthe\x1b[0m \x1b[38;5;231;48;5;16msat\x1b[0m\n\nbits: " + swatch + "231m below 1 \x1b[0m "
	assert.Equal(t, want, seen[:min(len(want), len(seen))])
	assert.Contains(t, seen, "\n\n"+cyan+"text"+plain+"          words; one text")
	seen = shown(t, "NO_COLOR=1", "perplexity", "w.rasp", "text", "--tokens")
	assert.NotContains(t, seen, "\x1b")
	assert.Contains(t, seen, "     3  3:1          4.0000  0.0625       \"the\"\n")
}

// A trace has its styles, and no other control character of what it shows.
func TestTraceOnATerminal(t *testing.T) {
	t.Chdir(t.TempDir())
	require.NoError(t, os.WriteFile("w.rasp", []byte("#rasp:vocab [\"a\\u001b[2J\", \"b\"]\n#rasp:length 3\nx = aggregate(select(indices, 0, ==), tokens);\n"), 0o644))
	seen := shown(t, "NO_COLOR=", "trace", "w.rasp", `["a\u001b[2J", "b"]`)
	assert.Contains(t, seen, bold+"layer 0"+plain)
	assert.Contains(t, seen, "a␛[2J")
	assert.NotContains(t, seen, "\x1b[2J")
	assert.NotContains(t, seen, "␛[0m")
}
