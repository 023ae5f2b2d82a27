package circuit

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/runtime"
	"rasp/runtime/model"
	"rasp/runtime/model/modeltest"
)

func random(seed uint64, causal bool) *model.Model {
	return modeltest.Random(model.Config{Layers: 3, Heads: 2, DModel: 12, DHead: 4, DMLP: 6, NCtx: 9, Causal: causal}, 4, 0.8, seed)
}

func pairs(m *model.Model, n int, seed uint64) []Pair {
	rng := rand.New(rand.NewPCG(seed, 3))
	all := make([]Pair, n)
	for i := range all {
		length := 1 + rng.IntN(m.NCtx-1)
		all[i] = Pair{modeltest.Input(m, length, rng.Uint64()), modeltest.Input(m, length, rng.Uint64())}
	}
	return all
}

// Node by node, a model computes what the engine does.
func TestForwardIsTheEngine(t *testing.T) {
	for seed := range uint64(20) {
		m := random(seed, seed%2 == 0)
		n := newNetwork[float32](m)
		session := runtime.NewSession(m)
		for _, pair := range pairs(m, 5, seed) {
			logits := n.run(pair.Input).logits()
			err := session.Each([][]int{pair.Input}, func(_, position int, want []float32) {
				for c, w := range want {
					assert.InDelta(t, w, logits[position][c], 1e-5)
				}
			})
			require.NoError(t, err)
		}
	}
}

// With all edges cut a model gives what it gives on the other input, with none what it gave.
func TestCutAllOrNone(t *testing.T) {
	for seed := range uint64(20) {
		m := random(seed, seed%2 == 0)
		n := newNetwork[float32](m)
		for _, pair := range pairs(m, 5, seed) {
			a, b := n.run(pair.Input), n.run(pair.Resampled)
			assert.Equal(t, a.logits(), n.resample(a, b, func(int) bool { return false }).logits())
			assert.Equal(t, b.logits(), n.resample(a, b, func(int) bool { return true }).logits())
			into := func(e int) bool { return n.edges[e].To == "logits" }
			assert.Equal(t, b.logits(), n.resample(a, b, into).logits())
		}
	}
}

// What the weights prove not to move does not, on any pair, and cutting all of it
// changes no bit.
func TestWhatDoesNotMove(t *testing.T) {
	still := 0
	for seed := range uint64(200) {
		m := random(seed, seed%2 == 0)
		modeltest.Change(&m.WE, func(weights []float32) { // half of the dims are of the position alone
			for token := range len(m.Vocab) + 1 {
				clear(weights[token*m.DModel : token*m.DModel+m.DModel/2])
			}
		})
		n := newNetwork[float32](m)
		n.prove()
		for _, pair := range pairs(m, 5, seed) {
			a, b := n.run(pair.Input), n.run(pair.Resampled)
			for e, edge := range n.edges {
				if edge.Moving == No {
					still++
					assert.Equal(t, -1, n.differs(e, a, b), edge.Name())
				}
			}
			cut := n.resample(a, b, func(e int) bool { return n.edges[e].Moving == No })
			assert.Equal(t, a.logits(), cut.logits())
		}
	}
	assert.Greater(t, still, 1000)
}

// A witness shows what it says.
func TestWitnesses(t *testing.T) {
	for seed := range uint64(20) {
		m := random(seed, seed%2 == 0)
		g, err := Of(context.Background(), m, slices.Values(pairs(m, 40, seed)))
		require.NoError(t, err)
		n := newNetwork[float32](m)
		for e, edge := range g.Edges {
			if edge.Moving == Yes {
				a, b := n.run(ids(t, m, edge.MovingPair.Input)), n.run(ids(t, m, edge.MovingPair.Resampled))
				assert.Equal(t, edge.MovingPair.Position, n.differs(e, a, b))
			}
			if edge.Necessary == Yes {
				a, b := n.run(ids(t, m, edge.NecessaryFor.Input)), n.run(ids(t, m, edge.NecessaryFor.Resampled))
				position, output, changed := n.changed(a, n.resample(a, b, func(other int) bool { return other == e }))
				assert.True(t, changed)
				assert.Equal(t, edge.NecessaryFor.Position, position)
				assert.Equal(t, edge.NecessaryFor.Output, output)
			}
		}
		_, changed, err := Faithful(context.Background(), m, g, Moving, slices.Values(pairs(m, 40, seed+1000)))
		require.NoError(t, err)
		assert.Zero(t, changed)
	}
}

func ids(t *testing.T, m *model.Model, tokens Tokens) []int {
	t.Helper()
	ids, err := m.Encode(tokens)
	require.NoError(t, err)
	return ids
}

// A head that copies the token before: its values come from the token, its queries and
// keys from the position, and nothing else is in the circuit.
func TestCircuitOfACopy(t *testing.T) {
	m := modeltest.Blank(model.Config{Layers: 1, Heads: 2, DModel: 4, DHead: 2, DMLP: 2, NCtx: 4}, 2)
	modeltest.Set(&m.WE, 1*4+0, 1)                // token 1: dim 0
	modeltest.Change(&m.WPos, func(w []float32) { // dim 1: the position
		for i := range 4 {
			w[i*4+1] = float32(i)
		}
	})
	modeltest.Set(&m.Blocks[0].WQ, 1*2+0, 8) // query of head 0: 8 i - 8, keys j and -j^2/2
	m.Blocks[0].BQ[0] = -8
	modeltest.Set(&m.Blocks[0].WK, 1*2+0, 1)
	modeltest.Set(&m.Blocks[0].WV, 0*2+0, 1)
	modeltest.Set(&m.Blocks[0].WO, 0*4+2, 1) // written into dim 2
	modeltest.Set(&m.WU, 2*len(m.BU)+1, 1)   // which is class 1
	m.BU[0] = 0.5

	g, err := Of(context.Background(), m, slices.Values(pairs(m, 100, 1)))
	require.NoError(t, err)
	var found []string
	for _, e := range g.Edges {
		found = append(found, e.Name()+" "+string(e.Moving)+" "+string(e.Necessary))
	}
	assert.Equal(t, []string{
		"input->a0.h0<q> no no",
		"input->a0.h0<k> no no",
		"input->a0.h0<v> yes yes",
		"a0.h0->logits yes yes",
	}, found)
	assert.Equal(t, map[string]bool{"input": true, "a0.h0": true, "logits": true}, g.Contains(Moving))
}
