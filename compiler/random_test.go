package compiler_test

import (
	"errors"
	"flag"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"rasp/compiler"
	"rasp/compiler/facts/factstest"
	"rasp/compiler/sample"
	"rasp/lang/diag"
)

// outcome of comparing a program's interpreter with its model.
type outcome struct {
	refused error
	inputs  int
	differs string // empty if equal
}

// compareRandomly compiles a program and runs both sides on all short inputs
// and on random ones.
func compareRandomly(t *testing.T, text string, level int, seed uint64) outcome {
	outputs, d := parse(t, "random.rasp", text)
	m, _, err := compiler.Compile(outputs, d, partial(level))
	if err != nil {
		return outcome{refused: err}
	}
	o := outcome{}
	o.inputs, o.differs, err = compare(m, outputs, d, inputsOf(d, 3, 200, 60, seed))
	require.NoError(t, err, text)
	return o
}

// checkSeed compiles and compares the program of a seed; it reports whether the
// compiler took it.
func checkSeed(t *testing.T, seed uint64) bool {
	text := sample.Program(rand.New(rand.NewPCG(seed, 1)), sample.Mixed)
	o := compareRandomly(t, text, int(seed%3), seed)
	if o.refused != nil {
		var list diag.List
		require.True(t, errors.As(o.refused, &list), text)
		return false
	}
	if o.differs != "" {
		t.Errorf("seed %d: %s\n%s", seed, o.differs, text)
	}
	return true
}

var (
	programs  = flag.Int("programs", 400, "random programs: how many to try, an eighth with -short")
	firstSeed = flag.Uint64("seed", 0, "random programs: the seed of the first one")
)

// TestRandomPrograms: whatever the compiler takes, the model equals the
// interpreter. For a long run: go test ./compiler -run RandomPrograms -v -timeout 0
// -args -programs 100000 -seed 1000.
func TestRandomPrograms(t *testing.T) {
	taken, all := 0, factstest.Often(*programs)
	for i := range all {
		if checkSeed(t, *firstSeed+uint64(i)) {
			taken++
		}
	}
	t.Logf("%d of %d programs compiled", taken, all)
	require.Greater(t, taken, all*3/4, "the compiler refuses too many programs")
}

func FuzzPrograms(f *testing.F) {
	f.Fuzz(func(t *testing.T, seed uint64) { checkSeed(t, seed) })
}
