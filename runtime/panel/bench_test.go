package panel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// randomHead has soft attention: scores of a few units. past is that of Head.
func randomHead(r *rand.Rand, dims, length, past int) *Head {
	h := &Head{Dims: dims, Values: dims, Queries: length, Keys: length, Past: past}
	h.Q, h.K = randomPanel(r, dims, length, 0), randomPanel(r, dims, length, 0)
	h.V, h.Z = randomPanel(r, dims, length, 0), randomPanel(r, dims, length, 0)
	for i := range h.Q.Data {
		h.Q.Data[i] /= float32(math.Sqrt(float64(dims)))
	}
	return h
}

// BenchmarkAttend reports the rate of the multiplications, two operations each,
// for a head with soft attention.
func BenchmarkAttend(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	for _, c := range []struct {
		name               string
		dims, length, past int
	}{{"64x1024", 64, 1024, 1024}, {"64x1024causal", 64, 1024, 0}, {"64x4096causal", 64, 4096, 0}, {"8x64", 8, 64, 64}} {
		b.Run(c.name, func(b *testing.B) {
			h := randomHead(r, c.dims, c.length, c.past)
			var s Scratch
			pairs := 0
			for i := range h.Queries {
				pairs += min(h.Keys, h.Past+i+1)
			}
			everyISA(func(name string) {
				b.Run(name, func(b *testing.B) {
					for b.Loop() {
						Attend(h, &s)
					}
					b.ReportMetric(float64(b.N)*float64(pairs*4*c.dims)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
				})
			})
		})
	}
}

// BenchmarkScores has a head whose scores lie further and further below the largest: weights
// that are no normal numbers would show as a time of their own.
func BenchmarkScores(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 3))
	for _, below := range []float32{0, 40, 80, 86, 88, 95, 103, 110} {
		b.Run(fmt.Sprintf("%gbelow", below), func(b *testing.B) {
			h := randomHead(r, 64, 1024, 0)
			for i := range h.Queries { // key 0 leads; the others are that far below it, and a little apart
				h.Q.Data[i], h.K.Data[i] = 1, -below-h.K.Data[i]
			}
			h.K.Data[0] = 8
			var s Scratch
			everyISA(func(name string) {
				b.Run(name, func(b *testing.B) {
					for b.Loop() {
						Attend(h, &s)
					}
				})
			})
		})
	}
}

// BenchmarkSparse reports the rate for a matrix with 2 % of its weights, and for
// one with all.
func BenchmarkSparse(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	for name, zeros := range map[string]float64{"sparse": 0.98, "full": 0} {
		b.Run(name, func(b *testing.B) {
			const n, positions = 256, 512
			w := make([]float32, n*n)
			for i := range w {
				if r.Float64() >= zeros {
					w[i] = 1
				}
			}
			s := ofDense(w, n, n, make([]float32, n))
			x, y := randomPanel(r, n, positions, 0), New(n, positions)
			everyISA(func(name string) {
				b.Run(name, func(b *testing.B) {
					for b.Loop() {
						s.Apply(y, x, positions, Store)
					}
					b.ReportMetric(float64(b.N)*float64(2*s.Weights()*positions)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
				})
			})
		})
	}
}

// BenchmarkFew compares 16 lanes of queries with one query after the other: a
// query alone may take a share of what the vector takes, the inverse of few.
func BenchmarkFew(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	for _, c := range []struct{ dims, values, keys int }{{68, 1, 65}, {9, 1, 65}, {3, 3, 17}, {8, 8, 65}, {64, 64, 1024}} {
		h := Head{Dims: c.dims, Values: c.values, Queries: Lanes, Keys: c.keys, Past: c.keys}
		h.Q, h.K = randomPanel(r, c.dims, Lanes, 0), randomPanel(r, c.dims, c.keys, 0)
		h.V, h.Z = randomPanel(r, c.values, c.keys, 0), randomPanel(r, c.values, Lanes, 0)
		var s Scratch
		s.reserve(&h)
		b.Run(fmt.Sprintf("%d,%d,%d/vector", c.dims, c.values, c.keys), func(b *testing.B) {
			for b.Loop() {
				attend(&h, &s, 0, Lanes)
			}
		})
		b.Run(fmt.Sprintf("%d,%d,%d/one", c.dims, c.values, c.keys), func(b *testing.B) {
			for b.Loop() {
				query(&h, &s, 0)
			}
		})
	}
}
