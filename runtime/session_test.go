package runtime

import (
	"fmt"
	"math"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mat"

	"rasp/runtime/model"
	"rasp/runtime/model/modeltest"
)

// What else is in a batch makes no difference, nor what was run before.
func TestRaggedBatch(t *testing.T) {
	for _, causal := range []bool{false, true} {
		m := modeltest.Random(model.Config{Layers: 2, Heads: 3, DModel: 9, DHead: 4, DMLP: 6, NCtx: 17, Causal: causal}, 4, 0.2, 5)
		var batch [][]int
		for _, length := range []int{3, 16, 1, 7, 16, 2} {
			batch = append(batch, modeltest.Input(m, length, uint64(length)))
		}
		s := NewSession(m)
		got, err := s.Run(batch)
		require.NoError(t, err)
		require.Len(t, got, len(batch))
		for n, input := range batch {
			alone, err := NewSession(m).Run([][]int{input})
			require.NoError(t, err)
			require.Equal(t, alone[0], got[n])
			require.Len(t, got[n], 2)
			require.Len(t, got[n][0], len(input))
			checkAgainstReference(t, m, s, input)
		}
	}
}

// A causal model's logits for a prefix do not depend on what follows.
func TestCausalPrefix(t *testing.T) {
	m := modeltest.Random(model.Config{Layers: 2, Heads: 2, DModel: 8, DHead: 3, DMLP: 6, NCtx: 13, Causal: true}, 4, 0.2, 6)
	input := modeltest.Input(m, 12, 1)
	whole, err := NewSession(m).Logits(input)
	require.NoError(t, err)
	for length := 1; length < 12; length++ {
		prefix, err := NewSession(m).Logits(input[:length])
		require.NoError(t, err)
		require.InDeltaSlice(t, whole[:len(prefix)], prefix, 1e-5)
	}
}

func TestInputErrors(t *testing.T) {
	m := modeltest.Tiny(1)
	s := NewSession(m)
	_, err := s.Run([][]int{{0}, make([]int, 7)})
	require.ErrorIs(t, err, model.ErrTooLong)
	require.EqualError(t, err, "input 2 of 2: input too long: 7 tokens, the model takes at most 6")

	_, err = s.Run([][]int{{}})
	require.ErrorIs(t, err, model.ErrEmpty)
	_, err = s.Logits(nil)
	require.ErrorIs(t, err, model.ErrEmpty)

	_, err = s.Logits([]int{0, 3}) // the id of BOS is not for users
	require.EqualError(t, err, "token id 3 at position 1, the vocabulary has the ids 0 to 2")
	_, err = s.Logits([]int{-1})
	require.ErrorContains(t, err, "token id -1 at position 0")

	got, err := s.Run(nil)
	require.NoError(t, err)
	require.Empty(t, got)
}

func TestEncode(t *testing.T) {
	m := &model.Model{Vocab: []model.Token{`"a"`, "1", "1.0", `"1"`}}
	ids, err := m.Encode([]model.Token{`"1"`, "1", "1.0", `"a"`, "1"})
	require.NoError(t, err)
	require.Equal(t, []int{3, 1, 2, 0, 1}, ids)

	_, err = m.Encode([]model.Token{"1", `"z"`})
	require.EqualError(t, err, `token "z" at position 1 is not in the vocabulary: "a", 1, 1.0, "1"`)

	_, err = modeltest.Blank(model.Config{DModel: 1, NCtx: 2}, 50).Encode([]model.Token{"7"})
	require.ErrorContains(t, err, `"t18", "t19", ... (50 in all)`)
}

// shapes of models that are unlike each other: some with parts missing, some
// whose matrices are dense, some sparse, some in which heads and neurons are dead.
func shapes() []*model.Model {
	var models []*model.Model
	for n, c := range []model.Config{
		{Layers: 1, Heads: 1, DModel: 1, DHead: 1, DMLP: 1, NCtx: 2},
		{DModel: 3, NCtx: 40},
		{Layers: 2, Heads: 0, DModel: 5, DHead: 3, DMLP: 7, NCtx: 80},
		{Layers: 2, Heads: 3, DModel: 19, DHead: 9, DMLP: 0, NCtx: 80},
		{Layers: 3, Heads: 2, DModel: 37, DHead: 11, DMLP: 41, NCtx: 150},
		{Layers: 2, Heads: 3, DModel: 16, DHead: 2, DMLP: 30, NCtx: 600},
	} {
		for _, zeros := range []float64{0, 0.6, 0.95} {
			for _, causal := range []bool{false, true} {
				if c.NCtx > 500 && (zeros != 0.6 || !causal) {
					continue // one with several blocks is enough
				}
				c.Causal = causal
				models = append(models, modeltest.Random(c, 6, zeros, uint64(n)))
			}
		}
	}
	return models
}

// ragged is a batch of inputs of many lengths, the longest there is among them.
func ragged(m *model.Model, inputs int) [][]int {
	longest := m.NCtx - 1
	var batch [][]int
	for n := range inputs {
		batch = append(batch, modeltest.Input(m, 1+n*n*37%longest, uint64(n)))
	}
	return append(batch, modeltest.Input(m, longest, 99))
}

// With sparse weights an input gives the same bits in any company.
func TestCompanyMakesNoDifference(t *testing.T) {
	for _, causal := range []bool{false, true} {
		m := modeltest.Random(model.Config{Layers: 2, Heads: 2, DModel: 30, DHead: 7, DMLP: 20, NCtx: 150, Causal: causal}, 5, 0.7, 1)
		batch := ragged(m, 40)
		for _, s := range []*Session{NewSession(m), NewSession(m, Threads(2))} {
			alone := NewSession(m)
			want := make([][]float32, len(batch))
			for n, input := range batch {
				logits, err := alone.Logits(input)
				require.NoError(t, err)
				want[n] = slices.Clone(logits)
			}
			require.NoError(t, s.Each(batch, func(input, position int, logits []float32) {
				assert.Equal(t, row(want[input], position, len(logits)), logits)
			}))
		}
	}
}

// ways are the kinds of sessions, all of which have to give the same.
var ways = map[string][]Option{
	"sparse":            nil,
	"sparse, 3 threads": {Threads(3)},
	"dense":             {Dense()},
	"dense, 2 threads":  {Dense(), Threads(2)},
}

func TestEveryWayAgainstReference(t *testing.T) {
	for _, m := range shapes() {
		batch := ragged(m, 9)
		want := make([]*mat.Dense, len(batch))
		for n, input := range batch {
			want[n] = reference(m, input)
		}
		for name, options := range ways {
			t.Run(fmt.Sprintf("%+v %s", m.Config, name), func(t *testing.T) {
				s := NewSession(m, options...)
				testEach(t, s, batch, want)
				testEach(t, s, batch[:1], want[:1])
				testEach(t, s, batch[9:], want[9:])
			})
		}
	}
}

// testEach checks that each position of a batch is shown once, and right.
func testEach(t *testing.T, s *Session, batch [][]int, want []*mat.Dense) {
	var mutex sync.Mutex
	seen := make([]map[int]bool, len(batch))
	for n := range batch {
		seen[n] = map[int]bool{}
	}
	require.NoError(t, s.Each(batch, func(input, position int, logits []float32) {
		mutex.Lock()
		defer mutex.Unlock()
		assert.False(t, seen[input][position], "shown twice")
		seen[input][position] = true
		assertRow(t, want[input], position, logits)
	}))
	for n, input := range batch {
		require.Len(t, seen[n], len(input)+1)
	}
}

func assertRow(t *testing.T, want *mat.Dense, position int, logits []float32) {
	t.Helper()
	for j, got := range logits {
		w := want.At(position, j)
		if math.Abs(float64(got)-w) > 1e-4*(1+math.Abs(w)) {
			assert.Failf(t, "wrong", "position %d column %d: %g, not %g", position, j, got, w)
		}
	}
}

// Step by step, or in parts of any size, a sequence gives what it gives at once.
func TestDecoding(t *testing.T) {
	for _, m := range shapes() {
		if !m.Causal {
			continue
		}
		for name, options := range ways {
			t.Run(fmt.Sprintf("%+v %s", m.Config, name), func(t *testing.T) {
				s := NewSession(m, options...)
				for i, part := range []int{1, 50, 2, prefillPositions + 1, m.NCtx} {
					if testing.Short() && i > 1 {
						break
					}
					input := modeltest.Input(m, m.NCtx-1, uint64(part))
					want := reference(m, input)
					s.Reset()
					logits, err := s.Prefill(nil)
					require.NoError(t, err)
					assertRow(t, want, 0, logits)
					for from := 0; from < len(input); from = s.Length() {
						logits, err := s.Prefill(input[from:min(from+part, len(input))])
						require.NoError(t, err)
						assertRow(t, want, s.Length(), logits)
					}
					_, err = s.Step(0)
					require.ErrorIs(t, err, model.ErrTooLong)
					require.Equal(t, len(input), s.Length())
				}
			})
		}
	}
}

// A sequence that grows is not disturbed by what else the session runs, nor by
// errors.
func TestDecodingBesideOther(t *testing.T) {
	m := modeltest.Random(model.Config{Layers: 2, Heads: 2, DModel: 9, DHead: 4, DMLP: 6, NCtx: 9, Causal: true}, 4, 0.5, 5)
	input, s := modeltest.Input(m, 8, 1), NewSession(m)
	want := reference(m, input)
	for i, token := range input {
		logits, err := s.Step(token)
		require.NoError(t, err)
		assertRow(t, want, i+1, logits)
		_, err = s.Step(4)
		require.Error(t, err)
		_, err = s.Run([][]int{modeltest.Input(m, 8, uint64(i)), {1}})
		require.NoError(t, err)
	}
	_, err := s.Prefill([]int{1, 2})
	require.EqualError(t, err, "input too long: 2 tokens after 8, the model takes at most 8")
	s.Truncate(3)
	require.Equal(t, 3, s.Length())
	logits, err := s.Prefill(input[3:6])
	require.NoError(t, err)
	assertRow(t, want, 6, logits)
	s.Truncate(100)
	require.Equal(t, 6, s.Length())
	s.Reset()
	_, err = s.Step(4)
	require.EqualError(t, err, "token id 4 at position 0, the vocabulary has the ids 0 to 3")
}

func TestBidirectionalModelCannotGoOn(t *testing.T) {
	m := modeltest.Tiny(1)
	m.Causal = false
	_, err := NewSession(m).Step(1)
	require.ErrorIs(t, err, ErrBidirectional)
}

// In compiled models, sums are exact in any order: then all ways give the same
// bits. Here the weights are small integers, so that everything but the softmax
// is exact, and attention is hard.
func TestSparseAndDenseAreEqualWhereSumsAreExact(t *testing.T) {
	m := previousToken(70)
	s, d := NewSession(m), NewSession(m, Dense())
	for length := 1; length <= 70; length += 3 {
		input := modeltest.Input(m, length, uint64(length))
		sparse, err := s.Logits(input)
		require.NoError(t, err)
		dense, err := d.Logits(input)
		require.NoError(t, err)
		require.Equal(t, dense, sparse)
	}
}

// Whoever multiplies, the sums are the same; and matrices are large enough here
// to be divided.
func TestCrew(t *testing.T) {
	m := modeltest.Random(model.Config{Layers: 1, Heads: 2, DModel: 300, DHead: 150, DMLP: 1003, NCtx: 5, Causal: true}, 3, 0, 1)
	alone, two := NewSession(m), NewSession(m, Threads(2))
	for _, token := range []int{0, 2, 1} {
		want, err := alone.Step(token)
		require.NoError(t, err)
		got, err := two.Step(token)
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
}

// What a session holds follows what is not 0: of W_pos the dims that it moves, of neurons
// those that fire and write.
func TestSessionLeavesOutZeros(t *testing.T) {
	m := modeltest.Random(model.Config{Layers: 1, Heads: 1, DModel: 40, DHead: 2, DMLP: 500, NCtx: 300}, 3, 0.2, 1)
	positions, in, out := model.NewBuilder(300, 40), model.NewBuilder(40, 500), model.NewBuilder(500, 40)
	for i := range 300 {
		positions.Add(i, 7, float32(i+1))
		positions.Add(i, 31, float32(-i))
	}
	for n := range 9 {
		in.Add(n, 50*n, 1)
		out.Add(50*n, n, 1)
	}
	m.WPos, m.Blocks[0].WIn, m.Blocks[0].WOut = positions.Matrix(), in.Matrix(), out.Matrix()
	s := NewSession(m)
	require.Equal(t, 9, s.neurons)
	require.Less(t, len(s.embedding.positions.Data), 20*s.embedding.positions.Stride, "two of 40 dims, and room beside them")
	input := modeltest.Input(m, 200, 1)
	got, err := s.Logits(input)
	require.NoError(t, err)
	want, err := NewSession(m, Dense()).Logits(input)
	require.NoError(t, err)
	require.InDeltaSlice(t, want, got, 1e-2)
}

// TestRunIsDecodedLogits: what Run gives is what the logits of Each decode to, with sparse
// and dense weights, alone, together, and by several workers.
func TestRunIsDecodedLogits(t *testing.T) {
	m := modeltest.Random(model.Config{Layers: 2, Heads: 3, DModel: 9, DHead: 4, DMLP: 6, NCtx: 90}, 4, 0.2, 5)
	var batch [][]int
	for n := range 40 {
		batch = append(batch, modeltest.Input(m, 1+n*37%89, uint64(n)))
	}
	for _, choices := range [][]Option{nil, {Dense()}, {Threads(3)}} {
		s := NewSession(m, choices...)
		for _, inputs := range [][][]int{batch, batch[:1], batch[:4]} {
			results, err := s.Run(inputs)
			require.NoError(t, err)
			var mutex sync.Mutex
			require.NoError(t, s.Each(inputs, func(input, position int, logits []float32) {
				mutex.Lock()
				defer mutex.Unlock()
				for n := range m.Outputs {
					if position > 0 {
						assert.Equal(t, m.Outputs[n].Decode(logits), results[input][n][position-1])
					}
				}
			}))
		}
	}
}
