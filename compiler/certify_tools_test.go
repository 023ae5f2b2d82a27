package compiler

import (
	"fmt"
	"io/fs"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/compiler/certify"
	"rasp/compiler/construct"
	"rasp/compiler/facts/factstest"
	"rasp/compiler/plain"
	"rasp/stdlib"
)

// asTools is the arithmetic of tools that are not package runtime.
func asTools(divides bool, norm construct.Norm) construct.Precision {
	in := construct.Float32
	in.Exp, in.AnyOrder, in.Divides, in.Norm = 40, true, divides, norm
	return in
}

// mannerOf is a forward pass in that arithmetic, with an exp that is off by as much as it
// may be.
func mannerOf(in construct.Precision, sum func([]float32) float32, r *rand.Rand) plain.Manner[float32] {
	how := plain.AsPromised(sum)
	exact := how.Exp
	how.Exp = func(s float32) float32 {
		if s == 0 {
			return 1
		}
		return float32(float64(exact(s)) * (1 + (in.Exp-1)*in.Ulp*(2*r.Float64()-1)))
	}
	how.Divides = in.Divides
	if in.Norm != construct.NoNorm {
		how.Read = func(row []float32) []float32 { return normed(row, in.Norm, sum) }
	}
	return how
}

// normed is a LayerNorm of numbers and their opposites, the identity but for rounding.
func normed(row []float32, norm construct.Norm, sum func([]float32) float32) []float32 {
	mean := float32(0)
	if norm == construct.Uncentred {
		both := make([]float32, 2*len(row))
		for d, x := range row {
			both[d], both[2*len(row)-1-d] = x, -x
		}
		mean = sum(both) / float32(len(both))
	}
	out := make([]float32, len(row))
	for d, x := range row {
		out[d] = float32((x-mean)*0x1p-60) * 0x1p60
	}
	return out
}

// TestBoundsOfTools: what is certified for other tools bounds what they compute, in the
// orders of addition that are worst for chains.
func TestBoundsOfTools(t *testing.T) {
	programs := factstest.Programs(t)
	programs["mean"] = "#rasp:vocab [0.1, 0.7, 3.3, 9.9]\n#rasp:length 20\nm = aggregate(select(indices, indices, <=), tokens_float);"
	programs["shares"] = "#rasp:vocab \"ab\"\n#rasp:length 20\nn = selector_width(select(tokens, tokens, ==));"
	for _, of := range []struct {
		name  string
		level int
	}{
		{"sort", 1}, {"sort", 0}, {"dyck1", 1}, {"double_histogram", 1}, {"double_histogram", 0}, {"most_frequent", 1}, {"sort_numbers", 1},
		{"brackets", 1}, {"shannon", 1}, {"run_lengths", 1}, {"variance", 1}, {"fractions", 1}, {"mean", 1}, {"shares", 0},
	} {
		if programs[of.name] == "" { // left out with -short
			continue
		}
		t.Run(fmt.Sprintf("%s at level %d", of.name, of.level), func(t *testing.T) {
			c := throughAt(t, of.level, "choose", programs[of.name])
			wide := certify.Model(c.best.plan, c.best.model, construct.Float64, c.domain.Length)
			for _, in := range []construct.Precision{
				asTools(false, construct.NoNorm), asTools(true, construct.NoNorm), asTools(true, construct.Centred), asTools(true, construct.Uncentred),
			} {
				checked := certify.Model(c.best.plan, c.best.model, in, c.domain.Length)
				if !checked.Exact() {
					continue
				}
				r := rand.New(rand.NewPCG(2, 7))
				c.worlds(r, 8, func(w *factstest.World) {
					ids := c.ids(w.Input)
					ideal, logits := plain.Forward(c.best.model, ids, plain.Pairwise[float64])
					for _, sum := range []func([]float32) float32{plain.Backwards[float32], plain.Pairwise[float32]} {
						x, y := plain.In(c.best.model, ids, mannerOf(in, sum, r))
						checkColumns(t, c, checked, wide, x, ideal)
						checkLogits(t, c, checked, wide, y, logits)
					}
				})
			}
		})
	}
}

// TestToolsThatAreCertified: a model can be exact in one arithmetic, and not in another.
func TestToolsThatAreCertified(t *testing.T) {
	for _, of := range []struct {
		name, text                         string
		plain, divides, centred, uncentred bool
	}{
		{"a count", "#rasp:vocab \"ab\"\n#rasp:length 20\nn = count(tokens, \"a\");", true, true, true, true},
		{"a mean", "#rasp:vocab \"ab\"\n#rasp:length 20\nm = aggregate(select(indices, indices, <=), indicator(tokens == \"a\"));", true, true, true, false},
		{"a count of thousands, which needs chains", "#rasp:vocab \"ab\"\n#rasp:length 6000\nn = count(tokens, \"a\");", false, false, false, false},
		{"probabilities far apart", readyMade(t, "shannon"), true, true, true, false},
	} {
		t.Run(of.name, func(t *testing.T) {
			c := through(t, "choose", of.text)
			require.True(t, c.best.checked.Exact(), "as package runtime computes it")
			exact := func(in construct.Precision) bool {
				return certify.Model(c.best.plan, c.best.model, in, c.domain.Length).Exact()
			}
			assert.Equal(t, of.plain, exact(asTools(false, construct.NoNorm)))
			assert.Equal(t, of.divides, exact(asTools(true, construct.NoNorm)))
			assert.Equal(t, of.centred, exact(asTools(true, construct.Centred)))
			assert.Equal(t, of.uncentred, exact(asTools(true, construct.Uncentred)))
		})
	}
}

// TestReadyProgramsInTools: all of them are exact in other tools; where LayerNorm adds up its
// mean in any order, all but one.
func TestReadyProgramsInTools(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles all ready-made programs")
	}
	files, err := fs.Glob(stdlib.FS, "*.rasp")
	require.NoError(t, err)
	for _, file := range files {
		name := strings.TrimSuffix(file, ".rasp")
		if name == "library" {
			continue
		}
		c := through(t, "choose", readyMade(t, name))
		for _, in := range []construct.Precision{
			asTools(false, construct.NoNorm), asTools(true, construct.NoNorm), asTools(false, construct.Centred), asTools(true, construct.Centred),
		} {
			assert.True(t, certify.Model(c.best.plan, c.best.model, in, c.domain.Length).Exact(), "%s: %+v", name, in)
		}
		in := asTools(true, construct.Uncentred)
		assert.Equal(t, name != "shannon", certify.Model(c.best.plan, c.best.model, in, c.domain.Length).Exact(), name)
	}
}

// readyMade is the text of a ready-made program.
func readyMade(t *testing.T, name string) string {
	t.Helper()
	text, err := fs.ReadFile(stdlib.FS, name+".rasp")
	require.NoError(t, err)
	return string(text)
}
