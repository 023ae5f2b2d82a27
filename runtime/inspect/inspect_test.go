package inspect

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/runtime"
	"rasp/runtime/model"
)

// random is a small model of random weights.
func random(r *rand.Rand, causal bool) *model.Model {
	m := &model.Model{
		Config:  model.Config{Layers: 2, Heads: 2, DModel: 5, DHead: 3, DMLP: 4, NCtx: 7, Causal: causal},
		Vocab:   []model.Token{`"a"`, `"b"`},
		Outputs: []model.Output{{Name: "x", Classes: []model.Token{"1", "2", "3"}}},
	}
	numbers := func(n int) []float32 {
		list := make([]float32, n)
		for i := range list {
			list[i] = r.Float32()*2 - 1
		}
		return list
	}
	matrix := func(rows, cols int) model.Matrix { return model.Dense(rows, cols, numbers(rows*cols)) }
	m.WE, m.WPos, m.WU, m.BU = matrix(3, 5), matrix(7, 5), matrix(5, 3), numbers(3)
	for range m.Layers {
		m.Blocks = append(m.Blocks, model.Block{
			WQ: matrix(10, 3), WK: matrix(10, 3), WV: matrix(10, 3), WO: matrix(6, 5), BQ: numbers(6), BK: numbers(6), BV: numbers(6), BO: numbers(5),
			WIn: matrix(5, 4), BIn: numbers(4), WOut: matrix(4, 5), BOut: numbers(5),
		})
	}
	return m
}

// TestOf: the logits are those of the engine, weights add up to 1, and a causal model looks
// at nothing that comes later.
func TestOf(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for k := range 40 {
		m := random(r, k%2 == 0)
		require.NoError(t, m.Validate())
		input := make([]int, 1+r.IntN(6))
		for i := range input {
			input[i] = r.IntN(2)
		}
		want, err := runtime.NewSession(m).Logits(input)
		require.NoError(t, err)
		run := Of(m, input, Hooks{})
		for i, row := range run.Logits {
			for c, x := range row {
				assert.InDelta(t, want[i*3+c], x, 1e-4)
			}
		}
		for _, l := range run.Layers {
			for h := range m.Heads {
				for i, weights := range l.Pattern[h] {
					sum := float32(0)
					for j, w := range weights {
						sum += w
						assert.Equal(t, m.Causal && j > i, math.IsInf(float64(l.Scores[h][i][j]), -1))
					}
					assert.InDelta(t, 1, sum, 1e-5)
				}
			}
		}
	}
}

// TestHooks are called once for each head, layer of neurons and half layer, in their order,
// and what they change is what the rest is computed from.
func TestHooks(t *testing.T) {
	m := random(rand.New(rand.NewPCG(3, 4)), false)
	var calls []int
	Of(m, []int{0, 1}, Hooks{
		Head:     func(l, h int, z [][]float32) { calls = append(calls, 100+10*l+h) },
		Neurons:  func(l int, h [][]float32) { calls = append(calls, 200+l) },
		Residual: func(stage int, x [][]float32) { calls = append(calls, stage) },
	})
	assert.Equal(t, []int{0, 100, 101, 1, 200, 2, 110, 111, 3, 201, 4}, calls)

	other := Of(m, []int{1, 0}, Hooks{})
	run := Of(m, []int{0, 1}, Hooks{Residual: func(stage int, x [][]float32) {
		if stage == 2 {
			for i := range x {
				copy(x[i], other.Residual[2][i])
			}
		}
	}})
	assert.Equal(t, other.Logits, run.Logits, "all that comes after the stream is computed from it")
}

// TestKeep: of other queries nothing is kept, and what is computed is the same.
func TestKeep(t *testing.T) {
	m := random(rand.New(rand.NewPCG(5, 6)), true)
	all, some := Of(m, []int{0, 1, 1}, Hooks{}), Of(m, []int{0, 1, 1}, Hooks{Keep: func(query int) bool { return query == 2 }})
	assert.Equal(t, all.Logits, some.Logits)
	for l := range all.Layers {
		for h := range m.Heads {
			assert.Equal(t, [][]float32{nil, nil, all.Layers[l].Pattern[h][2], nil}, some.Layers[l].Pattern[h])
			assert.Equal(t, [][]float32{nil, nil, all.Layers[l].Scores[h][2], nil}, some.Layers[l].Scores[h])
		}
	}
}
