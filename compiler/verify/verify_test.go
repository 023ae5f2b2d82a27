package verify_test

import (
	"context"
	goruntime "runtime"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/compiler"
	"rasp/compiler/verify"
	"rasp/lang/graph"
	"rasp/lang/langtest"
	"rasp/lang/value"
	"rasp/runtime"
	"rasp/runtime/model"
	"rasp/runtime/model/modeltest"
)

const reverse = `
#rasp:vocab "abcd"
#rasp:length 6
reverse = aggregate(select(indices, length - 1 - indices, ==), tokens);`

// target is a model and what it was compiled from.
type target struct {
	model   *model.Model
	outputs []graph.Output
}

// compiled is the target of a program with directives.
func compiled(t *testing.T, text string) target {
	t.Helper()
	outputs, of := langtest.Outputs(t, text)
	options := compiler.Options{Level: 1, Partial: true, Engine: func(m *model.Model) verify.Engine { return runtime.NewSession(m) }}
	m, _, err := compiler.Compile(outputs, of, options)
	require.NoError(t, err)
	return target{m, outputs}
}

// session runs the model on the CPU.
func (t target) session() verify.Engine { return runtime.NewSession(t.model) }

func verified(t *testing.T, target target, options verify.Options) verify.Report {
	t.Helper()
	if options.Engine == nil {
		options.Engine = target.session
	}
	report, err := verify.Run(context.Background(), target.model, target.outputs, options)
	require.NoError(t, err)
	return report
}

func TestEqual(t *testing.T) {
	target := compiled(t, reverse)
	done := 0
	report := verified(t, target, verify.Options{Progress: func(n, total int) {
		assert.Greater(t, n, done-1)
		assert.Equal(t, 4+16+64+256+1024+4096, total)
		done = n
	}})
	assert.Equal(t, verify.Report{Inputs: 5460, Exhaustive: true, AllUpTo: 6}, report)
	assert.Equal(t, 5460, done)
}

func TestFaultsOfTheProgramAreCounted(t *testing.T) {
	report := verified(t, compiled(t, "#rasp:vocab 0..2\n#rasp:length 3\nx = 6 / tokens_int;"), verify.Options{})
	assert.Equal(t, verify.Report{Inputs: 3 + 9 + 27, Faulted: 1 + 5 + 19, Exhaustive: true, AllUpTo: 3}, report)
	assert.Equal(t, 2+4+8, report.Compared())
}

// swapped exchanges two classes of the read-out, so that one is taken for the
// other.
func swapped(t *testing.T, m *model.Model, a, b model.Token) {
	t.Helper()
	classes := m.Outputs[0].Classes
	i, j := slices.Index(classes, a), slices.Index(classes, b)
	require.True(t, i >= 0 && j >= 0)
	classes[i], classes[j] = classes[j], classes[i]
}

func TestCounterexampleIsShrunk(t *testing.T) {
	target := compiled(t, reverse)
	swapped(t, target.model, `"b"`, `"d"`)
	c := verified(t, target, verify.Options{}).Counterexample
	require.NotNil(t, c)
	b, d := value.OfString("b"), value.OfString("d")
	assert.Equal(t, &verify.Counterexample{
		Input: []value.Value{b}, Output: "reverse", Interpreter: []value.Value{b}, Model: []value.Value{d},
	}, c)
}

// Ten equal tokens among eight are rare in uniform noise.
func TestCounterexampleThatOnlyLongInputsShow(t *testing.T) {
	const program = `
#rasp:vocab "abcdefgh"
#rasp:length 30
many = selector_width(select(tokens, "c", ==)) > `
	target := target{compiled(t, program+"12;").model, compiled(t, program+"9;").outputs}
	c := verified(t, target, verify.Options{Seed: 3}).Counterexample
	require.NotNil(t, c)
	assert.Equal(t, "[c]*10 (strings)", value.FormatSequence(c.Input))
}

func TestReportDoesNotDependOnTheWorkers(t *testing.T) {
	target := compiled(t, reverse)
	modeltest.Set(&target.model.WPos, 4*target.model.DModel, target.model.WPos.Floats()[4*target.model.DModel]+1000)
	var reports []verify.Report
	for _, workers := range []int{1, 2, 7} {
		before := goruntime.GOMAXPROCS(workers)
		reports = append(reports, verified(t, target, verify.Options{}))
		goruntime.GOMAXPROCS(before)
	}
	require.NotNil(t, reports[0].Counterexample)
	assert.Less(t, reports[0].Inputs, 5460)
	assert.Equal(t, reports[0], reports[1])
	assert.Equal(t, reports[0], reports[2])
}

func TestInterrupt(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	target := compiled(t, reverse)
	report, err := verify.Run(ctx, target.model, target.outputs, verify.Options{Engine: target.session, Progress: func(int, int) { cancel() }})
	assert.ErrorIs(t, err, context.Canceled)
	assert.Less(t, report.Inputs, 5460)
	assert.Nil(t, report.Counterexample)
}

func TestTargetsThatCannotBeCompared(t *testing.T) {
	target := compiled(t, reverse)
	for want, outputs := range map[string][]graph.Output{
		"the model has 1 outputs, the program 0":                nil,
		"output reverse is a selector":                          {{Node: &graph.Node{Op: graph.Select}}},
		"of model and program only one predicts the next token": {{Next: &graph.Distribution{Token: target.outputs[0].Node}}},
	} {
		_, err := verify.Run(context.Background(), target.model, outputs, verify.Options{Engine: target.session})
		assert.ErrorContains(t, err, want)
	}
}

// TestDistribution: of a prediction the counterexample has the probabilities of
// the token that differs.
func TestDistribution(t *testing.T) {
	const program = "#rasp:vocab \"ab\"\n#rasp:length 4\n#rasp:causal\nnext = {\"a\": indices + 1, \"b\": 1};"
	target := compiled(t, program)
	assert.Equal(t, verify.Report{Inputs: 30, Exhaustive: true, AllUpTo: 4}, verified(t, target, verify.Options{}))
	swapped(t, target.model, `"a"`, `"b"`)
	c := verified(t, target, verify.Options{}).Counterexample
	require.NotNil(t, c)
	assert.Equal(t, `next["a"]`, c.Output)
	assert.Equal(t, 1, c.Position)
	assert.InDelta(t, 2.0/3, c.Interpreter[1].Float64(), 1e-6)
	assert.InDelta(t, 1.0/3, c.Model[1].Float64(), 1e-6)
}

// counting is an engine that sees whether two batches run at once.
type counting struct {
	verify.Engine
	running, most, batches atomic.Int64
}

func (c *counting) Run(batch [][]int) ([][][]model.Token, error) {
	c.most.Store(max(c.most.Load(), c.running.Add(1)))
	defer c.running.Add(-1)
	c.batches.Add(1)
	return c.Engine.Run(batch)
}

// TestEngine: the model runs where it is told to, one batch at a time.
func TestEngine(t *testing.T) {
	target := compiled(t, reverse)
	engine := &counting{Engine: target.session()}
	report := verified(t, target, verify.Options{Engine: verify.Shared(engine)})
	assert.Equal(t, verify.Report{Inputs: 5460, Exhaustive: true, AllUpTo: 6}, report)
	assert.Greater(t, engine.batches.Load(), int64(5460/64))
	assert.Equal(t, int64(1), engine.most.Load())
}

// TestCount: all wrong inputs are counted, and the same inputs are tried as by Run.
func TestCount(t *testing.T) {
	target := compiled(t, reverse)
	count := func(samples int) (verify.Report, int) {
		report, wrong, err := verify.Count(context.Background(), target.model, target.outputs, verify.Options{Engine: target.session, Samples: samples})
		require.NoError(t, err)
		return report, wrong
	}
	report, wrong := count(0)
	assert.Equal(t, verified(t, target, verify.Options{}), report)
	assert.Zero(t, wrong)
	swapped(t, target.model, `"a"`, `"b"`)
	_, wrong = count(0)
	right := 2 + 4 + 8 + 16 + 32 + 64 // inputs of c and d alone
	assert.Equal(t, 5460-right, wrong)

	faulty := compiled(t, "#rasp:vocab 0..2\n#rasp:length 3\nx = 6 / tokens_int;")
	report, wrong, err := verify.Count(context.Background(), faulty.model, faulty.outputs, verify.Options{Engine: faulty.session})
	require.NoError(t, err)
	assert.Equal(t, 1+5+19, report.Faulted)
	assert.Zero(t, wrong)

	ctx, interrupt := context.WithCancel(context.Background())
	interrupt()
	_, _, err = verify.Count(ctx, faulty.model, faulty.outputs, verify.Options{Engine: faulty.session})
	require.ErrorIs(t, err, context.Canceled)
}
