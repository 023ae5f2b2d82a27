package runtime

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"rasp/runtime/model"
	"rasp/runtime/model/modeltest"
)

func TestForwardAgainstReference(t *testing.T) {
	shapes := []model.Config{
		{Layers: 1, Heads: 1, DModel: 1, DHead: 1, DMLP: 1, NCtx: 2},
		{Layers: 1, Heads: 1, DModel: 6, DHead: 4, DMLP: 5, NCtx: 9},
		{Layers: 2, Heads: 2, DModel: 11, DHead: 3, DMLP: 17, NCtx: 20},
		{Layers: 3, Heads: 3, DModel: 16, DHead: 7, DMLP: 8, NCtx: 33},
	}
	for n, c := range shapes {
		for _, causal := range []bool{false, true} {
			for _, zeros := range []float64{0, 0.8} {
				c.Causal = causal
				t.Run(fmt.Sprintf("%+v zeros %g", c, zeros), func(t *testing.T) {
					m := modeltest.Random(c, 5, zeros, uint64(n))
					require.NoError(t, m.Validate())
					s := NewSession(m)
					for length := 1; length < c.NCtx; length += 1 + length/2 {
						checkAgainstReference(t, m, s, modeltest.Input(m, length, uint64(length)))
					}
				})
			}
		}
	}
}

func checkAgainstReference(t *testing.T, m *model.Model, s *Session, input []int) {
	t.Helper()
	logits, err := s.Logits(input)
	require.NoError(t, err)
	want := reference(m, input)
	rows, cols := want.Dims()
	require.Len(t, logits, rows*cols)
	for i, got := range logits {
		w := want.At(i/cols, i%cols)
		require.InDelta(t, w, float64(got), 1e-4*(1+math.Abs(w)), "row %d column %d of %v", i/cols, i%cols, input)
	}
}

// Layers, heads and neurons may all be absent.
func TestForwardWithoutParts(t *testing.T) {
	for _, c := range []model.Config{
		{DModel: 3, NCtx: 4},
		{DModel: 3, NCtx: 4, Heads: math.MaxInt32, DHead: math.MaxInt32, DMLP: math.MaxInt32},
		{Layers: 1, DModel: 3, DMLP: 2, NCtx: 4},
		{Layers: 1, Heads: 1, DHead: 2, DModel: 3, NCtx: 4},
	} {
		m := modeltest.Random(c, 2, 0, 1)
		require.NoError(t, m.Validate())
		_, err := NewSession(m).Run([][]int{{0, 1, 1}})
		require.NoError(t, err)
	}
}

// A head of d_head 1 whose scores are 0 averages; values are the token's id + 1,
// 0 at BOS.
func TestUniformAverage(t *testing.T) {
	m := modeltest.Blank(model.Config{Layers: 1, Heads: 1, DModel: 2, DHead: 1, DMLP: 0, NCtx: 9}, 4)
	for id := range m.Vocab {
		modeltest.Set(&m.WE, id*2, float32(id+1))
	}
	m.Blocks[0].WV = model.Dense(2, 1, []float32{1, 0})
	m.Blocks[0].WO = model.Dense(1, 2, []float32{0, 1})
	modeltest.Set(&m.WU, 1*6+4, 1) // dim 1 to the value
	m.BU[5] = 1                    // which is a float

	run := func(input ...int) []model.Token {
		got, err := NewSession(m).Run([][]int{input})
		require.NoError(t, err)
		return got[0][1]
	}
	require.Equal(t, []model.Token{"2.5", "2.5", "2.5"}, run(3, 2, 2)) // (4+3+3)/4: BOS counts
	m.Causal = true
	require.Equal(t, []model.Token{"2.0", "2.3333333", "2.5"}, run(3, 2, 2)) // 4/2, 7/3, 10/4
}

// previousToken is a model whose head moves the token one position on: one-hot
// positions, the query of position i meets the key of position i-1 with score
// 104 and every other with 0; position 1 finds BOS, whose class is "none".
func previousToken(length int) *model.Model {
	const vocab = 3
	n := length + 1
	d := n + 2*(vocab+1) // position, token, token found
	m := modeltest.Blank(model.Config{Layers: 1, Heads: 1, DModel: d, DHead: n + vocab + 1, NCtx: n}, vocab)
	h := m.DHead
	m.Outputs = []model.Output{{Name: "previous", Classes: append([]model.Token{}, append(m.Vocab, `"none"`)...)}}
	m.WU, m.BU = model.Dense(d, vocab+1, make([]float32, d*(vocab+1))), make([]float32, vocab+1)
	for i := range n {
		modeltest.Set(&m.WPos, i*d+i, 1)
		modeltest.Set(&m.Blocks[0].WK, i*h+i, 1)
		if i > 0 {
			modeltest.Set(&m.Blocks[0].WQ, i*h+i-1, 104)
		}
	}
	for id := range vocab + 1 {
		modeltest.Set(&m.WE, id*d+n+id, 1)
		modeltest.Set(&m.Blocks[0].WV, (n+id)*h+n+id, 1)
		modeltest.Set(&m.Blocks[0].WO, (n+id)*d+n+vocab+1+id, 1)
		modeltest.Set(&m.WU, (n+vocab+1+id)*(vocab+1)+id, 1)
	}
	return m
}

func TestPreviousToken(t *testing.T) {
	for _, causal := range []bool{false, true} {
		m := previousToken(8)
		m.Causal = causal
		require.NoError(t, m.Validate())
		s := NewSession(m)
		input, err := m.Encode([]model.Token{`"t1"`, `"t2"`, `"t0"`, `"t0"`, `"t1"`})
		require.NoError(t, err)
		got, err := s.Run([][]int{input})
		require.NoError(t, err)
		require.Equal(t, []model.Token{`"none"`, `"t1"`, `"t2"`, `"t0"`, `"t0"`}, got[0][0])

		logits, err := s.Logits(input)
		require.NoError(t, err)
		require.Equal(t, []float32{0, 1, 0, 0}, logits[2*4:3*4], "hard attention is exact")
	}
}

// With weights 0 and 1 and integer values, numerator and denominator are exact:
// the mean is the correctly rounded quotient, whatever the order of summation.
func TestHardMeansAreExact(t *testing.T) {
	const tokens, n = 40, 300
	m := modeltest.Blank(model.Config{Layers: 1, Heads: 1, DModel: 3, DHead: 2, NCtx: n + 1}, tokens)
	value := func(id int) int { return 977*id - 13000 }
	for id := range tokens {
		modeltest.Set(&m.WE, id*3, float32(value(id)))
		modeltest.Set(&m.WE, id*3+1, float32(id%2)) // odd tokens are selected
	}
	m.Blocks[0].BQ[1] = 104
	modeltest.Set(&m.Blocks[0].WK, 1*2+1, 1) // score: 104 times dim 1
	modeltest.Set(&m.Blocks[0].WV, 0*2+0, 1)
	modeltest.Set(&m.Blocks[0].WO, 0*3+2, 1)
	modeltest.Set(&m.WU, 2*6+4, 1)
	s := NewSession(m)
	for length := 1; length <= n; length += 23 {
		input := modeltest.Input(m, length, uint64(length))
		input[0] |= 1
		sum, count := 0, 0
		for _, id := range input {
			sum += value(id) * (id % 2)
			count += id % 2
		}
		logits, err := s.Logits(input)
		require.NoError(t, err)
		for i := range length + 1 {
			require.Equal(t, float32(sum)/float32(count), logits[i*6+4])
		}
	}
}

// sized has the shape of a compiled sort of 20 tokens.
func sized() *model.Model {
	return modeltest.Random(model.Config{Layers: 3, Heads: 2, DModel: 110, DHead: 25, DMLP: 80, NCtx: 21}, 10, 0.9, 1)
}

// TestForwardDoesNotAllocate takes the least of several runs: what other goroutines
// and the collector allocate in between comes and goes, what the forward pass
// allocates is there each time.
func TestForwardDoesNotAllocate(t *testing.T) {
	for name, options := range ways {
		m := sized()
		m.Causal = true
		s := NewSession(m, options...)
		long, short := modeltest.Input(m, 20, 1), modeltest.Input(m, 3, 1)
		batch := [][]int{long, short, short, long, short, long}
		visit := func(int, int, []float32) {}
		once := func() {
			s.Logits(long)
			s.Logits(short)
			s.Each(batch, visit)
			s.Reset()
			s.Prefill(long[:10])
			s.Step(1)
		}
		for range 5 {
			once()
		}
		least := testing.AllocsPerRun(1, once)
		for range 50 {
			least = min(least, testing.AllocsPerRun(1, once))
		}
		require.Zero(t, least, name)
	}
}

func BenchmarkForward(b *testing.B) {
	for _, zeros := range []float64{0.95, 0} {
		m := modeltest.Random(sized().Config, 10, zeros, 1)
		s := NewSession(m)
		input := modeltest.Input(m, 20, 1)
		b.Run(fmt.Sprintf("zeros=%g", zeros), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				s.Logits(input)
			}
		})
	}
}
