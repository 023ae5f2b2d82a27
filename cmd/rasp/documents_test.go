package main

import (
	"bufio"
	"bytes"
	"context"
	"flag"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "rewrite what is made in the documents: outputs, pictures, pages of commands, contents")

const again = "go test ./cmd/rasp -run Documents -update rewrites the documents"

// slow are the documents whose commands take more than a second.
var slow = map[string]bool{"docs/programs.md": true, "docs/raspbench.md": true}

// TestDocuments runs the console blocks of each document in an empty folder, in
// their order, and compares what they print, and the pictures that they draw into
// docs/. See transcript for what a block may hold.
func TestDocuments(t *testing.T) {
	root := repository(t)
	blocks := regexp.MustCompile("(?s)```console\n.*?```")
	for _, name := range documents(t, root) {
		t.Run(name, func(t *testing.T) {
			if testing.Short() && slow[name] {
				t.Skip("slow")
			}
			text, err := os.ReadFile(filepath.Join(root, name))
			require.NoError(t, err)
			t.Chdir(t.TempDir())
			require.NoError(t, os.Mkdir("docs", 0o755))
			got := blocks.ReplaceAllStringFunc(string(text), func(block string) string {
				body := strings.TrimSuffix(strings.TrimPrefix(block, "```console\n"), "```")
				return "```console\n" + transcript(t, root, body) + "```"
			})
			comparePictures(t, root)
			if *update {
				require.NoError(t, os.WriteFile(filepath.Join(root, name), []byte(got), 0o644))
				return
			}
			compareLines(t, string(text), got)
		})
	}
}

// compareLines shows the first line that differs.
func compareLines(t *testing.T, want, got string) {
	t.Helper()
	expected, found := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range min(len(expected), len(found)) {
		if expected[i] != found[i] {
			t.Fatalf("line %d:\nexpected %s\nfound    %s\n%s", i+1, expected[i], found[i], again)
		}
	}
	require.Len(t, found, len(expected), again)
}

// transcript is a console block with the outputs of now. In a block
//
//	$ cat FILE             makes the file of the lines that follow
//	$ rasp ARGS            runs, as does go run ./cmd/rasp ARGS; < FILE gives it the file
//	$ rasp repl            types the lines after >> and .. that follow
//	$ python3 docs/F ARGS  runs where Python has what F takes; see python
//	$ go ARGS              stands as it is
func transcript(t *testing.T, root, body string) string {
	t.Helper()
	var b strings.Builder
	for _, part := range regexp.MustCompile(`(?m)^\$ `).Split(body, -1)[1:] {
		command, output, _ := strings.Cut(part, "\n")
		b.WriteString("$ " + command + "\n")
		words := shellWords(strings.Replace(command, "go run ./cmd/rasp", "rasp", 1))
		switch words[0] {
		case "cat":
			require.NoError(t, os.WriteFile(words[1], []byte(output), 0o644))
		case "rasp":
			all := newScreen()
			var stdin io.Reader = newTypist(output, all)
			if n := len(words); n > 2 && words[n-2] == "<" {
				stdin, words = strings.NewReader(read(t, words[n-1])), words[:n-2]
			}
			execute(context.Background(), words[1:], stdin, all, all)
			output = all.String()
			if words[1] == "repl" {
				output = strings.TrimSuffix(output, ">> \n")
			}
		case "python3":
			output = python(t, root, words[1:], output)
		case "go":
		default:
			t.Errorf("a document runs %s", words[0])
		}
		b.WriteString(output)
	}
	return b.String()
}

// python is what a script of the repository prints. One that only prints, and takes NumPy,
// is believed where that is missing; of one that writes files for later commands, which takes
// nothing, the document is left out where there is no Python at all.
func python(t *testing.T, root string, args []string, expected string) string {
	t.Helper()
	if _, err := exec.LookPath("python3"); err != nil && args[0] == "docs/edit.py" {
		t.Skip("there is no Python")
	}
	if args[0] != "docs/edit.py" && (testing.Short() || exec.Command("python3", "-c", "import numpy, safetensors").Run() != nil) {
		return expected
	}
	output, err := exec.Command("python3", append([]string{filepath.Join(root, args[0])}, args[1:]...)...).CombinedOutput()
	require.NoError(t, err, string(output))
	return string(output)
}

// screen is what a terminal shows.
type screen struct {
	mutex   sync.Mutex
	changed *sync.Cond
	text    bytes.Buffer
}

func newScreen() *screen {
	s := &screen{}
	s.changed = sync.NewCond(&s.mutex)
	return s
}

func (s *screen) Write(p []byte) (int, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.changed.Broadcast()
	return s.text.Write(p)
}

func (s *screen) String() string {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.text.String()
}

var atPrompt = regexp.MustCompile(`(^|\n)(>>|\.\.) *$`)

// echo shows a line behind the next prompt.
func (s *screen) echo(line string) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	for !atPrompt.Match(s.text.Bytes()) {
		s.changed.Wait()
	}
	s.text.WriteString(line + "\n")
}

// typist reads the lines that a session shows after its prompts, one at a time and when
// it is asked for them, and shows them as a terminal does.
type typist struct {
	lines  *bufio.Scanner
	screen *screen
}

func newTypist(session string, screen *screen) *typist {
	return &typist{bufio.NewScanner(strings.NewReader(session)), screen}
}

func (s *typist) Read(p []byte) (int, error) {
	for s.lines.Scan() {
		line := s.lines.Text()
		if rest, ok := strings.CutPrefix(line, ">> "); ok {
			line = rest
		} else if line, ok = strings.CutPrefix(line, ".. "); !ok {
			continue
		}
		typed := strings.TrimLeft(line, " ")
		if typed == "" {
			continue // the prompt at which the session ends
		}
		s.screen.echo(typed)
		return copy(p, typed+"\n"), nil
	}
	return 0, io.EOF
}

// shellWords splits at blanks outside single quotes.
func shellWords(command string) []string {
	var words []string
	for _, word := range regexp.MustCompile(`'[^']*'|\S+`).FindAllString(command, -1) {
		words = append(words, strings.Trim(word, "'"))
	}
	return words
}

// comparePictures compares what was written into docs/ with what stands there.
func comparePictures(t *testing.T, root string) {
	t.Helper()
	made, err := filepath.Glob("docs/*")
	require.NoError(t, err)
	for _, name := range made {
		drawn := read(t, name)
		if *update {
			require.NoError(t, os.WriteFile(filepath.Join(root, name), []byte(drawn), 0o644))
			continue
		}
		assert.Equal(t, read(t, filepath.Join(root, name)), drawn, "%s: %s", name, again)
	}
}
