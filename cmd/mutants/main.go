// Mutants changes one line of the compiler at a time, and tells who notices: the facts held
// against the interpreter, the certificate, the last pass, the proof, the unit tests; or
// nobody, and then whether a wrong model came out.
//
//	go run ./cmd/mutants                  the changes that are written down, and 200 others
//	go run ./cmd/mutants -others 1000     more of them
//	go run ./cmd/mutants -tests           ask the unit tests about what nobody noticed
//
// All mutants are in one build (weave.go); each runs in a process of its own, over a fixed
// set of programs. docs/design/mutants.md says what came of it.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
)

var (
	others   = flag.Int("others", 200, "changes beside those that are written down: so many, an even choice of all")
	seed     = flag.Uint64("seed", 1, "which choice")
	count    = flag.Int("programs", 200, "programs that each mutant compiles")
	jobs     = flag.Int("jobs", runtime.NumCPU(), "mutants at a time")
	patience = flag.Duration("patience", 20*time.Second, "how long a program may take: more on a machine with other work on it")
	limit    = flag.Duration("for", 24*time.Hour, "begin no further mutant after so long")
	proofs   = flag.Bool("proofs", false, "prove each model that is another one, and notice what is not proved any more")
	tests    = flag.Bool("tests", false, "run the unit tests of its package on each mutant that nobody noticed")
	only     = flag.String("only", "", "changes written down with this in their name, and no others")
	asSurvey = flag.Int("as-survey", -1, "for children: survey, of so many functions")
	asMutant = flag.String("as-mutant", "", "for children: the survey")
	changed  = flag.Int("function", 0, "for children: the function that is changed")
	rootFlag = flag.String("root", ".", "the repository")
)

// folders of the compiler that are changed; what looks at the result (verify, observe,
// prove) is not.
var folders = []string{"analysis", "certify", "construct", "demand", "emit", "facts", "heads", "logits", "lower", "neurons", "plan", "rewrite", "sums", "table"}

func main() {
	flag.Parse()
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "mutants:", err)
		os.Exit(1)
	}
}

func run() error {
	if *asSurvey < 0 && *asMutant == "" {
		return parent(*rootFlag)
	}
	list, err := programs(*rootFlag, *count)
	if err != nil {
		return err
	}
	if *asSurvey >= 0 {
		return json.NewEncoder(os.Stdout).Encode(survey(list, *asSurvey))
	}
	text, err := os.ReadFile(*asMutant)
	if err != nil {
		return err
	}
	var known []Compiled
	if err := json.Unmarshal(text, &known); err != nil {
		return err
	}
	found := attempt(list, known, *changed)
	found.write()
	return nil
}

// parent builds the woven compiler, runs each mutant and reports.
func parent(root string) error {
	dir, err := os.MkdirTemp("", "mutants")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	w, err := prepare(root, dir, *others, *seed, *only)
	if err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "%d mutants of %d functions\n", len(w.mutants), w.functions)
	if err := w.survey(*count); err != nil {
		return err
	}
	results := w.runAll(*count, *jobs, *tests, time.Now().Add(*limit))
	report(os.Stdout, results, *count)
	return nil
}

// workshop is the woven compiler.
type workshop struct {
	root, dir string
	packages  []*pkg
	mutants   []*Mutant
	functions int
}

// prepare chooses mutants and builds the compiler with them.
func prepare(root, dir string, others int, seed uint64, only string) (*workshop, error) {
	root, err := filepath.Abs(root) // overlays are by whole paths
	if err != nil {
		return nil, err
	}
	exports, err := exported(root)
	if err != nil {
		return nil, err
	}
	w := &workshop{root: root, dir: dir}
	for _, folder := range folders {
		p, err := readPackage(root, folder, exports)
		if err != nil {
			return nil, err
		}
		w.packages = append(w.packages, p)
	}
	if err := w.choose(others, seed, only); err != nil {
		return nil, err
	}
	for _, p := range w.packages {
		if err := p.compiled(exports); err != nil {
			return nil, err
		}
	}
	w.mutants = slices.DeleteFunc(w.mutants, func(m *Mutant) bool { return !slices.Contains(m.function.mutants, m) })
	file, err := overlay(root, dir, w.packages)
	if err != nil {
		return nil, err
	}
	build := exec.Command("go", "build", "-overlay", file, "-o", filepath.Join(dir, "child"), "./cmd/mutants")
	build.Dir, build.Stderr = root, os.Stderr
	return w, build.Run()
}

// choose numbers the functions and takes mutants: those written down, then an even choice
// of all others.
func (w *workshop) choose(others int, seed uint64, only string) error {
	var all []*Mutant
	for _, p := range w.packages {
		for _, s := range p.sources {
			for _, f := range s.functions {
				f.number = w.functions
				w.functions++
				all = append(all, p.points(f)...)
			}
		}
	}
	for _, n := range allNamed {
		if !strings.Contains(n.name, only) {
			continue
		}
		m, err := n.mutant(w.packages)
		if err != nil {
			return err
		}
		w.mutants = append(w.mutants, m)
	}
	if only == "" {
		r := rand.New(rand.NewPCG(seed, 1))
		r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		w.mutants = append(w.mutants, all[:min(others, len(all))]...)
	}
	for i, m := range w.mutants {
		m.Number = i + 1
		m.function.mutants = append(m.function.mutants, m)
	}
	return nil
}
