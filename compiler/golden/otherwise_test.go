package golden_test

import (
	"math"
	"os"
	"path/filepath"
	goruntime "runtime"
	"slices"
	"strings"
	"testing"

	"rasp/compiler"
	"rasp/compiler/compilertest"
	"rasp/compiler/facts/factstest"
	"rasp/compiler/verify"
	"rasp/lang/domain"
	"rasp/lang/golden"
	"rasp/runtime"
	"rasp/runtime/model"
)

// imprecise is a program whose probabilities float64 gives to 2e-4: where they are masked
// by a score of a count, nothing rounds between the two.
const imprecise = "brackets.rasp"

// otherwise runs a model in other ways on short inputs and random ones: in float64, where it
// must be right too, those of ready-made programs at all levels, others at level 1; and, if it is
// causal, at level 1, token by token.
func (x *examination) otherwise(level int, m *model.Model, d domain.Domain) {
	batch := compilertest.InputsOf(d, d.Length, factstest.Often(40), factstest.Often(16), 1)
	// The plain forward pass is slow.
	if total, _ := m.Parameters(); (level == 1 || isReady(x.File)) && total <= 1<<17 {
		x.compareBy(inFloat64{m}, "in float64", level, m, batch)
	}
	if level == 1 && m.Causal {
		steps := byStep{m, runtime.NewSession(m)}
		x.compareBy(steps, "token by token", level, m, batch)
		x.compareLogits(steps, batch)
	}
}

// compareBy compares what an engine makes of a model with the interpreter.
func (x *examination) compareBy(engine verify.Engine, how string, level int, m *model.Model, batch [][]int) {
	c, err := verify.NewComparer(m, x.outputs, engine)
	wrong := 0
	if err == nil {
		err = c.Compare(batch, func(_ int, pairs []verify.Pair, fault error) error {
			if fault == nil && verify.Wrong(pairs) >= 0 {
				wrong++
			}
			return nil
		})
	}
	switch _, plainly := engine.(inFloat64); {
	case err != nil:
		x.mistake(x.Line, "level %d, %s: %v", level, how, err)
	case wrong > 0 && plainly && filepath.Base(x.File) == imprecise && slices.Equal(m.Certificate.Precisions, []string{"float32"}):
	case wrong > 0:
		x.mistake(x.Line, "level %d, %s: wrong on %d of %d inputs", level, how, wrong, len(batch))
	}
}

// compareLogits compares those of steps with those of the whole input at once: they are as good
// as equal, and on amd64 have the same bits; elsewhere kernels may fuse other products.
func (x *examination) compareLogits(steps byStep, batch [][]int) {
	whole, width := runtime.NewSession(steps.Model), len(steps.BU)
	for _, ids := range batch {
		logits, err := whole.Logits(ids)
		far, other := 0, 0
		if err == nil {
			err = steps.Each([][]int{ids}, func(_, position int, got []float32) {
				for i, want := range logits[position*width:][:width] {
					if want != got[i] {
						other++
					}
					if off := math.Abs(float64(want) - float64(got[i])); !(off <= 1e-4*(1+math.Abs(float64(want)))) {
						far++
					}
				}
			})
		}
		if err != nil || far > 0 || other > 0 && goruntime.GOARCH == "amd64" {
			x.mistake(x.Line, "token by token on %v: %d logits have other bits, %d are far off (%v)", ids, other, far, err)
			return
		}
	}
}

// TestSteps: the models of the causal ready-made programs, written token by token, are right at
// a length at which keys are taken by class.
func TestSteps(t *testing.T) {
	if testing.Short() || *interpOnly {
		t.Skip("compiles all causal ready-made programs for long inputs")
	}
	files, err := golden.Ready("..")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range files {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".rasp"), func(t *testing.T) {
			t.Parallel()
			for _, mistake := range longSteps(t, path) {
				t.Error(mistake)
			}
		})
	}
}

func longSteps(t *testing.T, path string) []string {
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	x := &examination{Chunk: &golden.Chunk{File: path, Line: 1}}
	outputs, d := compilertest.Parse(t, path, string(text))
	x.outputs, d.Length = outputs, 400
	if !d.Causal {
		t.Skip("not causal")
	}
	m, _, err := compiler.Compile(outputs, d, compiler.Options{Level: 1, Engine: compilertest.OnCPU})
	if err != nil {
		t.Skip("refused at this length: ", err)
	}
	steps, batch := byStep{m, runtime.NewSession(m)}, compilertest.InputsOf(d, d.Length, 40, 16, 1)
	x.compareBy(steps, "token by token", 1, m, batch)
	x.compareLogits(steps, batch)
	return x.mistakes
}
