package layernorm

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/runtime/model"
	"rasp/runtime/model/modeltest"
)

// moments are a count and a mean.
type moments struct {
	n    int
	mean float32
}

// join is AddMoments of PyTorch, in float32.
func (a moments) join(b moments) moments {
	n := a.n + b.n
	share := float32(b.n) / float32(n)
	delta := b.mean - a.mean
	return moments{n, a.mean + float32(delta*share)}
}

// welford is the mean of x as PyTorch takes it with so many lanes: by Welford's method in runs of
// 16 vectors, joined two by two, and then over the lanes.
func welford(x []float32, lanes int) float32 {
	const run = 16
	var total moments
	for lane := range lanes {
		var stack []moments // of 1, 2, 4, ... runs, or none
		for start := 0; start < len(x); start += run * lanes {
			var m moments
			for i := range run {
				delta := x[start+i*lanes+lane] - m.mean
				m.n++
				m.mean += float32(delta * (1 / float32(m.n)))
			}
			level := 0
			for ; level < len(stack) && stack[level].n > 0; level++ {
				m, stack[level] = stack[level].join(m), moments{}
			}
			if level == len(stack) {
				stack = append(stack, moments{})
			}
			stack[level] = m
		}
		var all moments
		for _, m := range stack {
			if m.n > 0 {
				all = all.join(m)
			}
		}
		total = total.join(all)
	}
	return total.mean
}

// The mean is 0, bit for bit, whatever is in the stream, in every number of lanes.
func TestMean(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, dModel := range []int{1, 5, 256, 257, 700, 1300} {
		s := New(modeltest.Blank(model.Config{Layers: 1, Heads: 1, DModel: dModel, DHead: 1, DMLP: 1, NCtx: 2}, 1), 0)
		row := make([]float32, dModel)
		for d := range row {
			row[d] = float32(rng.NormFloat64() * 1e6)
		}
		x := s.WrittenBias(row).Floats()
		require.Len(t, x, s.Width)
		for _, lanes := range []int{1, 2, 4, 8, 16} {
			assert.Zero(t, welford(x, lanes), "d_model %d, %d lanes", dModel, lanes)
		}
		// Side by side a dimension and its opposite would not do.
		beside := make([]float32, len(x))
		for d := range len(x) / 2 {
			beside[2*d] = x[d/half*2*half+d%half]
			beside[2*d+1] = -beside[2*d]
		}
		if dModel > 200 {
			assert.NotZero(t, welford(beside, 16), "d_model %d", dModel)
		}
	}
}

// Beside eps the variance of what compiled models hold counts for nothing, and the weight
// undoes the root.
func TestConstants(t *testing.T) {
	eps := float32(Epsilon)
	assert.Equal(t, eps, eps+float32(1<<95))
	assert.NotEqual(t, eps, eps+float32(1<<98))
	assert.EqualValues(t, Epsilon, float64(Weight)*float64(Weight))
	for _, x := range []float32{1, 1.0 / 3, 16777215, 1e-17} {
		assert.Equal(t, x, float32(x/Weight)*Weight)
	}
}

func TestStream(t *testing.T) {
	for _, c := range []struct {
		heads, dModel, dHead, more  int
		width, allHeads, headsWidth int
	}{
		{1, 4, 1, 0, 512, 2, 256},
		{2, 33, 24, 0, 512, 2, 256},
		{3, 39, 13, 0, 512, 8, 64},
		{3, 39, 65, 0, 1024, 4, 256}, // three heads of 256 do not fit 512
		{1, 256, 1, 0, 512, 2, 256},
		{1, 256, 1, 1, 1024, 1, 1024},
		{1, 10, 600, 0, 1024, 1, 1024},
		{1, 10, 1025, 0, 4096, 1, 4096},
	} {
		s := New(modeltest.Blank(model.Config{Layers: 1, Heads: c.heads, DModel: c.dModel, DHead: c.dHead, DMLP: 1, NCtx: 2}, 1), c.more)
		assert.Equal(t, []int{c.width, c.allHeads, c.headsWidth}, []int{s.Width, s.Heads, s.DHead}, "%+v", c)
		assert.EqualValues(t, s.DHead, s.Root()*s.Root())
	}
}

// What is written and then read is what it was.
func TestReadWritten(t *testing.T) {
	m := modeltest.Random(model.Config{Layers: 1, Heads: 2, DModel: 300, DHead: 3, DMLP: 4, NCtx: 5}, 3, 0.3, 1)
	s := New(m, 0)
	written, read := s.Written(m.WE), s.Read(m.WU)
	for i := range len(m.Vocab) + 1 {
		for d := range m.DModel {
			assert.Equal(t, m.WE.At(i, d), written.At(i, s.Dim(d)))
			assert.Equal(t, -m.WE.At(i, d), written.At(i, s.Dim(d)+half))
		}
	}
	for d := range m.DModel {
		assert.Equal(t, m.WU.At(d, 1), read.At(s.Dim(d), 1))
		assert.Zero(t, read.At(s.Dim(d)+half, 1))
	}
}

// What is too large is refused, where it is written or read.
func TestCheck(t *testing.T) {
	tiny := func() *model.Model { return modeltest.Tiny(1) }
	require.NoError(t, Check(tiny()))
	m := tiny()
	modeltest.Set(&m.WPos, 3, -0x1p47)
	assert.ErrorContains(t, Check(m), "it has weights of up to 1.4e+14")
	m = tiny()
	modeltest.Set(&m.Blocks[1].WOut, 0, 0x1p47)
	assert.Error(t, Check(m))
	m = tiny()
	m.Blocks[0].BIn[1] = 0x1p41
	assert.Error(t, Check(m))
	m = tiny()
	modeltest.Set(&m.Blocks[0].WV, 0, 0x1p60) // values are no part of the stream
	assert.NoError(t, Check(m))
}
