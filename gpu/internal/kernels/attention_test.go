//go:build cgo && linux

package kernels

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// attended is what the kernels should compute, in float64.
func attended(a Attention, q, k, v Matrix) []float64 {
	out := make([]float64, q.Rows*a.Heads*a.D)
	for s := range len(a.Query) - 1 {
		keys, queries := int(a.Key[s+1]-a.Key[s]), int(a.Query[s+1]-a.Query[s])
		for i := range queries {
			visible := keys
			if a.Causal {
				visible = keys - queries + i + 1
			}
			row := int(a.Query[s]) + i
			for h := range a.Heads {
				scores, top := make([]float64, visible), math.Inf(-1)
				for j := range scores {
					for n := range a.D {
						scores[j] += float64(q.Data[row*q.Stride+h*a.D+n]) * float64(k.Data[(int(a.Key[s])+j)*k.Stride+h*a.D+n])
					}
					top = max(top, scores[j])
				}
				sum := 0.0
				for j := range scores {
					e := math.Exp(scores[j] - top)
					sum += e
					for n := range a.D {
						out[(row*a.Heads+h)*a.D+n] += e * float64(v.Data[(int(a.Key[s])+j)*v.Stride+h*a.D+n])
					}
				}
				for n := range a.D {
					out[(row*a.Heads+h)*a.D+n] /= sum
				}
			}
		}
	}
	return out
}

// batch has sequences with so many queries after so many keys before them.
func batch(r *rand.Rand, a *Attention, before, queries []int, scale float64) (q, k, v, out Matrix) {
	a.Query, a.Key = []int32{0}, []int32{0}
	for s := range queries {
		a.Query = append(a.Query, a.Query[s]+int32(queries[s]))
		a.Key = append(a.Key, a.Key[s]+int32(before[s]+queries[s]))
	}
	last := len(queries)
	width := a.Heads * a.D
	random := func(rows int) Matrix {
		m := matrix(r, rows, width, 3)
		for i := range m.Data {
			if i%m.Stride < width {
				m.Data[i] = float32(r.NormFloat64() * scale)
			}
		}
		return m
	}
	q, k, v = random(int(a.Query[last])), random(int(a.Key[last])), random(int(a.Key[last]))
	return q, k, v, matrix(r, q.Rows, width, 5)
}

func TestAttention(t *testing.T) {
	for version := range 2 {
		for _, d := range []int{1, 5, 16, 33, 64, 70} {
			if version == 1 && d > 64 {
				continue
			}
			for _, causal := range []bool{false, true} {
				for _, order := range some(orders, d) {
					r := rand.New(rand.NewPCG(uint64(d), 3))
					a := Attention{Version: version, Heads: 2, D: d, Causal: causal}
					q, k, v, out := batch(r, &a, []int{0, 5, 40, 0}, []int{1, 70, 1, 33}, 1)
					require.NoError(t, a.Run(order, q, k, v, out))
					want := attended(a, q, k, v)
					for row := range q.Rows {
						for n := range a.Heads * d {
							at := fmt.Sprintf("version %d, d %d, causal %v, order %d, row %d, %d", version, d, causal, order, row, n)
							require.InDelta(t, want[row*a.Heads*d+n], float64(out.Data[row*out.Stride+n]), 2e-5, at)
						}
						require.True(t, math.IsNaN(float64(out.Data[row*out.Stride+out.Cols])), "beyond the row")
					}
				}
			}
		}
	}
}

// TestAttentionIsExact: one selected key, or several with integer values; all
// others 256 below. What the head brings is the value, or the mean, exactly.
func TestAttentionIsExact(t *testing.T) {
	for version := range 2 {
		for _, selected := range []int{1, 2, 4, 32} {
			const d, keys = 8, 130
			a := Attention{Version: version, Heads: 1, D: d}
			r := rand.New(rand.NewPCG(4, uint64(selected)))
			q, k, v, out := batch(r, &a, []int{0}, []int{keys}, 1)
			chosen, sum := map[int]bool{}, 0.0
			for len(chosen) < selected {
				chosen[r.IntN(keys)] = true
			}
			for i := range keys {
				for n := range d {
					q.Data[i*q.Stride+n], k.Data[i*k.Stride+n] = 0, 0
					v.Data[i*v.Stride+n] = float32(r.IntN(100))
				}
				q.Data[i*q.Stride] = 256
				k.Data[i*k.Stride] = -1
				if chosen[i] {
					k.Data[i*k.Stride] = 0
					sum += float64(v.Data[i*v.Stride])
				}
			}
			require.NoError(t, a.Run(7, q, k, v, out))
			for i := range keys {
				require.Equal(t, float32(sum/float64(selected)), out.Data[i*out.Stride], "version %d, %d selected", version, selected)
			}
		}
	}
}

// TestAttentionSumsInChains: whole numbers that many keys bring, each with a weight of 2^-44
// or so, come out exactly beside what the first brings, 1.5 * 2^23.
func TestAttentionSumsInChains(t *testing.T) {
	const d, keys, offset = 4, 1 << 15, 1.5 * (1 << 23)
	score := float32(math.Log(0x1p45))
	for version := range 2 {
		a := Attention{Version: version, Heads: 1, D: d}
		q, k, v, out := batch(rand.New(rand.NewPCG(5, 3)), &a, []int{keys - 1}, []int{1}, 0)
		q.Data[0], k.Data[0] = 1, score
		var sums [d]float64
		for n := range d {
			v.Data[n] = offset
			for j := 1; j < keys; j++ {
				x := []int{1, 1 - 2*(j%2), j*8/keys%2*2 - 1, j / (keys - 1)}[n]
				sums[n] += float64(x)
				v.Data[j*v.Stride+n] = float32(float64(x)*math.Exp(float64(score))) + offset
			}
		}
		require.NoError(t, a.Run(7, q, k, v, out))
		for n, sum := range sums {
			require.Equal(t, sum, float64(out.Data[n]-offset), "version %d, pattern %d", version, n)
		}
	}
}

// TestExp: all floats from -105 to 0, or every 997th unless EXHAUSTIVE is set, are
// within 1.01 ulp of exp; 0 and -104 are exact.
func TestExp(t *testing.T) {
	step := uint32(997)
	if os.Getenv("EXHAUSTIVE") != "" {
		step = 1
	}
	worst, at := 0.0, float32(0)
	batch := make([]float32, 0, 1<<16)
	for bits := uint32(1 << 31); bits <= math.Float32bits(-105); bits += step {
		batch = append(batch, math.Float32frombits(bits))
		if len(batch) < cap(batch) && bits+step <= math.Float32bits(-105) {
			continue
		}
		for i, got := range Weights(batch) {
			want := math.Exp(float64(batch[i]))
			_, exponent := math.Frexp(want)
			if off := math.Abs(float64(got)-want) / math.Ldexp(1, max(exponent-24, -149)); !(off <= worst) {
				worst, at = off, batch[i]
			}
		}
		batch = batch[:0]
	}
	assert.LessOrEqual(t, worst, 1.01, "at %g", at)
	t.Logf("at most %.3f ulp, at %g", worst, at)

	inf, nan := float32(math.Inf(1)), float32(math.NaN())
	got := Weights([]float32{0, -104, -1e9, -inf, nan, -103.9})
	assert.Equal(t, []float32{1, 0, 0, 0}, got[:4])
	assert.True(t, got[4] != got[4])
	assert.Equal(t, float32(math.SmallestNonzeroFloat32), got[5])
}
