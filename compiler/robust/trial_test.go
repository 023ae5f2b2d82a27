package robust_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"rasp/compiler"
	"rasp/compiler/certify/noise/noisetest"
	"rasp/compiler/compilertest"
	"rasp/compiler/verify"
	"rasp/lang/langtest"
	"rasp/runtime"
	"rasp/runtime/model"
)

// trial of a model: inputs and what they lead to.
type trial struct {
	model  *model.Model
	inputs [][]int
	want   [][][]model.Token
}

// try compiles a program for a length, and compares the model with the interpreter on
// the inputs that it is tried on from there on: random ones, and such that the counts in it are
// large.
func try(t testing.TB, text string, length, count int, o compiler.Options) *trial {
	t.Helper()
	outputs, d := langtest.Outputs(t, text)
	d.Length = length
	o.Source, o.Engine = text, compilertest.OnCPU
	m, _, err := compiler.Compile(outputs, d, o)
	require.NoError(t, err)
	x := &trial{model: m, inputs: noisetest.HardInputs(len(d.Vocab), length, count, rand.New(rand.NewPCG(1, 2)))}
	if d.Form != nil {
		x.inputs = slices.DeleteFunc(x.inputs, func(ids []int) bool { return !d.Has(ids) })
	}
	c, err := verify.NewComparer(m, outputs, runtime.NewSession(m))
	require.NoError(t, err)
	var tried [][]int
	err = c.Compare(x.inputs, func(k int, pairs []verify.Pair, fault error) error {
		if fault == nil {
			require.Negative(t, verify.Wrong(pairs), "%v", x.inputs[k])
			tried = append(tried, x.inputs[k])
		}
		return nil
	})
	require.NoError(t, err)
	x.inputs = tried
	x.want, err = runtime.NewSession(m).Run(x.inputs)
	require.NoError(t, err)
	return x
}

// wrong is how many of the inputs some position of a changed model is wrong on.
func (x *trial) wrong(t testing.TB, m *model.Model) (wrong int) {
	got, err := runtime.NewSession(m).Run(x.inputs)
	require.NoError(t, err)
	for k := range got {
		for o := range got[k] {
			if !slices.Equal(got[k][o], x.want[k][o]) {
				wrong++
				break
			}
		}
	}
	return wrong
}

// wrongDraws is in how many of some draws of a disturbance a model is wrong on some input.
func (x *trial) wrongDraws(t testing.TB, draws int, d noisetest.Disturbance) (wrong int) {
	r := rand.New(rand.NewPCG(7, 8))
	for range draws {
		if x.wrong(t, noisetest.Disturbed(x.model, r, d)) > 0 {
			wrong++
		}
	}
	return wrong
}

// wrongIn is how many of some inputs a model is wrong on in another arithmetic.
func (x *trial) wrongIn(a noisetest.Arithmetic, m *model.Model, inputs int) (wrong int) {
	e := noisetest.Emulate(m, a)
	for k := range min(inputs, len(x.inputs)) {
		for o, answer := range e.Answers(x.inputs[k]) {
			if !slices.Equal(answer, x.want[k][o]) {
				wrong++
				break
			}
		}
	}
	return wrong
}
