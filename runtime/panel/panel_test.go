package panel

import (
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

// randomPanel has normal numbers where features are and guard everywhere else.
func randomPanel(r *rand.Rand, features, positions int, guard float32) Panel {
	p := New(features, positions)
	for i := range p.Data {
		p.Data[i] = guard
	}
	for f := range features {
		for i := range positions {
			p.Data[f*p.Stride+i] = float32(r.NormFloat64())
		}
	}
	return p
}

var nan = float32(math.NaN())

// everyISA calls f with the kernels of each instruction set that the CPU has.
func everyISA(f func(name string)) {
	best := vectors
	defer func() { vectors = best }()
	for set, name := range []string{plain: "plain", avx2: "AVX2", avx512: "AVX-512"} {
		if vectors = isa(set); vectors <= best {
			f(name)
		}
	}
}

func TestSparse(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for _, positions := range []int{1, 2, 15, 16, 17, 31, 48, 63, 64, 65, 127, 128, 200} {
		for _, shape := range [][2]int{{1, 1}, {3, 5}, {20, 7}, {33, 40}} {
			for _, zeros := range []float64{0, 0.7, 1} {
				for _, mode := range []Mode{Store, ReLU, Add} {
					if testing.Short() && r.IntN(3) > 0 {
						continue
					}
					t.Run(fmt.Sprint(positions, shape, zeros, mode), func(t *testing.T) {
						testSparse(t, r, shape[0], shape[1], positions, zeros, mode)
					})
				}
			}
		}
	}
}

// ofDense takes W [in, out], row-major.
func ofDense(w []float32, in, out int, bias []float32) *Sparse {
	row := func(i int) iter.Seq2[int, float32] {
		return func(yield func(int, float32) bool) {
			for j, v := range w[i*out : (i+1)*out] {
				if v != 0 && !yield(j, v) {
					return
				}
			}
		}
	}
	return NewSparse(in, row, bias)
}

func testSparse(t *testing.T, r *rand.Rand, in, out, positions int, zeros float64, mode Mode) {
	w, bias := make([]float32, in*out), make([]float32, out)
	for i := range w {
		if r.Float64() >= zeros {
			w[i] = float32(r.NormFloat64())
		}
	}
	for j := range bias {
		bias[j] = float32(r.NormFloat64())
	}
	x, before := randomPanel(r, in, positions, nan), randomPanel(r, out, positions, nan)
	s := ofDense(w, in, out, bias)
	if mode == Add {
		s = s.Update()
	}
	everyISA(func(name string) {
		y := Panel{append([]float32(nil), before.Data...), before.Stride}
		sparse(s, y, x, positions, mode)
		for f := range out {
			for p := range y.Stride {
				old, got := before.Data[f*y.Stride+p], float64(y.Data[f*y.Stride+p])
				if p >= positions {
					require.True(t, math.IsNaN(got), "%s wrote row %d position %d", name, f, p)
					continue
				}
				want, size := float64(bias[f]), 1.0
				for i := range in {
					term := float64(w[i*out+f]) * float64(x.Data[i*x.Stride+p])
					want += term
					size += math.Abs(term)
				}
				switch mode {
				case ReLU:
					want = max(want, 0)
				case Add:
					want += float64(old)
				}
				require.InDelta(t, want, got, size*1e-6, "%s row %d position %d", name, f, p)
			}
		}
	})
}

func TestVector(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 1))
	for _, in := range []int{0, 1, 7, 8, 9, 30} {
		for _, out := range []int{0, 1, 15, 16, 17, 64, 77} {
			stride := out + in%3
			x, w := randomPanel(r, 1, in, 0).Data[:in], randomPanel(r, 1, in*stride, 0).Data[:in*stride]
			want := make([]float64, out)
			for i, v := range x {
				for j := range out {
					want[j] += float64(v) * float64(w[i*stride+j])
				}
			}
			everyISA(func(name string) {
				y := make([]float32, out+1)
				Vector(y[:out], x, w, stride)
				require.Zero(t, y[out], "wrote past the end")
				for j, sum := range want {
					require.InDelta(t, sum, float64(y[j]), 1e-5, "%s %d x %d", name, in, out)
				}
			})
		}
	}
}

func TestReLUKeepsNaN(t *testing.T) {
	everyISA(func(name string) {
		x, y := New(1, 3), New(1, 3)
		copy(x.Data, []float32{nan, -1, 1})
		ofDense([]float32{1}, 1, 1, []float32{0}).Apply(y, x, 3, ReLU)
		require.True(t, math.IsNaN(float64(y.Data[0])), name)
		require.Equal(t, []float32{0, 1}, y.Data[1:3], name)
	})
}

func TestAttend(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 1))
	for _, c := range []struct{ queries, keys, past int }{
		{1, 1, 0}, {1, 1, 9}, {2, 2, 0}, {16, 16, 0}, {17, 17, 0}, {17, 17, 99}, {33, 33, 0}, {65, 65, 65},
		{2, 127, 125}, {3, 128, 125}, {1, 129, 129}, {5, 20, 15}, {1, 20, 19}, {40, 100, 60}, {1, 300, 299}, {70, 301, 231}, {3, 200, 200},
	} {
		for _, dims := range []int{0, 1, 3, 64} {
			for _, values := range []int{1, 2, 3, 7, 8, 9, 17} {
				for _, gap := range []float32{0.3, 60} {
					if testing.Short() && r.IntN(4) > 0 {
						continue
					}
					t.Run(fmt.Sprintf("%+v %d %d %g", c, dims, values, gap), func(t *testing.T) {
						h := Head{Dims: dims, Values: values, Queries: c.queries, Keys: c.keys, Past: c.past}
						h.Q, h.K = randomPanel(r, dims, c.queries, nan), randomPanel(r, dims, c.keys, nan)
						h.V, h.Z = randomPanel(r, values, c.keys, nan), randomPanel(r, values, c.queries, nan)
						for i := range h.Q.Data {
							h.Q.Data[i] *= gap
						}
						testAttend(t, &h, 1e-5*(1+float64(gap)))
					})
				}
			}
		}
	}
}

// testAttend allows for scores that are off by some ulp.
func testAttend(t *testing.T, h *Head, tolerance float64) {
	kernels := map[string]func(*Head, *Scratch){
		"vectors": Attend,
		"single":  func(h *Head, s *Scratch) { h.Single = h.Queries; Attend(h, s); h.Single = 0 },
		"mixed":   func(h *Head, s *Scratch) { h.Single = Single(h.Queries); Attend(h, s); h.Single = 0 },
	}
	everyISA(func(set string) {
		for name, attend := range kernels {
			for i := range h.Z.Data {
				h.Z.Data[i] = nan
			}
			attend(h, &Scratch{})
			for i := range h.Queries {
				for n, want := range referenceQuery(h, i) {
					require.InDelta(t, want, float64(h.Z.Data[n*h.Z.Stride+i]), tolerance, "%s %s query %d value %d", set, name, i, n)
				}
			}
			for n := range h.Values {
				for _, z := range h.Z.Row(n)[h.Queries:] {
					require.True(t, z != z, "%s %s wrote past the queries", set, name)
				}
			}
		}
	})
}

// referenceQuery is the textbook formula in float64.
func referenceQuery(h *Head, i int) []float64 {
	z, total, largest := make([]float64, h.Values), 0.0, math.Inf(-1)
	scores := make([]float64, min(h.Past+i+1, h.Keys))
	for j := range scores {
		for d := range h.Dims {
			scores[j] += float64(h.Q.Data[d*h.Q.Stride+i]) * float64(h.K.Data[d*h.K.Stride+j])
		}
		largest = max(largest, scores[j])
	}
	for j, score := range scores {
		e := math.Exp(score - largest)
		total += e
		for n := range z {
			z[n] += e * float64(h.V.Data[n*h.V.Stride+j])
		}
	}
	for n := range z {
		z[n] /= total
	}
	return z
}

// weight attends to two keys, one with score 0 and value 0, the other with score
// x and value 1, from many queries or one, and returns e / (1 + e).
func weight(x float32, queries int) float32 {
	h := Head{Dims: 1, Values: 1, Queries: queries, Keys: 2, Past: 2}
	h.Q, h.K, h.V, h.Z = New(1, queries), New(1, 2), New(1, 2), New(1, queries)
	for i := range queries {
		h.Q.Data[i] = 1
	}
	h.K.Data[1], h.V.Data[1] = x, 1
	h.Single = Single(queries)
	Attend(&h, &Scratch{})
	return h.Z.Data[queries-1]
}

// exps computes exp for each x, at most 0, with one of the kernels: the weights of
// keys with these scores beside one with score 0, whose weight is the 1 of that kernel.
func exps(x []float32, single bool) []float32 {
	h := Head{Dims: 1, Values: 1, Queries: Lanes, Keys: len(x) + 1, Past: len(x) + 1}
	if single {
		h.Queries, h.Single = 1, 1
	}
	h.Q, h.K, h.V, h.Z = New(1, Lanes), New(1, h.Keys), New(1, h.Keys), New(1, Lanes)
	for i := range h.Queries {
		h.Q.Data[i] = 1
	}
	copy(h.K.Data[1:], x)
	var s Scratch
	Attend(&h, &s)
	if mantissa, _ := math.Frexp(float64(s.scores[0])); mantissa != 0.5 {
		panic("the weight of the largest score is no power of two")
	}
	weights, apart := make([]float32, len(x)), 1
	if vectors != plain && !single {
		apart = Lanes
	}
	for j := range weights {
		if x[j] > Cut || apart == 1 { // others are left as they are
			weights[j] = s.scores[(j+1)*apart] / s.scores[0]
		}
	}
	return weights
}

// All floats from -105 to 0, or every 997th unless EXHAUSTIVE is set, are within
// 3 * 2^-24 of exp, or 2^-125 where that is more; none but 0 is below 2^-126.
func TestExp(t *testing.T) {
	step := uint64(997)
	if os.Getenv("EXHAUSTIVE") != "" {
		step = 1
	}
	everyISA(func(name string) {
		for _, single := range []bool{false, true} {
			worst, at := 0.0, float32(0)
			batch := make([]float32, 0, 4095)
			finish := func() {
				for i, e := range exps(batch, single) {
					want := math.Exp(float64(batch[i]))
					if off := math.Abs(float64(e)-want) / max(want*0x1p-24, 0x1p-125/3); off > worst {
						worst, at = off, batch[i]
					}
					require.False(t, 0 < e && e < 0x1p-126, "exp(%g) is %g, no normal number", batch[i], e)
				}
				batch = batch[:0]
			}
			for bits := uint64(math.Float32bits(float32(math.Copysign(0, -1)))); bits <= uint64(math.Float32bits(-105)); bits += step {
				batch = append(batch, math.Float32frombits(uint32(bits)))
				if len(batch) == cap(batch) {
					finish()
				}
			}
			finish()
			t.Logf("%s, single %v: at most %.3f * 2^-24, at %g", name, single, worst, at)
			require.Less(t, worst, 3.0, "at %g", at)
			require.Equal(t, []float32{1, 0, 0, 0}, exps([]float32{0, Cut, -104, -1e30}, single))
		}
		for _, queries := range []int{1, Lanes} {
			require.Equal(t, float32(0.5), weight(0, queries))
			require.Zero(t, weight(-104, queries))
		}
	})
}

// Twice the keys take twice the memory.
func TestScratchIsLinear(t *testing.T) {
	held := func(keys int) int {
		var s Scratch
		s.reserve(&Head{Keys: keys, Values: 64})
		return 4 * (len(s.scores) + len(s.live))
	}
	require.Equal(t, 260*1024, held(2048)-held(1024), "bytes")
}

func TestNothingIsAllocated(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 1))
	h := Head{Dims: 5, Values: 3, Queries: 33, Keys: 33, Past: 33}
	h.Q, h.K, h.V, h.Z = randomPanel(r, 5, 33, 0), randomPanel(r, 5, 33, 0), randomPanel(r, 3, 33, 0), randomPanel(r, 3, 33, 0)
	scratch, s := &Scratch{}, ofDense([]float32{1, 2, 3, 4}, 2, 2, []float32{1, 2})
	Attend(&h, scratch)
	require.Zero(t, testing.AllocsPerRun(10, func() {
		Attend(&h, scratch)
		s.Apply(h.Q, h.K, 33, Store)
	}))
}

// TestSumsInChains: whole numbers that 65,535 keys bring, each with the weight 2^-44 ..,
// come out exactly beside what BOS brings, 1.5 * 2^23: package runtime promises chains that
// are off by less than a half, whatever the order of the values is.
func TestSumsInChains(t *testing.T) {
	const keys, offset = 1 << 16, 1.5 * (1 << 23)
	const c = 0x1p45 // with a logarithm that float32 has badly enough
	r := rand.New(rand.NewPCG(5, 1))
	at, up := 0, true
	patterns := []func(j int) int{
		func(int) int { return 1 },
		func(int) int { return -1 },
		func(j int) int { return 1 - 2*(j%2) },
		func(j int) int { return []int{1, -1}[j/(keys/2)] },
		func(j int) int { return j / (keys - 1) },
		func(int) int { return r.IntN(3) - 1 },
		func(j int) int { // to and fro across each power of two
			if top := 1 << (j * 16 / keys); up && at > top || !up && at < -top {
				up = !up
			}
			if at--; up {
				at += 2
			}
			return []int{-1, 1}[max(0, min(1, at))]
		},
	}
	h := Head{Dims: 1, Values: len(patterns), Queries: Lanes, Keys: keys, Past: keys}
	h.Q, h.K, h.V, h.Z = New(1, Lanes), New(1, keys), New(h.Values, keys), New(h.Values, Lanes)
	for i := range Lanes {
		h.Q.Data[i] = 1
	}
	score := float32(math.Log(c))
	h.K.Data[0] = score
	e := math.Exp(-float64(score))
	sums := make([]float64, h.Values)
	for n, of := range patterns {
		h.V.Data[n*h.V.Stride] = offset
		for j := 1; j < keys; j++ {
			v := of(j)
			sums[n] += float64(v)
			h.V.Data[n*h.V.Stride+j] = float32(float64(v)/e) + offset
		}
	}
	everyISA(func(name string) {
		for _, single := range []int{0, Lanes} {
			h.Single = single
			Attend(&h, &Scratch{})
			for n, sum := range sums {
				require.Equal(t, sum, float64(h.Z.Data[n*h.Z.Stride]-offset), "%s, pattern %d, single %d", name, n, single)
			}
		}
	})
}
