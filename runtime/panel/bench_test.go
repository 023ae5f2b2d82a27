package panel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"rasp/runtime/gemm"
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
// that are no normal numbers would show as a time of their own. Those that are cut off take
// less.
func BenchmarkScores(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 3))
	for _, below := range []float32{0, 10, 50, 80, 87, 90, 100, 104, 120, 200} {
		b.Run(fmt.Sprintf("%gbelow", below), func(b *testing.B) {
			h := randomHead(r, 64, 1024, 0)
			for i := range h.Queries { // key 0 leads; the others are that far below it, and a little apart
				h.Q.Data[i], h.K.Data[i] = 1, 8-below-h.K.Data[i]
			}
			h.K.Data[0] = 8
			everyISA(func(name string) {
				for kernel, single := range map[string]int{"": 0, " one by one": 64} {
					h.Queries, h.Single = 1024, single
					if single > 0 {
						h.Past, h.Queries = 1024, single
					}
					b.Run(name+kernel, func(b *testing.B) {
						var s Scratch
						for b.Loop() {
							Attend(h, &s)
						}
					})
					h.Past = 0
				}
			})
		})
	}
}

// BenchmarkDenormal has numbers below 2^-126, which are no normal ones, in each kind of
// product: as weights, as activations, as both, and as what comes out of normal ones.
func BenchmarkDenormal(b *testing.B) {
	const n, positions = 256, 256
	for _, c := range []struct {
		name       string
		weight, in float32
	}{{"normal", 1, 1}, {"weights", 0x1p-135, 1}, {"activations", 1, 0x1p-135}, {"both", 0x1p-135, 0x1p-135}, {"results", 0x1p-67, 0x1p-67}} {
		r := rand.New(rand.NewPCG(1, 4))
		scaled := func(scale float32, zeros float64) []float32 {
			list := make([]float32, n*n)
			for i := range list {
				if r.Float64() >= zeros {
					list[i] = scale * float32(r.NormFloat64())
				}
			}
			return list
		}
		x, y := New(n, positions), New(n, positions)
		for i := range x.Data {
			x.Data[i] = c.in * float32(r.NormFloat64())
		}
		w, few, in := scaled(c.weight, 0), ofDense(scaled(c.weight, 0.98), n, n, make([]float32, n)), scaled(c.in, 0)
		alone, position := NewAlone(few, Store, nil), NewPosition(n)
		copy(position.Values, in)
		position.Look(0, n)
		h := randomHead(r, 64, positions, 0)
		for i := range h.V.Data {
			h.V.Data[i] *= c.in
			h.K.Data[i] *= c.weight
		}
		everyISA(func(name string) {
			for kernel, f := range map[string]func(){
				"sparse": func() { few.Apply(y, x, positions, Store) },
				"vector": func() { Vector(y.Data[:n], in[:n], w, n) },
				"attend": func() { Attend(h, new(Scratch)) },
			} {
				b.Run(kernel+"/"+c.name+"/"+name, func(b *testing.B) {
					for b.Loop() {
						clear(y.Data[:n])
						f()
					}
				})
			}
		})
		b.Run("alone/"+c.name, func(b *testing.B) {
			for b.Loop() {
				alone.Apply(&position)
			}
		})
		b.Run("dense/"+c.name, func(b *testing.B) {
			out := gemm.Dense(n, n, make([]float32, n*n))
			for b.Loop() {
				gemm.Mul(gemm.Op{Alpha: 1}, gemm.Dense(n, n, in), gemm.Dense(n, n, w), out)
			}
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
