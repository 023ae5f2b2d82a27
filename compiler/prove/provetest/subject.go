// Package provetest has what tests of proofs share: a program with its model, proofs that end
// after a while, and programs to prove.
package provetest

import (
	"context"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rasp/compiler"
	"rasp/compiler/prove"
	"rasp/compiler/verify"
	"rasp/lang"
	"rasp/lang/domain"
	"rasp/lang/graph"
	"rasp/runtime"
	"rasp/runtime/model"
	"rasp/stdlib"
)

// Subject is a program and the model that the compiler makes of it.
type Subject struct {
	Text    string
	Outputs []graph.Output
	Domain  domain.Domain
	Model   *model.Model
}

// Compile is a program compiled; the error says why there is no model.
func Compile(text string) (*Subject, error) {
	program, faults := lang.Parse("test.rasp", text)
	if err := faults.Err(); err != nil {
		return nil, err
	}
	d, fault := program.Domain()
	if fault != nil {
		return nil, fault
	}
	outputs, fault := program.Outputs(nil, d.Vocab)
	if fault != nil {
		return nil, fault
	}
	s := &Subject{Text: text, Outputs: outputs, Domain: d}
	m, _, err := compiler.Compile(outputs, s.Domain, compiler.Options{Level: 1, Partial: true, Source: text, Engine: OnCPU})
	if err != nil {
		return nil, err
	}
	for i := range m.Certificate.Within { // wrong is what misses the promise made of every model, not the bound of this one
		m.Certificate.Within[i] = 1e-5
	}
	s.Model = m
	return s, nil
}

// OnCPU runs a model.
func OnCPU(m *model.Model) verify.Engine { return runtime.NewSession(m) }

// MustCompile is Compile of a program that has a model.
func MustCompile(t *testing.T, text string) *Subject {
	t.Helper()
	s, err := Compile(text)
	require.NoError(t, err, text)
	return s
}

// ProofOf a model, which has what it takes.
func ProofOf(t *testing.T, m *model.Model) *prove.Result {
	t.Helper()
	r, err := ProveFor(m, time.Minute)
	require.NoError(t, err)
	return r
}

// ProveFor gives up after a while.
func ProveFor(m *model.Model, patience time.Duration) (*prove.Result, error) {
	ctx, release := context.WithTimeout(context.Background(), patience)
	defer release()
	return prove.Prove(m, prove.Options{Context: ctx})
}

// Accepts reports whether a model is believed to be its program, numbers within what is
// promised of small ones. A proof that says itself how far they are off, and that is more,
// is none of that.
func Accepts(r *prove.Result) bool {
	promised := func(b prove.Bound) bool {
		return b.Within <= map[string]float64{"number": 1e-4, "probability": 1.1e-5}[b.Kind]
	}
	return r.Verdict == prove.Proved && !slices.ContainsFunc(r.Bounds, func(b prove.Bound) bool { return !promised(b) })
}

// IsWrong looks for an input on which a model is not the program of the subject, among
// short and random ones. A model that cannot be run beside the program is not looked at.
func (s *Subject) IsWrong(m *model.Model, random int) bool {
	comparer, err := verify.NewComparer(m, s.Outputs, OnCPU(m))
	if err != nil {
		return false
	}
	d := s.Domain
	d.Length = min(d.Length, m.NCtx-1)
	short := d
	short.Length = min(d.Length, 3)
	_, first := short.UpTo(random)
	inputs, found := domain.Inputs{Domain: d, First: first, Random: random, Seed: 5}, false
	batch := make([][]int, inputs.Len())
	for k := range batch {
		batch[k] = inputs.IDs(k, nil)
	}
	err = comparer.Compare(batch, func(_ int, pairs []verify.Pair, fault error) error {
		found = found || fault == nil && verify.Wrong(pairs) >= 0
		return nil
	})
	return err == nil && found
}

// ReadyMade are the ready-made programs by name; with -short a third of them.
func ReadyMade(t *testing.T) map[string]string {
	t.Helper()
	files, err := fs.Glob(stdlib.FS, "*.rasp")
	require.NoError(t, err)
	list := map[string]string{}
	for i, name := range files {
		if name == "library.rasp" || testing.Short() && i%3 > 0 {
			continue
		}
		text, err := fs.ReadFile(stdlib.FS, name)
		require.NoError(t, err)
		list[strings.TrimSuffix(path.Base(name), ".rasp")] = smaller.Replace(string(text))
	}
	return list
}

// smaller makes machines of computers: whole ones have more states than a proof goes through.
var smaller = strings.NewReplacer("N = 32;", "N = 4;", "#rasp:vocab 0..95", "#rasp:vocab 0..11", "#rasp:length 256", "#rasp:length 8")

var lengthLine = regexp.MustCompile(`(?m)^#rasp:length.*$`)

// AtLength is a program for inputs of up to n tokens.
func AtLength(text string, n string) string {
	if !lengthLine.MatchString(text) {
		return "#rasp:length " + n + "\n" + text
	}
	return lengthLine.ReplaceAllString(text, "#rasp:length "+n)
}
