package formulas

import (
	"math"
	"math/rand/v2"
	"rasp/cmd/rasp/web/rpc/rpctest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestLook: the kernel of the forward pass gives softmax(s q k / sqrt d) v.
func TestLook(t *testing.T) {
	h, r := methods(), rand.New(rand.NewPCG(1, 1))
	random := func(rows, columns int) [][]float32 {
		m := make([][]float32, rows)
		for i := range m {
			for range columns {
				m[i] = append(m[i], float32(r.IntN(41)-20)/10)
			}
		}
		return m
	}
	for _, c := range []struct{ m, n, d, v int }{{1, 4, 2, 1}, {4, 4, 2, 1}, {17, 40, 5, 3}, {64, 64, 64, 64}} {
		for _, causal := range []bool{false, true} {
			p := lookParams{Queries: random(c.m, c.d), Keys: random(c.n, c.d), Values: random(c.n, c.v), Sharpness: 1.5, Causal: causal}
			l := rpctest.Asked[Looked](t, h, "attention.look", p)
			require.Len(t, l.Weights, c.m)
			for i := range c.m {
				seen := c.n
				if causal {
					seen = i + 1
				}
				scores := make([]float64, seen)
				for j := range scores {
					for f := range c.d {
						scores[j] += float64(p.Queries[i][f]) * float64(p.Keys[j][f]) * 1.5 / math.Sqrt(float64(c.d))
					}
				}
				require.Len(t, l.Scores[i], seen)
				for j, w := range softmax(scores) {
					require.InDelta(t, scores[j], l.Scores[i][j], 1e-4)
					require.InDelta(t, w, l.Weights[i][j], 1e-5)
				}
				for f := range c.v {
					mean := 0.0
					for j, w := range softmax(scores) {
						mean += w * float64(p.Values[j][f])
					}
					require.InDelta(t, mean, l.Outputs[i][f], 1e-4)
				}
			}
		}
	}
}

// TestSharpness: at 0 the output is the mean, far above it is that of argmax, of equals the
// mean of these.
func TestSharpness(t *testing.T) {
	h := methods()
	p := lookParams{Queries: [][]float32{{1, 0}}, Keys: [][]float32{{2, 0}, {2, 1}, {0, 1}}, Values: [][]float32{{10}, {20}, {60}}}
	mean := rpctest.Asked[Looked](t, h, "attention.look", p)
	assert.Equal(t, [][]float32{{30}}, mean.Outputs)
	assert.Equal(t, [][]int{{0, 1, 2}}, mean.Largest)
	p.Sharpness = 100
	sharp := rpctest.Asked[Looked](t, h, "attention.look", p)
	assert.Equal(t, [][]int{{0, 1}}, sharp.Largest)
	assert.Equal(t, [][]float32{{15}}, sharp.Hard)
	assert.Equal(t, sharp.Hard, sharp.Outputs)
}

// softmax in float64, the definition.
func softmax(scores []float64) []float64 {
	sum, w := 0.0, make([]float64, len(scores))
	for j, s := range scores {
		w[j] = math.Exp(s)
		sum += w[j]
	}
	for j := range w {
		w[j] /= sum
	}
	return w
}
