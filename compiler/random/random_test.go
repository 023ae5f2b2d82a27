package random_test

import (
	"errors"
	"flag"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rasp/compiler"
	"rasp/compiler/compilertest"
	"rasp/compiler/facts/factstest"
	"rasp/compiler/sample"
	"rasp/lang"
	"rasp/lang/diag"
	"rasp/runtime/bounded"
)

// outcome of comparing a program's interpreter with its model.
type outcome struct {
	taken   bool
	mistake string // empty if the model gives what the interpreter gives, or there is none
}

// examineRandomly compiles a program and runs both sides on all short inputs, on random
// ones and on those of which the program speaks.
func examineRandomly(t *testing.T, text string, o compiler.Options, seed uint64) outcome {
	program, faults := lang.Parse("random.rasp", text)
	require.False(t, slices.ContainsFunc(faults, func(d *diag.Diagnostic) bool { return d.Kind == diag.Syntax }), "%v\n%s", faults, text)
	outputs, missing := program.Outputs(nil, program.File.Directives.Vocab)
	if faults.Err() != nil || missing != nil {
		return outcome{} // it fails before it is compiled
	}
	d := compilertest.DomainOf(program)
	m, _, err := compiler.Compile(outputs, d, o)
	var list diag.List
	var one *diag.Diagnostic
	switch {
	case errors.As(err, &list) && slices.ContainsFunc(list, isFault), errors.As(err, &one) && isFault(one):
		return outcome{mistake: "a fault of the compiler: " + err.Error()}
	case err != nil:
		require.True(t, errors.As(err, &list), text)
		return outcome{}
	}
	inputs := append(compilertest.InputsOf(d, 3, 200, 60, seed), sample.Inputs(rand.New(rand.NewPCG(seed, 2)), text, d, 60)...)
	_, difference, err := compilertest.Compare(m, outputs, d, inputs)
	require.NoError(t, err, text)
	return outcome{true, difference}
}

func isFault(d *diag.Diagnostic) bool { return d.Kind == diag.Internal }

// checkSeed compiles and compares the program of a seed; it reports whether the
// compiler took it.
func checkSeed(t *testing.T, kind sample.Kind, seed uint64) bool {
	text, level := sample.Program(rand.New(rand.NewPCG(seed, 1)), kind), *atLevel
	if level < 0 {
		level = int(seed % 3)
	}
	return checkCompiled(t, text, compilertest.Partial(level), kind, seed)
}

// checkCompiled compiles and compares a program; it reports whether the compiler took it.
func checkCompiled(t *testing.T, text string, options compiler.Options, kind sample.Kind, seed uint64) bool {
	o := examineRandomly(t, text, options, seed)
	if o.mistake != "" {
		text = shrunk(text, func(text string) bool { return examineRandomly(t, text, options, seed).mistake != "" })
		t.Errorf("%s, seed %d, level %d: %s\n%s", kind, seed, options.Level, examineRandomly(t, text, options, seed).mistake, text)
	}
	return o.taken
}

// shrunk leaves out lines of a program as long as it fails.
func shrunk(text string, fails func(string) bool) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	for i := len(lines) - 1; i >= 0; i-- {
		fewer := slices.Delete(slices.Clone(lines), i, i+1)
		if strings.Contains(lines[i], "#rasp:vocab") || strings.Contains(lines[i], "#rasp:length") || len(fewer) < 3 {
			continue
		}
		if fails(strings.Join(fewer, "\n")) {
			lines = fewer
		}
	}
	return strings.Join(lines, "\n")
}

var (
	programs  = flag.Int("programs", 240, "random programs: how many to try of those of all types, a tenth as many of the other kinds; an eighth with -short")
	firstSeed = flag.Uint64("seed", 0, "random programs: the seed of the first one")
	atLevel   = flag.Int("level", -1, "random programs: at which level; -1: each seed has its own")
	kinds     = flag.String("kinds", "mixed,predictions,orders,windows,numbers,types,rare,forms,sums,shares,latest,chains,words", "random programs: of which kinds")
)

// TestRandomPrograms: whatever the compiler takes, the model equals the
// interpreter. For a long run: go test ./compiler/random -run Programs -v -timeout 0
// -args -kinds numbers -programs 100000 -seed 1000.
func TestRandomPrograms(t *testing.T) {
	for _, name := range strings.Split(*kinds, ",") {
		t.Run(name, func(t *testing.T) {
			kind, taken, all := sample.Kind(name), 0, factstest.Often(*programs)
			require.Contains(t, sample.Kinds(), kind)
			if kind != sample.Mixed && *kinds == flag.Lookup("kinds").DefValue {
				all = all/10 + 1
			}
			for i := range all {
				if checkSeed(t, kind, *firstSeed+uint64(i)) {
					taken++
				}
			}
			t.Logf("%d of %d programs compiled", taken, all)
			require.Greater(t, taken, all/3, "the compiler refuses too many programs")
		})
	}
}

// TestRandomRobustPrograms is the same for models that stand noise; what they are refused for is
// more.
func TestRandomRobustPrograms(t *testing.T) {
	taken, all := 0, factstest.Often(*programs/4)
	for i := range all {
		kind := sample.Kinds()[i%len(sample.Kinds())]
		seed := *firstSeed + uint64(i)
		o := compilertest.Partial(1)
		o.Robust = true
		if checkCompiled(t, sample.Program(rand.New(rand.NewPCG(seed, 1)), kind), o, kind, seed) {
			taken++
		}
	}
	t.Logf("%d of %d programs compiled", taken, all)
	require.Greater(t, taken, all/3, "the compiler refuses too many programs")
}

func FuzzPrograms(f *testing.F) {
	f.Add(uint64(7))
	f.Fuzz(func(t *testing.T, seed uint64) {
		bounded.Work(t)
		checkSeed(t, sample.Mixed, seed)
	})
}

var texts = flag.Int("texts", 400, "programs by the grammar alone: how many to try; an eighth with -short")

// TestTexts: programs that no one would write have a fault with a place, or are
// compiled into what they mean.
func TestTexts(t *testing.T) {
	compiled, all := 0, factstest.Often(*texts)
	for i := range all {
		seed := *firstSeed + uint64(i)
		if checkText(t, sample.Text(rand.New(rand.NewPCG(seed, 1))), seed) {
			compiled++
		}
	}
	t.Logf("%d of %d programs compiled", compiled, all)
	require.Positive(t, compiled)
}

// FuzzTexts is steered by choices among the rules of the grammar.
func FuzzTexts(f *testing.F) {
	f.Add([]byte("any"), uint64(1))
	f.Fuzz(func(t *testing.T, choices []byte, seed uint64) {
		bounded.Work(t)
		checkText(t, sample.Text(bounded.Choices(choices)), seed)
	})
}

// checkText compiles and compares a program; it reports whether the compiler took it.
func checkText(t *testing.T, text string, seed uint64) bool {
	t.Helper()
	program, faults := lang.Parse("text.rasp", text)
	for _, d := range faults {
		require.NotNil(t, d.Span.Source, "%s\n%s", d.Message, text)
		bounded.Words(t, d.Render(), text)
	}
	if _, missing := program.Outputs(nil, program.File.Directives.Vocab); missing != nil {
		bounded.Words(t, missing.Render(), text)
	}
	o := examineRandomly(t, text, compilertest.Partial(int(seed%3)), seed)
	if o.mistake != "" {
		mistake := func(text string) string {
			return examineRandomly(t, text, compilertest.Partial(int(seed%3)), seed).mistake
		}
		text = shrunk(text, func(text string) bool { return mistake(text) != "" })
		t.Errorf("seed %d: %s\n%s", seed, mistake(text), text)
	}
	return o.taken
}
