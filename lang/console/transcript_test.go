package console

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the transcripts")

// TestTranscripts replays the sessions of testdata/transcripts. A transcript is what a
// person would see: prompts with what was typed after them, then the answers.
// Files are loaded from that folder.
func TestTranscripts(t *testing.T) {
	t.Chdir("testdata/transcripts")
	names, err := filepath.Glob("*.txt")
	if err != nil || len(names) == 0 {
		t.Fatalf("no transcripts: %v", err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(name, ".txt"), func(t *testing.T) {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			got := replayed(string(text))
			if *update {
				if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			want := strings.Split(string(text), "\n")
			for i, line := range strings.Split(got, "\n") {
				if i >= len(want) || line != want[i] {
					t.Fatalf("line %d is\n%s\nafter\n%s", i+1, line, strings.Join(want[:min(i, len(want))], "\n"))
				}
			}
			if got != string(text) {
				t.Fatal("the session ends too early")
			}
		})
	}
}

// replayed is the transcript of a session in which the lines are typed that
// stand after the prompts of another.
func replayed(transcript string) string {
	var out bytes.Buffer
	c := New(&out, Options{Read: readFile})
	for _, line := range strings.Split(transcript, "\n") {
		if !strings.HasPrefix(line, ">> ") && !strings.HasPrefix(line, ".. ") {
			continue
		}
		text, ok := strings.CutPrefix(line, c.Prompt())
		if !ok { // the input was edited by hand
			text = strings.TrimLeft(line[3:], " ")
		}
		out.WriteString(c.Prompt() + text + "\n")
		c.Line(text)
	}
	return out.String()
}

func readFile(path string) (string, error) {
	text, err := os.ReadFile(path)
	return string(text), err
}
