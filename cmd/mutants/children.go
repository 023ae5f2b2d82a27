package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"rasp/cmd/mutants/mutant"
)

// Result is a mutant and what became of it.
type Result struct {
	*Mutant
	Found
}

// mostPrograms is how many programs a mutant may take all the patience over.
const mostPrograms = 15

func (w *workshop) child(ctx context.Context, number, count int, args ...string) ([]byte, error) {
	c := exec.CommandContext(ctx, filepath.Join(w.dir, "child"), append([]string{"-root", w.root, "-programs", strconv.Itoa(count), fmt.Sprintf("-proofs=%t", *proofs), "-patience", patience.String()}, args...)...)
	c.Env = append(os.Environ(), mutant.Variable+"="+strconv.Itoa(number))
	var says bytes.Buffer
	c.Stderr = &says
	out, err := c.Output()
	if err != nil {
		err = fmt.Errorf("%w: %s", err, lastPart(says.String()))
	}
	return out, err
}

// survey compiles the programs with the compiler as it is.
func (w *workshop) survey(count int) error {
	out, err := w.child(context.Background(), 0, count, "-as-survey", strconv.Itoa(w.functions))
	if err != nil {
		return err
	}
	return os.WriteFile(w.known(), out, 0o644)
}

func (w *workshop) known() string { return filepath.Join(w.dir, "known.json") }

// runAll runs so many mutants at a time, as far as the time allows.
func (w *workshop) runAll(count, jobs int, tests bool, until time.Time) []Result {
	results := make([]Result, len(w.mutants))
	var group sync.WaitGroup
	slots := make(chan bool, jobs)
	for i, m := range w.mutants {
		slots <- true
		if time.Now().After(until) {
			results = results[:i]
			break
		}
		group.Go(func() {
			defer func() { <-slots }()
			results[i] = Result{m, w.run(m, count)}
			if f := &results[i].Found; tests && f.Notice == "" && (f.Differ > 0 || f.Wrong != "") {
				w.test(m, f)
			}
			fmt.Fprintf(os.Stderr, "%d %s: %s\n", m.Number, m, results[i].Found.verdict())
		})
	}
	group.Wait()
	return results
}

// run is a mutant in a process of its own. One that ends without an answer has crashed.
func (w *workshop) run(m *Mutant, count int) (f Found) {
	ctx, cancel := context.WithTimeout(context.Background(), mostPrograms**patience)
	defer cancel()
	out, err := w.child(ctx, m.Number, count, "-as-mutant", w.known(), "-function", strconv.Itoa(m.function.number))
	switch {
	case ctx.Err() != nil:
		return Found{Notice: byTimeout}
	case err != nil:
		return Found{Notice: byCrash, Says: err.Error()}
	}
	if err := json.Unmarshal(out, &f); err != nil {
		return Found{Notice: byCrash, Says: err.Error()}
	}
	return f
}

// test asks the unit tests of the package.
func (w *workshop) test(m *Mutant, f *Found) {
	ctx, cancel := context.WithTimeout(context.Background(), mostPrograms**patience)
	defer cancel()
	c := exec.CommandContext(ctx, "go", "test", "-short", "-count=1", "-overlay", filepath.Join(w.dir, "overlay.json"), "./compiler/"+m.Package)
	c.Dir = w.root
	c.Env = append(os.Environ(), mutant.Variable+"="+strconv.Itoa(m.Number))
	if out, err := c.CombinedOutput(); err != nil && strings.Contains(string(out), "FAIL") {
		f.Notice, f.Says = byTests, lastPart(string(out))
	}
}

// lastPart of a long text.
func lastPart(text string) string { return text[max(0, len(text)-400):] }
