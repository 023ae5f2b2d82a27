package verify

import (
	"context"
	goruntime "runtime"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/compiler"
	"rasp/lang"
	"rasp/lang/graph"
	"rasp/lang/value"
	"rasp/runtime"
	"rasp/runtime/model"
)

const reverse = `
#rasp:vocab "abcd"
#rasp:length 6
reverse = aggregate(select(indices, length - 1 - indices, ==), tokens);`

// compiled is the target of a program with directives.
func compiled(t *testing.T, text string) Target {
	t.Helper()
	program, faults := lang.Parse("test.rasp", text)
	require.NoError(t, faults.Err())
	outputs, fault := program.Main()
	require.Nil(t, fault)
	d := program.File.Directives
	domain := compiler.Domain{Vocab: d.Vocab, Length: d.Length, Causal: d.Causal}
	model, _, err := compiler.Compile(program, outputs, domain, compiler.Options{Level: 1, Partial: true})
	require.NoError(t, err)
	target := Target{Model: model}
	for _, o := range outputs {
		target.Outputs = append(target.Outputs, o.Node)
	}
	return target
}

func verified(t *testing.T, target Target, options Options) Report {
	t.Helper()
	report, err := Run(context.Background(), target, options)
	require.NoError(t, err)
	return report
}

func TestEqual(t *testing.T) {
	target := compiled(t, reverse)
	done := 0
	report := verified(t, target, Options{Progress: func(n, total int) {
		assert.Greater(t, n, done-1)
		assert.Equal(t, 4+16+64+256+1024+4096, total)
		done = n
	}})
	assert.Equal(t, Report{Inputs: 5460, Exhaustive: true, AllUpTo: 6}, report)
	assert.Equal(t, 5460, done)
}

func TestFaultsOfTheProgramAreCounted(t *testing.T) {
	report := verified(t, compiled(t, "#rasp:vocab 0..2\n#rasp:length 3\nx = 6 / tokens_int;"), Options{})
	assert.Equal(t, Report{Inputs: 3 + 9 + 27, Faulted: 1 + 5 + 19, Exhaustive: true, AllUpTo: 3}, report)
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
	swapped(t, target.Model, `"b"`, `"d"`)
	c := verified(t, target, Options{}).Counterexample
	require.NotNil(t, c)
	b, d := value.OfString("b"), value.OfString("d")
	assert.Equal(t, &Counterexample{
		Input: []value.Value{b}, Output: "reverse", Interpreter: []value.Value{b}, Model: []value.Value{d},
	}, c)
}

// Ten equal tokens among eight are rare in uniform noise.
func TestCounterexampleThatOnlyLongInputsShow(t *testing.T) {
	const program = `
#rasp:vocab "abcdefgh"
#rasp:length 30
many = selector_width(select(tokens, "c", ==)) > `
	target := Target{Model: compiled(t, program+"12;").Model, Outputs: compiled(t, program+"9;").Outputs}
	c := verified(t, target, Options{Seed: 3}).Counterexample
	require.NotNil(t, c)
	assert.Equal(t, "[c]*10 (strings)", value.FormatSequence(c.Input))
}

func TestReportDoesNotDependOnTheWorkers(t *testing.T) {
	target := compiled(t, reverse)
	target.Model.WPos[4*target.Model.DModel] += 1000
	var reports []Report
	for _, workers := range []int{1, 2, 7} {
		before := goruntime.GOMAXPROCS(workers)
		reports = append(reports, verified(t, target, Options{}))
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
	report, err := Run(ctx, target, Options{Progress: func(int, int) { cancel() }})
	assert.ErrorIs(t, err, context.Canceled)
	assert.Less(t, report.Inputs, 5460)
	assert.Nil(t, report.Counterexample)
}

func TestStored(t *testing.T) {
	model := compiled(t, "#rasp:vocab 0..1\n#rasp:length 3\n#rasp:causal\n#rasp:output b, a\na = length;\nb = tokens_int;").Model
	target, err := Stored(model)
	require.NoError(t, err)
	assert.Equal(t, graph.Tokens, target.Outputs[0].Op)
	assert.Equal(t, 14, verified(t, target, Options{}).Compared())

	without := *model
	without.Source = ""
	_, err = Stored(&without)
	assert.ErrorIs(t, err, ErrNoSource)

	broken := *model
	broken.Source = "a = ;"
	_, err = Stored(&broken)
	assert.ErrorContains(t, err, "syntax error")

	renamed := *model
	renamed.Source = "a = length;"
	_, err = Stored(&renamed)
	assert.ErrorContains(t, err, "no s-op or selector b")
}

func TestTargetsThatCannotBeCompared(t *testing.T) {
	target := compiled(t, reverse)
	_, err := Run(context.Background(), Target{Model: target.Model}, Options{})
	assert.ErrorContains(t, err, "the model has 1 outputs, the program 0")

	selector := &graph.Node{Op: graph.Select}
	_, err = Run(context.Background(), Target{Model: target.Model, Outputs: []*graph.Node{selector}}, Options{})
	assert.ErrorContains(t, err, "output reverse is a selector")
}

// counting is an engine that sees whether two batches run at once.
type counting struct {
	runtime.Engine
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
	engine := &counting{Engine: runtime.NewSession(target.Model)}
	report := verified(t, target, Options{Engine: engine})
	assert.Equal(t, Report{Inputs: 5460, Exhaustive: true, AllUpTo: 6}, report)
	assert.Greater(t, engine.batches.Load(), int64(5460/64))
	assert.Equal(t, int64(1), engine.most.Load())
}
