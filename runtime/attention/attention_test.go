package attention

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/runtime/gemm"
)

// matrix makes rows x cols elements, the rows so many elements apart with NaN
// between them.
func matrix(rows, cols, gap int, element func() float32) gemm.Matrix {
	x := gemm.Matrix{Rows: rows, Cols: cols, Stride: cols + gap, Data: make([]float32, rows*(cols+gap))}
	for i := range x.Data {
		x.Data[i] = float32(math.NaN())
		if i%x.Stride < cols {
			x.Data[i] = element()
		}
	}
	return x
}

// reference is attention in float64, and by how much float32 may differ: rounding
// of a score shifts a weight by the same share.
func reference(h Head, q, k, v gemm.Matrix) (out, bound [][]float64) {
	for i := range q.Rows {
		visible := k.Rows
		if h.Causal {
			visible = min(visible, h.First+i+1)
		}
		s, off := make([]float64, visible), 0.0
		largest := math.Inf(-1)
		for j := range s {
			size := 0.0
			for n := range q.Cols {
				product := float64(q.Data[i*q.Stride+n]) * float64(k.Data[j*k.Stride+n])
				s[j] += product
				size += math.Abs(product)
			}
			largest = max(largest, s[j])
			off = max(off, size)
		}
		sum, z, size := 0.0, make([]float64, v.Cols), make([]float64, v.Cols)
		for j := range s {
			e := math.Exp(float64(h.Scale) * (s[j] - largest))
			sum += e
			for n := range z {
				z[n] += e * float64(v.Data[j*v.Stride+n])
				size[n] += e * math.Abs(float64(v.Data[j*v.Stride+n]))
			}
		}
		share := 0x1p-24 * (2*float64(h.Scale)*off*float64(q.Cols+4) + 2*float64(visible) + 20)
		for n := range z {
			z[n] /= sum
			size[n] = size[n]/sum*share + 1e-30
		}
		out, bound = append(out, z), append(bound, size)
	}
	return out, bound
}

func TestAttend(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	normal := func() float32 { return float32(r.NormFloat64()) }
	lengths := []int{1, 2, 7, 15, 16, 17, 55, 56, 57, 112, 127, 128, 129, 131, 200, 257}
	var s Scratch
	for range 150 {
		h := Head{Scale: []float32{1, 0.125, 0.3, 4}[r.IntN(4)], Causal: r.IntN(2) == 0}
		queries, keys := lengths[r.IntN(len(lengths))], lengths[r.IntN(len(lengths))]
		d, dv := 1+r.IntN(40), r.IntN(40)
		if h.Causal {
			h.First = r.IntN(150)
			keys = h.First + queries
		}
		gap := r.IntN(3)
		q, k, v := matrix(queries, d, gap, normal), matrix(keys, d, gap, normal), matrix(keys, dv, gap, normal)
		out := matrix(queries, dv, gap, func() float32 { return float32(math.NaN()) })
		want, bound := reference(h, q, k, v)
		everyWeigh(func(name string) {
			h.Attend(q, k, v, out, &s)
			for at, x := range out.Data {
				i, n := at/out.Stride, at%out.Stride
				if n >= dv {
					require.True(t, x != x, "%s wrote beyond row %d", name, i)
				} else if !(math.Abs(float64(x)-want[i][n]) <= bound[i][n]) {
					require.Failf(t, "wrong", "%s %+v %d queries %d keys: at %d, %d is %g, not %g within %g", name, h, queries, keys, i, n, x, want[i][n], bound[i][n])
				}
			}
		})
	}
}

// Scores that are equal or 104 and more apart select keys exactly: the result is the
// mean of integers, rounded once, whatever the order of the sums.
func TestHardAttentionIsExact(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	var s Scratch
	for _, causal := range []bool{false, true} {
		const length, classes = 300, 5
		class := make([]int, length)
		q, k := matrix(length, classes, 1, zero), matrix(length, classes, 1, zero)
		for i := range class {
			class[i] = r.IntN(classes)
			q.Data[i*q.Stride+class[i]] = 8
			k.Data[i*k.Stride+class[i]] = 13
		}
		v := matrix(length, 3, 0, func() float32 { return float32(r.IntN(1<<12) - 1<<11) })
		out := matrix(length, 3, 0, zero)
		everyWeigh(func(name string) {
			Head{Scale: 1, Causal: causal}.Attend(q, k, v, out, &s)
			for i := range length {
				for n := range 3 {
					sum, count := 0, 0
					for j := range length {
						if class[j] == class[i] && (j <= i || !causal) {
							sum += int(v.Data[j*3+n])
							count++
						}
					}
					require.Equal(t, float32(sum)/float32(count), out.Data[i*3+n], "%s causal %v at %d, %d", name, causal, i, n)
				}
			}
		})
	}
}

func zero() float32 { return 0 }

// The largest score rises from block to block: by 104 it wipes out what was before,
// by 0 it leaves it alone.
func TestRisingMaximum(t *testing.T) {
	var s Scratch
	q := matrix(1, 1, 0, func() float32 { return 1 })
	for rise, want := range map[float32]float32{104: 7, 0: 5, 200: 7} {
		k, v := matrix(2*keyBlock, 1, 0, zero), matrix(2*keyBlock, 1, 0, func() float32 { return 3 })
		for j := keyBlock; j < 2*keyBlock; j++ {
			k.Data[j], v.Data[j] = rise, 7
		}
		out := matrix(1, 1, 0, zero)
		Head{Scale: 1}.Attend(q, k, v, out, &s)
		assert.Equal(t, want, out.Data[0], "rise of %g", rise)
	}
}

// A step with a KV cache gives the bits that the whole sequence gives.
func TestOneQueryAtATime(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	normal := func() float32 { return float32(3 * r.NormFloat64()) }
	const length, d = 200, 20
	q, k, v := matrix(length, d, 0, normal), matrix(length, d, 0, normal), matrix(length, d, 0, normal)
	whole, step := matrix(length, d, 0, zero), matrix(length, d, 0, zero)
	var s Scratch
	everyWeigh(func(name string) {
		Head{Scale: 1, Causal: true}.Attend(q, k, v, whole, &s)
		for i := range length {
			Head{Scale: 1, Causal: true, First: i}.Attend(rows(q, i, 1), rows(k, 0, i+1), rows(v, 0, i+1), rows(step, i, 1), &s)
		}
		require.Equal(t, whole.Data, step.Data, name)
	})
}

// Twice the length takes twice the memory, and none the second time.
func TestScratchIsLinear(t *testing.T) {
	held := func(length int) int {
		x := matrix(length, 8, 0, zero)
		out := matrix(length, 8, 0, zero)
		var s Scratch
		Head{Scale: 1}.Attend(x, x, x, out, &s)
		assert.Zero(t, testing.AllocsPerRun(3, func() { Head{Scale: 1}.Attend(x, x, x, out, &s) }))
		return cap(s.scores) + cap(s.sum) + cap(s.largest)
	}
	assert.Equal(t, 2*512, held(1024)-held(512))
}

func TestShapesThatDoNotFit(t *testing.T) {
	x := func(rows, cols int) gemm.Matrix { return matrix(rows, cols, 0, zero) }
	var s Scratch
	assert.PanicsWithValue(t, "attention: q [2, 3], k [4, 3], v [5, 6], out [2, 6]",
		func() { Head{Scale: 1}.Attend(x(2, 3), x(4, 3), x(5, 6), x(2, 6), &s) })
	assert.PanicsWithValue(t, "attention: 4 keys, first position 0, scale 0",
		func() { Head{}.Attend(x(2, 3), x(4, 3), x(4, 6), x(2, 6), &s) })
}
