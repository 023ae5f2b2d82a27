package compiler_test

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

// at is the options of a level.
func at(level int) compiler.Options {
	return compiler.Options{Level: level, Engine: onCPU, Debug: true}
}

func onCPU(m *model.Model) verify.Engine { return runtime.NewSession(m) }

// domainOf is what the directives of a program name.
func domainOf(p *lang.Program) domain.Domain {
	d, _ := p.Domain()
	return d
}

// inputsOf is all inputs of the domain up to a length, if there are most of them at
// most, and random ones.
func inputsOf(d domain.Domain, upTo, most, random int, seed uint64) [][]int {
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

// compare runs the model and the interpreter on inputs: to how many the program
// has an answer, and where the model first gives another one, if it does.
func compare(m *model.Model, outputs []graph.Output, d domain.Domain, batch [][]int) (answered int, difference string, err error) {
	c, err := verify.NewComparer(m, outputs, onCPU(m))
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

// checkExact compares the model with the interpreter on short inputs and on random
// ones; the program must not fail.
func checkExact(t *testing.T, m *model.Model, outputs []graph.Output, d domain.Domain) {
	t.Helper()
	batch := inputsOf(d, 4, factstest.Often(4000), factstest.Often(300), 1)
	answered, difference, err := compare(m, outputs, d, batch)
	require.NoError(t, err)
	require.Empty(t, difference)
	require.Equal(t, len(batch), answered)
}
