package runtime

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mat"

	"rasp/runtime/model"
	"rasp/runtime/model/modeltest"
)

// tokenHeads is a random model with W_pos in dim 0 alone. Of the three heads of its first layer
// one looks at it with its queries, one with its keys, and the last not at all.
func tokenHeads(seed uint64) *model.Model {
	c := model.Config{Layers: 2, Heads: 3, DModel: 23, DHead: 4, DMLP: 9, NCtx: 150}
	m := modeltest.Random(c, 6, 0.7, seed)
	modeltest.Change(&m.WPos, func(w []float32) {
		for place := range w {
			if place%c.DModel != 0 {
				w[place] = 0
			}
		}
	})
	b := &m.Blocks[0]
	for head, looks := range [][2]float32{{0.5, 0}, {0, 0.5}, {0, 0}} {
		for n := range c.DHead {
			place := head*c.DModel*c.DHead + n // of dim 0
			modeltest.Set(&b.WQ, place, looks[0])
			modeltest.Set(&b.WK, place, looks[1])
			b.BQ[head*c.DHead+n], b.BK[head*c.DHead+n] = 0.25, -0.5
		}
	}
	return m
}

// A head that looks at tokens alone is found, and gives what the formula does, for inputs of
// all lengths, with any threads and in any company.
func TestKinds(t *testing.T) {
	for seed := range uint64(5) {
		m := tokenHeads(seed)
		batch := ragged(m, 20)
		want := make([]*mat.Dense, len(batch))
		for n, input := range batch {
			want[n] = reference(m, input)
		}
		for _, threads := range []int{1, 3} {
			s := NewSession(m, Threads(threads))
			found := s.layers[0].kinds
			require.Len(t, found, 3)
			require.True(t, found[0] == nil && found[1] == nil && found[2] != nil)
			require.Nil(t, s.layers[1].kinds)
			testEach(t, s, batch, want)
			testEach(t, s, batch[20:], want[20:])
			other := modeltest.Input(m, len(batch[20]), 1000) // as long, and other tokens
			testEach(t, s, [][]int{other}, []*mat.Dense{reference(m, other)})
		}
	}
}

// Scores that are no numbers are left to the kernels, and a causal model, in which each
// position sees other keys.
func TestKindsAreNotFound(t *testing.T) {
	m := tokenHeads(1)
	modeltest.Set(&m.Blocks[0].WQ, (2*m.DModel+1)*m.DHead, math.MaxFloat32)
	modeltest.Set(&m.Blocks[0].WK, (2*m.DModel+1)*m.DHead, math.MaxFloat32)
	modeltest.Set(&m.WE, 1, 10)
	require.Nil(t, NewSession(m).layers[0].kinds)
	m = tokenHeads(1)
	m.Causal = true
	require.Nil(t, NewSession(m).layers[0].kinds)
	require.Nil(t, NewSession(tokenHeads(1), Dense()).layers[0].kinds)
}

// Where weights are 0 or 1 and values whole numbers, a mean is rounded once.
func TestMeansOfKindsAreExact(t *testing.T) {
	const count = 3*7*11*13 - 1
	m := modeltest.Blank(model.Config{Layers: 1, Heads: 1, DModel: 1, DHead: 1, NCtx: count + 1}, 3)
	modeltest.Change(&m.WE, func(w []float32) { copy(w, []float32{5, 12347, 1, 0}) })
	modeltest.Set(&m.Blocks[0].WV, 0, 1)
	modeltest.Set(&m.Blocks[0].WO, 0, 1)
	modeltest.Set(&m.WU, 4, 1)
	m.Blocks[0].BQ[0], m.Blocks[0].BK[0] = 1, 1
	s, input, sum := NewSession(m), modeltest.Input(m, count, 1), 0.0
	require.NotNil(t, s.layers[0].kinds)
	for _, id := range input {
		sum += []float64{5, 12347, 1}[id]
	}
	logits, err := s.Logits(input)
	require.NoError(t, err)
	require.Equal(t, float32(sum/(count+1)), logits[4], "of BOS, whose own value is 0")
}
