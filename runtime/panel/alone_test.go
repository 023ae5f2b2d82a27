package panel

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// randomSparse has some rows that differ in their bias alone, and some without weights.
func randomSparse(r *rand.Rand, in, out int, zeros float64) (s *Sparse, w []float32) {
	w, bias := make([]float32, in*out), make([]float32, out)
	for j := range out {
		bias[j] = float32(r.IntN(9) - 4)
		like := r.IntN(j + 1)
		for i := range in {
			if r.IntN(3) == 0 && like < j {
				w[i*out+j] = w[i*out+like]
			}
			if like == j && r.Float64() >= zeros {
				w[i*out+j] = float32(r.NormFloat64())
			}
		}
		if r.IntN(2) == 0 && like < j {
			for i := range in {
				w[i*out+j] = w[i*out+like]
			}
		}
	}
	return ofDense(w, in, out, bias), w
}

// inOrder is Apply for the first position, as Alone promises it: sums in the order of the
// inputs, no product fused.
func inOrder(s *Sparse, y, x []float32, mode Mode) {
	for o := range s.Outputs {
		sum := float32(0)
		for _, e := range o.Entries {
			sum += float32(x[e.In] * e.Weight)
		}
		sum += o.Bias
		switch mode {
		case ReLU:
			sum = max(sum, 0)
		case Add:
			sum += y[o.Index]
		}
		y[o.Index] = sum
	}
}

// Position after position Alone gives the bits of the sums in order.
func TestAlone(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 1))
	for _, shape := range [][2]int{{1, 1}, {3, 5}, {70, 7}, {33, 140}, {130, 65}} {
		for _, mode := range []Mode{Store, ReLU, Add} {
			t.Run(fmt.Sprint(shape, mode), func(t *testing.T) {
				s, _ := randomSparse(r, shape[0], shape[1], 0.8)
				if mode == Add {
					s = s.Update()
				}
				alone, x, y := NewAlone(s, mode, nil), NewPosition(shape[0]), NewPosition(shape[1])
				want := make([]float32, shape[1])
				for range 200 {
					x.Clear()
					for range r.IntN(6) {
						x.Set(r.IntN(shape[0]), float32(r.IntN(5)-2))
					}
					inOrder(s, want, x.Values, mode)
					if mode == Add {
						alone.Add(&y, &x)
						requirePosition(t, want, &y)
					} else {
						requirePosition(t, want, alone.Apply(&x))
					}
				}
			})
		}
	}
}

// requirePosition wants these features, and that it is known which of them are not 0.
func requirePosition(t *testing.T, want []float32, got *Position) {
	t.Helper()
	require.Equal(t, want, got.Values[:len(want)])
	for f := range want {
		require.Equal(t, want[f] != 0, got.Next(f, f+1) == f, "feature %d is %g", f, want[f])
	}
}

// Neurons that need an input are computed where it is not 0, and are 0 elsewhere.
func TestAloneWithNeeds(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 1))
	const cells, neurons = 20, 400
	w, bias, needs := make([]float32, (2*cells+1)*neurons), make([]float32, neurons), make([]int32, neurons)
	for n := range neurons {
		w[n/cells*neurons+n], w[(cells+n%cells)*neurons+n], w[2*cells*neurons+n] = 1, 1, -2 // the last is always 1
		bias[n], needs[n] = 1, int32(n/cells)
		if n%7 == 0 {
			needs[n] = -1
		}
	}
	s := ofDense(w, 2*cells+1, neurons, bias)
	alone, x := NewAlone(s, ReLU, needs), NewPosition(2*cells+1)
	for range 100 {
		x.Clear()
		if r.IntN(4) > 0 {
			x.Set(r.IntN(cells), 1)
		}
		x.Set(cells+r.IntN(cells), 1)
		x.Set(2*cells, 1)
		want := make([]float32, neurons)
		inOrder(s, want, x.Values, ReLU)
		requirePosition(t, want, alone.Apply(&x))
	}
	require.Less(t, len(alone.weights), s.Weights()/2, "most of them are not summed")
}

// What is no number comes out as none, and is gone with the next position.
func TestAloneWithNaN(t *testing.T) {
	alone, x := NewAlone(ofDense([]float32{1, 1, 1}, 1, 3, []float32{0, -1, 2}), ReLU, nil), NewPosition(1)
	x.Set(0, nan)
	for _, v := range alone.Apply(&x).Values {
		require.NotEqual(t, v, v)
	}
	x.Set(0, 1)
	requirePosition(t, []float32{1, 0, 3}, alone.Apply(&x))
}

func TestBeside(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 1))
	a, _ := randomSparse(r, 9, 4, 0.5)
	b, _ := randomSparse(r, 9, 70, 0.5)
	x := NewPosition(9)
	for i := range 9 {
		x.Set(i, float32(i%3))
	}
	want := make([]float32, 74)
	inOrder(a, want, x.Values, Store)
	inOrder(b, want[4:], x.Values, Store)
	requirePosition(t, want, NewAlone(Beside(a, b), Store, nil).Apply(&x))
}

func TestPosition(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 1))
	p, want := NewPosition(150), make([]float32, 150)
	for range 400 {
		f := r.IntN(len(want))
		want[f] = float32(r.IntN(3) - 1)
		p.Set(f, want[f])
		from := r.IntN(len(want))
		to, next := from+r.IntN(len(want)-from+1), from
		for next < to && want[next] == 0 {
			next++
		}
		require.Equal(t, next, p.Next(from, to))
		requirePosition(t, want, &p)
	}
	copy(p.Panel().Data[60:], []float32{1, 0, 3, 0, 5})
	copy(want[60:], []float32{1, 0, 3, 0, 5})
	p.Look(60, 65)
	requirePosition(t, want, &p)
	p.Clear()
	requirePosition(t, make([]float32, 150), &p)
}
