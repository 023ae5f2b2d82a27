// Package robust_test tries models that stand noise, of ready-made programs, with noise: it
// takes long, and has a limit of time of its own. What the compiler plans for them is tested in
// package compiler.
package robust_test

import (
	"flag"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/compiler"
	"rasp/compiler/certify/noise/noisetest"
	"rasp/compiler/construct"
	"rasp/compiler/facts/factstest"
	"rasp/runtime/model"
)

// quiet are programs of which the models stand noise, all kinds of heads and neurons among
// them.
var quiet = []string{"histogram", "majority", "dyck1", "sort", "reverse", "most_frequent", "induction", "shift", "parity"}

// TestNoiseStood draws noise: a model is right with as much as it stands; with ten times as much
// most are wrong in some of a few draws, and with a hundred times as much all, but of absolute
// noise: scores of counts are bounded as if all their dimensions were as large as they can be.
func TestNoiseStood(t *testing.T) {
	atTen, atHundred := 0, 0
	for _, name := range quiet {
		t.Run(name, func(t *testing.T) {
			x := try(t, factstest.Program(t, name), 8, 60, compiler.Options{Robust: true})
			n := x.model.Certificate.Noise
			for _, s := range []model.Stands{n.Relative, n.Absolute} {
				assert.Positive(t, s.Worst)
				assert.LessOrEqual(t, s.Worst, s.Likely)
			}
			assert.Zero(t, x.wrongDraws(t, factstest.Often(100), noisetest.Relative(n.Relative.Likely)))
			assert.Zero(t, x.wrongDraws(t, factstest.Often(100), noisetest.Absolute(n.Absolute.Likely)))
			assert.Positive(t, x.wrongDraws(t, 20, noisetest.Relative(100*n.Relative.Likely)))
			if x.wrongDraws(t, 20, noisetest.Absolute(100*n.Absolute.Likely)) > 0 {
				atHundred++
			}
			if x.wrongDraws(t, 20, noisetest.Relative(10*n.Relative.Likely)) > 0 {
				atTen++
			}
		})
	}
	assert.GreaterOrEqual(t, atTen, len(quiet)/2)
	assert.GreaterOrEqual(t, atHundred, len(quiet)-1)
}

// TestPrecisions runs models in the arithmetics that their certificates name.
func TestPrecisions(t *testing.T) {
	named := map[string]int{}
	for _, name := range quiet {
		for _, length := range []int{4, 8, 12} {
			t.Run(fmt.Sprintf("%s %d", name, length), func(t *testing.T) {
				x := try(t, factstest.Program(t, name), length, 60, compiler.Options{Robust: true})
				for _, in := range x.model.Certificate.Precisions {
					a, ok := map[string]noisetest.Arithmetic{construct.TF32.Name: noisetest.InTF32, construct.BFloat16.Name: noisetest.InBfloat16, construct.Float16.Name: noisetest.InFloat16, construct.Float64.Name: noisetest.InDouble}[in]
					if !ok {
						continue // float32, as always
					}
					named[in]++
					e := noisetest.Emulate(x.model, a)
					for k, ids := range x.inputs {
						require.Equal(t, x.want[k], e.Answers(ids), "%s, %v", in, ids)
					}
				}
			})
		}
	}
	for _, in := range []construct.Precision{construct.TF32, construct.BFloat16, construct.Float16} {
		assert.GreaterOrEqual(t, named[in.Name], 3, in.Name)
	}
}

// draws of noise for each model; docs/robust.md has what a hundred showed.
var draws = flag.Int("draws", 20, "models that stand noise: how often it is drawn for each")

// stands is what the models of ready-made programs stand at length 16: relative noise of each
// weight, drawn a hundred times. Where heads compare counts the smallest model that is certified
// stands less than a larger one, which --robust=SIGMA asks for.
var stands = map[string]float64{
	"addition": 5e-4, "balanced": 2e-3, "caesar": 3e-2, "double_histogram": 3e-4, "dyck1": 5e-3, "dyck2": 7e-4, "dyck3": 7e-4,
	"histogram": 2e-3, "induction": 7e-4, "majority": 5e-3, "most_frequent": 2e-3, "palindrome": 5e-4, "parity": 5e-4, "reverse": 1e-3,
	"run_lengths": 5e-4, "shift": 3e-2, "sort": 1e-3, "sort_by_frequency": 5e-4, "sort_numbers": 1e-3,
}

// TestRobustReadyPrograms: the models are right with disturbed weights, on inputs that are hard
// for them, and have a layer more than others at most. Noise that is some thirty times larger
// breaks them, but for those that have no more than tables.
func TestRobustReadyPrograms(t *testing.T) {
	for name, sigma := range stands {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, length := range []int{8, 16} {
				if length == 16 && testing.Short() {
					return
				}
				checkDisturbed(t, factstest.Program(t, name), length, sigma)
			}
		})
	}
}

func checkDisturbed(t *testing.T, text string, length int, sigma float64) {
	ordinary := try(t, text, length, 1, compiler.Options{Level: 1})
	x := try(t, text, length, 100, compiler.Options{Robust: true})
	assert.LessOrEqual(t, x.model.Layers, ordinary.model.Layers+1)
	assert.Zero(t, x.wrongDraws(t, 2, noisetest.Rotated), "length %d, rotated", length)
	assert.Zero(t, x.wrongDraws(t, 1, noisetest.InBits(10)), "length %d, weights of float16", length)
	assert.Zero(t, x.wrongDraws(t, *draws, noisetest.Relative(sigma)), "length %d, noise %g", length, sigma)
	assert.Zero(t, x.wrongIn(noisetest.InDouble, x.model, 5), "length %d, float64", length)
	assert.Zero(t, x.wrongIn(noisetest.InTF32, x.model, 5), "length %d, TF32", length)
	assert.Zero(t, x.wrongIn(noisetest.InBfloat16, x.model, 5), "length %d, bfloat16", length)
	assert.Zero(t, x.wrongIn(noisetest.InFloat16, x.model, 5), "length %d, float16", length)
	assert.Positive(t, x.wrongDraws(t, 5, noisetest.Relative(min(0.5, 30*sigma))), "length %d", length)
}
