package check

import (
	"os"
	"path/filepath"
	"testing"

	"rasp/lang"
	"rasp/runtime/bounded"
)

// FuzzProgram: no text makes the checker panic or hang, and each finding has its
// place in the text.
func FuzzProgram(f *testing.F) {
	paths, err := filepath.Glob("../../testdata/*/*.rasp")
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Fuzz(func(t *testing.T, text string) {
		bounded.Work(t)
		p, faults := lang.Parse("fuzz.rasp", text)
		last := 0
		for _, d := range Program(p, faults, func(string) (string, error) { return "", os.ErrNotExist }) {
			if d.Span.Source == nil || d.Span.Start < last || d.Span.End > len(text) {
				t.Errorf("%s: out of place", d)
			}
			last = d.Span.Start
			bounded.Words(t, d.Render(), text)
		}
	})
}
