package model_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"rasp/runtime/model"
)

// TestMatrix: what is kept of a matrix, all or what is not 0, does not show.
func TestMatrix(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 40))
	for range 300 {
		rows, cols, share := 1+r.IntN(6), 1+r.IntN(6), r.Float64()
		weights, builder := make([]float32, rows*cols), model.NewBuilder(rows, cols)
		for place := range weights {
			if r.Float64() < share {
				weights[place] = float32(r.IntN(5) - 2)
			}
		}
		for _, place := range r.Perm(rows * cols) { // in any order, in parts
			builder.Add(place/cols, place%cols, weights[place]+3)
			builder.Add(place/cols, place%cols, -3)
		}
		m := model.Dense(rows, cols, weights)
		require.Equal(t, m, builder.Matrix())
		require.Equal(t, weights, m.Floats())
		require.Equal(t, m.Floats(), m.Transpose().Transpose().Floats())
		nonzero := 0
		for i := range rows {
			before := nonzero
			row := make([]float32, cols)
			for j, w := range m.Row(i) {
				require.NotZero(t, w)
				row[j] = w
				nonzero++
			}
			require.Equal(t, weights[i*cols:(i+1)*cols], row)
			require.Equal(t, row, m.Part(i, i+1).Floats())
			require.Equal(t, nonzero-before, m.Part(i, i+1).Nonzero())
			require.Equal(t, m.Part(i, rows).Empty(0), m.Empty(i))
			for j := range cols {
				require.Equal(t, row[j], m.At(i, j))
				require.Equal(t, row[j], m.Transpose().At(j, i))
			}
		}
		require.Equal(t, nonzero, m.Nonzero())
		require.Equal(t, nonzero == 0, m.Part(0, rows).Nonzero() == 0)
	}
}
