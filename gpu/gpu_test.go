//go:build cgo && linux && (amd64 || arm64)

package gpu

import (
	"errors"
	"math"
	"math/rand/v2"
	"os"
	goruntime "runtime"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/compiler"
	"rasp/compiler/verify"
	"rasp/lang"
	"rasp/runtime"
	"rasp/runtime/bench"
	"rasp/runtime/model"
	"rasp/runtime/model/modeltest"
)

// device opens the GPU; without one the test is skipped, or fails if
// RASP_REQUIRE_GPU is 1, so that a run on a GPU cannot pass by skipping.
func device(t testing.TB) *Device {
	d, err := Open()
	if errors.Is(err, ErrUnavailable) && os.Getenv("RASP_REQUIRE_GPU") != "1" {
		t.Skip(err)
	}
	require.NoError(t, err)
	t.Cleanup(d.Close)
	return d
}

// compiled is the model of a program with directives.
func compiled(t testing.TB, text string) *model.Model {
	program, faults := lang.Parse("test.rasp", text)
	require.NoError(t, faults.Err())
	outputs, fault := program.Outputs(nil, program.File.Directives.Vocab)
	require.Nil(t, fault)
	domain, fault := program.Domain()
	require.Nil(t, fault)
	onCPU := func(m *model.Model) verify.Engine { return runtime.NewSession(m) }
	m, _, err := compiler.Compile(outputs, domain, compiler.Options{Level: 1, Engine: onCPU})
	require.NoError(t, err)
	return m
}

// inputs draws ragged inputs for a model.
func inputs(m *model.Model, count int) [][]int {
	r := rand.New(rand.NewPCG(1, uint64(count)))
	batch := make([][]int, count)
	for n := range batch {
		batch[n] = make([]int, 1+r.IntN(m.NCtx-1))
		for i := range batch[n] {
			batch[n][i] = r.IntN(len(m.Vocab))
		}
	}
	return batch
}

var models = map[string]string{
	"bidirectional": "#rasp:vocab \"abc\"\n#rasp:length 9\n#rasp:output r, n\nr = aggregate(select(indices, length - 1 - indices, ==), tokens);\nn = selector_width(select(tokens, tokens, ==));",
	"causal":        "#rasp:vocab \"()\"\n#rasp:length 12\n#rasp:causal\nx = aggregate(full_s, (1 if tokens == \"(\" else -1)) >= 0;",
	"number":        "#rasp:vocab 0..3\n#rasp:length 7\n#rasp:causal\nx = aggregate(full_s, tokens_int);",
	"no layers":     "#rasp:vocab \"abc\"\n#rasp:length 4\nx = indices + 1;",
}

// TestModelsAreExact: the device gives what the CPU gives.
func TestModelsAreExact(t *testing.T) {
	d := device(t)
	for name, text := range models {
		t.Run(name, func(t *testing.T) {
			m := compiled(t, text)
			s, err := d.NewSession(m)
			require.NoError(t, err)
			defer s.Close()
			batch := inputs(m, 40)
			want, err := runtime.NewSession(m).Run(batch)
			require.NoError(t, err)
			got, err := s.Run(batch)
			require.NoError(t, err)
			assert.Equal(t, want, got)
		})
	}
}

// TestPredictionsTie: of tokens that are equally likely but for rounding, a
// prediction takes the first, another output the largest.
func TestPredictionsTie(t *testing.T) {
	d := device(t)
	m := random(true, 1, 4, 2, 3, 3, 6)
	modeltest.Change(&m.WU, func(weights []float32) {
		for i := range m.DModel {
			weights[3*i+1], weights[3*i+2] = weights[3*i], weights[3*i]
		}
	})
	m.BU = []float32{0, 1e-5, -1}
	for _, next := range []bool{true, false} {
		m.Outputs = []model.Output{{Name: "x", Classes: m.Vocab, Next: next}}
		s, err := d.NewSession(m)
		require.NoError(t, err)
		got, err := s.Run([][]int{{0, 1, 2}})
		require.NoError(t, err)
		want, err := runtime.NewSession(m).Run([][]int{{0, 1, 2}})
		require.NoError(t, err)
		assert.Equal(t, want, got)
		assert.Equal(t, next, got[0][0][0] == m.Vocab[0])
		s.Close()
	}
}

// random is a dense model with random weights.
func random(causal bool, heads, dModel, dHead, dMLP, vocab, context int) *model.Model {
	r := rand.New(rand.NewPCG(2, 3))
	m := &model.Model{Config: model.Config{Layers: 2, Heads: heads, DModel: dModel, DHead: dHead, DMLP: dMLP, NCtx: context, Causal: causal}}
	list := func(n int) []float32 {
		x := make([]float32, n)
		for i := range x {
			x[i] = float32(r.NormFloat64()) / 4
		}
		return x
	}
	for v := range vocab {
		m.Vocab = append(m.Vocab, model.Token(rune('a'+v)))
	}
	m.Outputs = []model.Output{{Name: "x", Classes: m.Vocab}}
	matrix := func(rows, cols int) model.Matrix { return model.Dense(rows, cols, list(rows*cols)) }
	m.WE, m.WPos = matrix(vocab+1, dModel), matrix(context, dModel)
	for range m.Layers {
		m.Blocks = append(m.Blocks, model.Block{
			WQ: matrix(heads*dModel, dHead), WK: matrix(heads*dModel, dHead), WV: matrix(heads*dModel, dHead),
			BQ: list(heads * dHead), BK: list(heads * dHead), BV: list(heads * dHead),
			WO: matrix(heads*dHead, dModel), BO: list(dModel),
			WIn: matrix(dModel, dMLP), BIn: list(dMLP), WOut: matrix(dMLP, dModel), BOut: list(dModel),
		})
	}
	m.WU, m.BU = matrix(dModel, vocab), list(vocab)
	return m
}

// TestLogitsOfDenseModels beside the CPU, within rounding: of any d_head, with
// both attention kernels.
func TestLogitsOfDenseModels(t *testing.T) {
	d := device(t)
	for _, m := range []*model.Model{random(false, 2, 20, 8, 33, 5, 9), random(true, 3, 12, 70, 10, 4, 8), random(true, 1, 7, 3, 5, 3, 4), random(true, 2, 16, 64, 8, 5, 200)} {
		s, err := d.NewSession(m)
		require.NoError(t, err)
		cpu := runtime.NewSession(m)
		for _, input := range inputs(m, 5) {
			want, err := cpu.Logits(input)
			require.NoError(t, err)
			got, err := s.Logits(input)
			require.NoError(t, err)
			require.Len(t, got, len(want))
			assert.InDeltaSlice(t, want, got, 1e-4)
		}
		s.Close()
	}
}

// TestGrowingSequence: Prefill and Step give the last row of Logits.
func TestGrowingSequence(t *testing.T) {
	d := device(t)
	m := random(true, 2, 12, 8, 10, 4, 20)
	s, err := d.NewSession(m)
	require.NoError(t, err)
	defer s.Close()
	input := []int{1, 0, 3, 2, 2, 1, 0, 0, 3, 1}
	for _, first := range []int{0, 1, 7} {
		s.Reset()
		got, err := s.Prefill(input[:first])
		require.NoError(t, err)
		for n := first; ; n++ {
			assert.Equal(t, n, s.Length())
			want, err := runtime.NewSession(m).Logits(input)
			require.NoError(t, err)
			assert.InDeltaSlice(t, want[n*len(m.BU):(n+1)*len(m.BU)], got, 1e-4, "after %d tokens", n)
			if n == len(input) {
				break
			}
			got, err = s.Step(input[n])
			require.NoError(t, err)
		}
	}
	s.Truncate(2)
	assert.Equal(t, 2, s.Length())
	_, err = s.Prefill(make([]int, 18))
	assert.ErrorIs(t, err, model.ErrTooLong)
	_, err = s.Step(4)
	assert.ErrorContains(t, err, "token id 4")

	both, err := d.NewSession(random(false, 1, 4, 2, 3, 2, 5))
	require.NoError(t, err)
	defer both.Close()
	_, err = both.Step(0)
	assert.ErrorIs(t, err, runtime.ErrBidirectional)
}

func TestWrongInputs(t *testing.T) {
	d := device(t)
	s, err := d.NewSession(random(false, 1, 4, 2, 3, 2, 5))
	require.NoError(t, err)
	defer s.Close()
	_, err = s.Run([][]int{{0}, {}})
	assert.ErrorIs(t, err, model.ErrEmpty)
	_, err = s.Run([][]int{{0, 0, 0, 0, 0}})
	assert.ErrorIs(t, err, model.ErrTooLong)
	got, err := s.Run(nil)
	require.NoError(t, err)
	assert.Empty(t, got)
}

// TestChunks: a batch that does not fit at once.
func TestChunks(t *testing.T) {
	d := device(t)
	m := compiled(t, models["bidirectional"])
	s, err := d.NewSession(m)
	require.NoError(t, err)
	defer s.Close()
	batch := inputs(m, 30)
	var c chunk
	total := 0
	for first := 0; first < len(batch); {
		taken := c.fill(m, batch[first:], 25)
		assert.LessOrEqual(t, c.rows, 25)
		assert.Equal(t, int32(c.rows), c.query[taken])
		first += taken
		total += c.rows
	}
	positions := len(batch)
	for _, input := range batch {
		positions += len(input)
	}
	assert.Equal(t, positions, total)
}

// TestProducts: each version, with all that it can do, of sizes around the sides of
// tiles, with and without alignment; small ints, so that the sums are exact in any
// order. C begins as NaN where it must not be read.
func TestProducts(t *testing.T) {
	d := device(t)
	r := rand.New(rand.NewPCG(8, 1))
	ints := func(n int) []float32 {
		x := make([]float32, n)
		for i := range x {
			x[i] = float32(r.IntN(17) - 8)
		}
		return x
	}
	for v := Naive; v <= Tiled; v++ {
		for n, size := range [][3]int{{1, 1, 1}, {33, 31, 16}, {128, 128, 16}, {129, 130, 17}, {64, 257, 40}} {
			rows, cols, k, gap := size[0], size[1], size[2], n%2*4
			p := product{alpha: 1, relu: n%2 == 1}
			a, b, c, bias := ints(rows*(k+gap)), ints(k*(cols+gap)), ints(rows*(cols+gap)), ints(cols)
			if n%2 == 1 {
				p.alpha, p.beta = 2, 0.5
			} else {
				for i := range c {
					c[i] = float32(math.NaN())
				}
			}
			on := func(x []float32, rows, cols int) matrix {
				var memory buffer
				require.NoError(t, d.reserve(&memory, len(x)))
				t.Cleanup(func() { d.release(&memory) })
				require.NoError(t, upload(d, memory.address, x))
				return matrix{memory.address, rows, cols, cols + gap}
			}
			device := on(c, rows, cols)
			p.bias = on(bias, 1, cols).address
			require.NoError(t, d.multiply(v, p, on(a, rows, k), on(b, k, cols), device))
			got := make([]float32, len(c))
			require.NoError(t, download(d, got, device.address))
			for i := range rows {
				for j := range cols {
					want := float64(bias[j])
					if p.beta != 0 {
						want += float64(p.beta * c[i*(cols+gap)+j])
					}
					for l := range k {
						want += float64(p.alpha) * float64(a[i*(k+gap)+l]) * float64(b[l*(cols+gap)+j])
					}
					if p.relu {
						want = max(want, 0)
					}
					require.Equal(t, want, float64(got[i*(cols+gap)+j]), "%s %v, row %d, column %d", v, size, i, j)
				}
				for j := range gap {
					require.Equal(t, math.Float32bits(c[i*(cols+gap)+cols+j]), math.Float32bits(got[i*(cols+gap)+cols+j]), "beyond the row")
				}
			}
		}
	}
}

// TestMeasure: what is measured is what runs.
func TestMeasure(t *testing.T) {
	d := device(t)
	m := compiled(t, models["bidirectional"])
	s, err := d.NewSession(m)
	require.NoError(t, err)
	defer s.Close()
	batch := inputs(m, 7)
	want, err := s.Run(batch)
	require.NoError(t, err)
	got, times, err := s.Measure(batch)
	require.NoError(t, err)
	assert.Equal(t, want, got)
	assert.Positive(t, times.Kernels)
	assert.Positive(t, times.Copies)
	assert.Positive(t, times.Total)
	_, again, err := s.Measure(nil)
	require.NoError(t, err)
	assert.Zero(t, again.Kernels, "not added to the last one")

	p, err := d.NewProduct(130)
	require.NoError(t, err)
	defer p.Close()
	for v := Naive; v <= Tiled; v++ {
		took, err := p.Run(v)
		require.NoError(t, err)
		assert.Positive(t, took)
	}
	h, err := d.NewHeads(2, 70, 3, 16)
	require.NoError(t, err)
	defer h.Close()
	for _, causal := range []bool{false, true} {
		took, err := h.Run(causal)
		require.NoError(t, err)
		assert.Positive(t, took)
	}
}

// large is a size for a device, or one that the simulator can do.
func large(device, simulated int) int {
	if os.Getenv("RASP_FAKE_CUDA") != "" {
		return simulated
	}
	return device
}

// TestLarge: products with many blocks, a batch that fills the device, and a long
// sequence, beside the simplest version and the CPU.
func TestLarge(t *testing.T) {
	d := device(t)
	side := large(2050, 140)
	p, err := d.NewProduct(side)
	require.NoError(t, err)
	defer p.Close()
	var got [Tiled + 1][]float32
	for v := range got {
		_, err := p.Run(Version(v))
		require.NoError(t, err)
		got[v] = make([]float32, side*side)
		require.NoError(t, download(d, got[v], p.c.address))
	}
	assert.True(t, slices.Equal(got[Naive], got[Shared]), "shared")
	assert.True(t, slices.Equal(got[Naive], got[Tiled]), "tiled")

	m := compiled(t, models["bidirectional"])
	s, err := d.NewSession(m)
	require.NoError(t, err)
	defer s.Close()
	batch := inputs(m, large(1<<16, 200))
	want, err := runtime.NewSession(m, runtime.Threads(goruntime.NumCPU())).Run(batch)
	require.NoError(t, err)
	answers, err := s.Run(batch)
	require.NoError(t, err)
	assert.Equal(t, len(want), len(answers))
	for n := range want {
		require.Equal(t, want[n], answers[n], "input %d", n)
	}

	length := large(1500, 150)
	dense, err := bench.Random(model.Config{Layers: 2, Heads: 4, DModel: 64, DHead: 64, DMLP: 64, NCtx: length + 1, Causal: true}, 5, 1)
	require.NoError(t, err)
	long, err := d.NewSession(dense)
	require.NoError(t, err)
	defer long.Close()
	input := inputs(dense, 1)[0]
	logits, err := runtime.NewSession(dense).Logits(input)
	require.NoError(t, err)
	onDevice, err := long.Logits(input)
	require.NoError(t, err)
	assert.InDeltaSlice(t, logits, onDevice, 1e-4)
}

func TestInfo(t *testing.T) {
	i := device(t).Info()
	assert.NotEmpty(t, i.Name)
	assert.Positive(t, i.Memory)
	assert.Positive(t, i.Multiprocessors)
}
