package compiler

import (
	"math"
	goruntime "runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"rasp/compiler/verify"
	"rasp/lang"
	"rasp/lang/golden"
	"rasp/runtime"
	"rasp/runtime/model"
)

// byStep runs a model token by token.
type byStep struct {
	*model.Model
	session *runtime.Session
}

func (s byStep) Each(batch [][]int, visit func(input, position int, logits []float32)) error {
	for k, ids := range batch {
		s.session.Reset()
		logits, err := s.session.Prefill(nil)
		for p := 0; err == nil; p++ {
			if visit(k, p, logits); p == len(ids) {
				break
			}
			logits, err = s.session.Step(ids[p])
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (s byStep) Run(batch [][]int) ([][][]model.Token, error) {
	return answersOf(s.Model, batch, s.Each)
}

// TestSteps: written token by token, the models of all causal programs give what the interpreter
// gives, and the bits of the logits of the whole input at once. The ready programs do so at a
// length at which keys are taken by class, too.
func TestSteps(t *testing.T) {
	eachChunk(t, func(t *testing.T, c *golden.Chunk, ready bool) {
		checkSteps(t, c, 0)
		if !testing.Short() && ready {
			checkSteps(t, c, 400)
		}
	})
}

// checkSteps takes a length of 0 for that of the program.
func checkSteps(t *testing.T, chunk *golden.Chunk, length int) {
	t.Helper()
	if program, _ := lang.Parse(chunk.File, chunk.Text); !program.File.Directives.Causal {
		return
	}
	m, outputs, batch := compiledChunk(chunk, 1, length)
	if m == nil {
		return
	}
	steps := byStep{m, runtime.NewSession(m)}
	c, err := verify.NewComparer(m, outputs, steps)
	require.NoError(t, err)
	require.NoError(t, c.Compare(batch, func(k int, pairs []verify.Pair, fault error) error {
		if fault == nil {
			require.Negative(t, verify.Wrong(pairs), "%s:%d, input %v", chunk.File, chunk.Line, batch[k])
		}
		return nil
	}))
	same, all := compareLogits(t, m, steps, batch)
	if goruntime.GOARCH == "amd64" { // elsewhere kernels may fuse other products
		require.Equal(t, all, same, "%s:%d, length %d: logits that have the same bits", chunk.File, chunk.Line, m.NCtx-1)
	}
}

// compareLogits says how many have the same bits step by step and at once; all are as good as
// equal.
func compareLogits(t *testing.T, m *model.Model, steps byStep, batch [][]int) (same, all int) {
	whole := runtime.NewSession(m)
	for _, ids := range batch {
		logits, err := whole.Logits(ids)
		require.NoError(t, err)
		width := len(m.BU)
		require.NoError(t, steps.Each([][]int{ids}, func(_, position int, got []float32) {
			want := logits[position*width:][:width]
			for i := range want {
				all++
				if want[i] == got[i] {
					same++
				}
				require.InDelta(t, float64(want[i]), float64(got[i]), 1e-4*(1+math.Abs(float64(want[i]))))
			}
		}))
	}
	return same, all
}
