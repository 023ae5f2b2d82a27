package check

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rasp/lang"
	"rasp/lang/diag"
	"rasp/lang/golden"
)

// errorsOf checks a program and keeps the errors.
func errorsOf(name, text string) (errors diag.List) {
	p, faults := lang.Parse(name, text)
	for _, d := range Program(p, faults, lang.ReadFile) {
		if d.Severity != diag.Warning {
			errors = append(errors, d)
		}
	}
	return errors
}

// running calls visit with every program of testdata and stdlib that runs
// without a fault.
func running(t *testing.T, visit func(name, text string)) {
	t.Helper()
	paths, err := filepath.Glob("../../testdata/*/*.rasp")
	if err != nil {
		t.Fatal(err)
	}
	ready, err := filepath.Glob("../../stdlib/*.rasp")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	t.Chdir("..") // files are loaded from there
	for _, path := range append(paths, ready...) {
		text, err := os.ReadFile(strings.TrimPrefix(path, "../"))
		if err != nil {
			t.Fatal(err)
		}
		chunks, err := golden.Read(path, string(text))
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range chunks {
			p, faults := lang.Parse(path, c.Text)
			_, wrong := p.Outputs(nil, p.File.Directives.Vocab) // a fault of the output, not of what runs
			if faults.Err() == nil && (wrong == nil || wrong.Span.Source == nil) {
				n++
				visit(path+": "+c.Title, c.Text)
			}
		}
	}
	if n < 100 {
		t.Errorf("only %d programs", n)
	}
}

// TestRunning: a program that runs has no errors, neither as it is nor as the
// body of a function that nothing calls, where all is up to the shapes.
func TestRunning(t *testing.T) {
	running(t, func(name, text string) {
		if strings.Contains(name, "bodies are checked only when they run") || strings.Contains(name, "testdata/check/") {
			return
		}
		if errors := errorsOf(name, text); len(errors) > 0 && errors[0].Kind != diag.Domain { // which inputs there are is no part of what runs
			t.Errorf("%s\n%s", name, errors[0].Render())
		}
		body := "def never_called() {\n" + strings.ReplaceAll(text, "#rasp:", "# ") + "\nreturn 1;\n}\n"
		if errors := errorsOf(name, body); len(errors) > 0 && errors[0].Kind != diag.Syntax {
			t.Errorf("%s, in a function\n%s", name, errors[0].Render())
		}
	})
}
