// Package compilertest has what tests of whole programs share: a program's domain, inputs of
// it, and its model run beside its interpreter.
package compilertest

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"rasp/compiler"
	"rasp/compiler/facts/factstest"
	"rasp/compiler/verify"
	"rasp/lang"
	"rasp/lang/domain"
	"rasp/lang/graph"
	"rasp/runtime"
	"rasp/runtime/model"
)

// At is the options of a level.
func At(level int) compiler.Options {
	return compiler.Options{Level: level, Engine: OnCPU, Debug: true}
}

// Partial is the options of a level for programs that may fail on some inputs.
func Partial(level int) compiler.Options {
	options := At(level)
	options.Partial = true
	return options
}

// OnCPU runs a model.
func OnCPU(m *model.Model) verify.Engine { return runtime.NewSession(m) }

// DomainOf is what the directives of a program name.
func DomainOf(p *lang.Program) domain.Domain {
	d, _ := p.Domain()
	return d
}

// Parse reads a program and the domain that its directives name.
func Parse(t testing.TB, name, text string) ([]graph.Output, domain.Domain) {
	t.Helper()
	p, faults := lang.Parse(name, text)
	require.NoError(t, faults.Err())
	outputs, fault := p.Outputs(nil, p.File.Directives.Vocab)
	require.Nil(t, fault)
	return outputs, DomainOf(p)
}

// InputsOf is all inputs of the domain up to a length, if there are most of them at
// most, and random ones.
func InputsOf(d domain.Domain, upTo, most, random int, seed uint64) [][]int {
	short := d
	short.Length = min(d.Length, upTo)
	_, first := short.UpTo(most)
	inputs := domain.Inputs{Domain: d, First: first, Random: random, Seed: seed}
	batch := make([][]int, inputs.Len())
	for k := range batch {
		batch[k] = inputs.IDs(k, nil)
	}
	return batch
}

// Compare runs the model and the interpreter on inputs: to how many the program
// has an answer, and where the model first gives another one, if it does.
func Compare(m *model.Model, outputs []graph.Output, d domain.Domain, batch [][]int) (answered int, difference string, err error) {
	c, err := verify.NewComparer(m, outputs, OnCPU(m))
	if err != nil {
		return 0, "", err
	}
	err = c.Compare(batch, func(k int, pairs []verify.Pair, fault error) error {
		if fault != nil {
			return nil
		}
		answered++
		if wrong := verify.Wrong(pairs); wrong >= 0 && difference == "" {
			p := pairs[wrong]
			difference = fmt.Sprintf("input %s: %s differs at position %d: the model gives %v, the interpreter %v",
				domain.Text(d.Values(batch[k], nil)), outputs[wrong].Name, p.Position, p.Model, p.Interpreter)
		}
		return nil
	})
	return answered, difference, err
}

// Exact compares the model with the interpreter on short inputs and on random
// ones; the program must not fail.
func Exact(t *testing.T, m *model.Model, outputs []graph.Output, d domain.Domain) {
	t.Helper()
	batch := InputsOf(d, 4, factstest.Often(4000), factstest.Often(300), 1)
	answered, difference, err := Compare(m, outputs, d, batch)
	require.NoError(t, err)
	require.Empty(t, difference)
	require.Equal(t, len(batch), answered)
}
