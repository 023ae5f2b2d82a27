package runtime

import (
	"fmt"
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"rasp/runtime/model"
	"rasp/runtime/model/modeltest"
	"rasp/runtime/panel"
)

// contexts makes a causal model with the shape of a back-off language model of
// order 3: a head brings the code of the token before, and each neuron stands for
// a context, of one token for each token of the vocabulary, of two for the rest.
// It writes logits for a few tokens. Codes are bits of 1 and -1, 0 at BOS.
//
//	dims  0 is BOS, token, token before, position, logits
func contexts(vocab, neurons, length int, seed uint64) *model.Model {
	r := rand.New(rand.NewPCG(seed, 5))
	size, far := bits.Len(uint(vocab-1)), bits.Len(uint(length))
	token, before, position := 1, 1+size, 1+2*size
	logits := position + 2*far
	d := logits + vocab
	m := modeltest.Blank(model.Config{Layers: 1, Heads: 1, DModel: d, DHead: far + size + 1, DMLP: neurons, NCtx: length + 1, Causal: true}, vocab)
	m.Outputs = []model.Output{{Name: "next", Classes: m.Vocab}}
	m.WU, m.BU = model.Dense(d, vocab, make([]float32, d*vocab)), make([]float32, vocab)
	w := unpack(m)
	code := func(w []float32, n, size int, scale float32) {
		for i := range size {
			w[i] = scale * float32(2*(n>>i&1)-1)
		}
	}
	w.wE[vocab*d] = 1
	for id := range vocab {
		code(w.wE[id*d+token:], id, size, 1)
		w.wU[(logits+id)*vocab+id] = 1
		m.BU[id] = -float32(r.IntN(80)) / 16
	}
	for i := range m.NCtx {
		code(w.wPos[i*d+position:], i, far, 1)
		code(w.wPos[i*d+position+far:], max(i-1, 0), far, 1)
	}
	b, h := &m.Blocks[0], m.DHead
	for i := range far {
		w.wK[(position+i)*h+i], w.wQ[(position+far+i)*h+i] = 1, 128
	}
	for i := range size {
		w.wV[(token+i)*h+far+i], w.wO[(far+i)*d+before+i] = 1, 1
	}
	for n := range neurons {
		w.wIn[0*neurons+n] = -100
		context := func(at, id int) {
			codes := make([]float32, size)
			code(codes, id, size, 1)
			for i, weight := range codes {
				w.wIn[(at+i)*neurons+n] = weight
			}
			b.BIn[n] -= float32(size)
		}
		context(token, n%vocab)
		if n >= vocab {
			context(before, r.IntN(vocab))
		}
		b.BIn[n]++
		for range 1 + r.IntN(8) {
			w.wOut[n*d+logits+r.IntN(vocab)] = float32(r.IntN(64)+1) / 16
		}
	}
	w.pack(m)
	return m
}

// unpacked is the weights of a model of one layer as slices, row-major.
type unpacked struct{ wE, wPos, wQ, wK, wV, wO, wIn, wOut, wU []float32 }

func unpack(m *model.Model) (w unpacked) {
	for i, from := range matrices(m) {
		*w.slices()[i] = slices.Clone(from.Floats())
	}
	return w
}

func (w *unpacked) pack(m *model.Model) {
	for i, into := range matrices(m) {
		rows, cols := into.Size()
		*into = model.Dense(rows, cols, *w.slices()[i])
	}
}

func (w *unpacked) slices() []*[]float32 {
	return []*[]float32{&w.wE, &w.wPos, &w.wQ, &w.wK, &w.wV, &w.wO, &w.wIn, &w.wOut, &w.wU}
}

func matrices(m *model.Model) []*model.Matrix {
	b := &m.Blocks[0]
	return []*model.Matrix{&m.WE, &m.WPos, &b.WQ, &b.WK, &b.WV, &b.WO, &b.WIn, &b.WOut, &m.WU}
}

func TestContextsAreLookedUp(t *testing.T) {
	m := contexts(200, 900, 80, 1)
	require.NoError(t, m.Validate())
	s := NewSession(m)
	require.Equal(t, 900, len(s.layers[0].lookup.neurons))
	require.Equal(t, 2, len(s.layers[0].lookup.families))
	require.Zero(t, s.layers[0].neurons)
	input := modeltest.Input(m, 80, 1)
	got, err := s.Logits(input)
	require.NoError(t, err)
	dense := NewSession(m, Dense())
	want, err := dense.Logits(input)
	require.NoError(t, err)
	require.Equal(t, want, got, "these sums are exact")
	for i, token := range input {
		logits, err := s.Step(token)
		require.NoError(t, err)
		require.Equal(t, row(want, i+1, 200), logits)
	}
}

// Random neurons over bits, some that ask for a part of them only, some that fire
// at more or fewer differences than one: looked up, they give what they give
// multiplied.
func TestLookupAgainstProduct(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 9))
	found := 0
	for trial := range 60 {
		inputs, neurons, width := 3+r.IntN(12), 2000, 5
		x := make([]interval, inputs)
		for i := range x {
			x[i] = interval{-1, 1}
			if r.IntN(4) == 0 {
				x[i] = interval{-3, float64(r.IntN(9))}
			}
		}
		w, bias, wOut := make([]float32, inputs*neurons), make([]float32, neurons), make([]float32, neurons*len(x))
		asked := max(inputs-r.IntN(4), 0)
		for n := range neurons {
			best := float32(0)
			for i := range inputs {
				if i < asked || r.IntN(3) == 0 {
					v := float32(2*r.IntN(2) - 1)
					w[i*neurons+n] = v
					best += max(v*float32(x[i].lo), v*float32(x[i].hi))
				}
			}
			bias[n] = []float32{1, 0.5, 1.5, 2, 2.5, -1, 0}[r.IntN(7)] - best
			wOut[n*len(x)+r.IntN(width)%len(x)] = 1
		}
		all := make([]int, neurons)
		for n := range all {
			all[n] = n
		}
		in, out := newSparse(model.Dense(inputs, neurons, w), bias), model.Dense(neurons, len(x), wOut)
		l, rest := newLookup(in, out, all, x)
		found += len(l.families)
		const positions = 150
		values := panel.New(inputs, positions)
		for i := range inputs {
			for p := range positions {
				v := []float64{x[i].lo, x[i].hi, x[i].lo + r.Float64()*(x[i].hi-x[i].lo), (x[i].lo + x[i].hi) / 2}[r.IntN(4)]
				values.Row(i)[p] = float32(v)
			}
		}
		hidden := panel.New(neurons, positions)
		in.Apply(hidden, values, positions, panel.ReLU)
		want, got := panel.New(len(x), positions), panel.New(len(x), positions)
		newSparse(out, make([]float32, len(x))).Apply(want, hidden, positions, panel.Store)
		in.Pick(rest).Apply(hidden, values, positions, panel.ReLU)
		newSparse(rows(out, rest), make([]float32, len(x))).Apply(got, hidden, positions, panel.Store)
		l.write(got, l.find(nil, values, positions))
		for i := range x {
			for p := range positions {
				require.InDelta(t, want.Row(i)[p], got.Row(i)[p], 1e-3, "trial %d output %d position %d", trial, i, p)
			}
		}
	}
	require.Greater(t, found, 10)
}

// The intervals hold what runs go through, layer after layer.
func TestBounds(t *testing.T) {
	for _, causal := range []bool{false, true} {
		m := modeltest.Random(model.Config{Layers: 3, Heads: 2, DModel: 20, DHead: 5, DMLP: 30, NCtx: 30, Causal: causal}, 6, 0.8, 3)
		x := embeddingBounds(m)
		for l := range m.Blocks {
			layer, after := newLayer(&m.Blocks[l], m.Config, false, x, false)
			require.NotNil(t, layer.value.sparse)
			short := *m
			short.Layers, short.Blocks = l+1, m.Blocks[:l+1]
			// The read-out shows the residual stream itself.
			identity := model.NewBuilder(m.DModel, m.DModel)
			for d := range m.DModel {
				identity.Add(d, d, 1)
			}
			short.WU, short.BU = identity.Matrix(), make([]float32, m.DModel)
			stream := NewSession(&short)
			largest := 0.0
			for seed := range 20 {
				logits, err := stream.Logits(modeltest.Input(m, 29, uint64(seed)))
				require.NoError(t, err)
				for i, v := range logits {
					d, bound := i%m.DModel, after.others[i%m.DModel]
					if i < m.DModel {
						bound = after.first[d]
					}
					require.True(t, bound.lo-1e-5 <= float64(v) && float64(v) <= bound.hi+1e-5, "layer %d dim %d: %g is not in %v", l, d, v, bound)
					largest = max(largest, float64(v))
				}
			}
			require.Greater(t, largest, 0.1)
			x = after
		}
	}
}

// Codes that are a constant of all positions but BOS plus what a head brings are
// known for bits, so the contexts that they are part of are looked up.
func TestContextsBesideAConstantAreLookedUp(t *testing.T) {
	const vocab, neurons = 200, 900
	m := contexts(vocab, neurons, 80, 1)
	b, size, d := &m.Blocks[0], bits.Len(uint(vocab-1)), m.DModel
	w := unpack(m)
	for i := range size {
		before := 1 + size + i
		for position := 1; position < m.NCtx; position++ {
			w.wPos[position*d+before] = -1
		}
		for id := range vocab {
			w.wE[id*d+1+i] = (w.wE[id*d+1+i] + 1) / 2 // bits of 0 and 1
		}
		w.wO[(m.DHead-size-1+i)*d+before] = 2
	}
	for n := range neurons {
		for i := range size {
			weight := &w.wIn[(1+i)*neurons+n]
			b.BIn[n] -= *weight // 2w times a bit, less w, is w times what it was
			*weight *= 2
		}
	}
	w.pack(m)
	s := NewSession(m)
	require.Equal(t, neurons, len(s.layers[0].lookup.neurons))
	input := modeltest.Input(m, 80, 1)
	got, err := s.Logits(input)
	require.NoError(t, err)
	want, err := NewSession(m, Dense()).Logits(input)
	require.NoError(t, err)
	require.Equal(t, want, got, "these sums are exact")
}

// The shape of a model of trigrams over 2,400 words.
func BenchmarkContexts(b *testing.B) {
	m := contexts(2400, 30000, 64, 1)
	b.Run("load", func(b *testing.B) {
		for b.Loop() {
			NewSession(m)
		}
	})
	product := NewSession(m)
	product.layers[0].multiply(&m.Blocks[0])
	product.neurons = product.layers[0].neurons
	for name, s := range map[string]*Session{"lookup": NewSession(m), "product": product} {
		batch := make([][]int, 50)
		for n := range batch {
			batch[n] = modeltest.Input(m, 63, uint64(n))
		}
		b.Run(fmt.Sprint(name, "/each"), func(b *testing.B) {
			for b.Loop() {
				s.Each(batch, func(int, int, []float32) {})
			}
			b.ReportMetric(float64(b.N)*float64(len(batch)*63)/b.Elapsed().Seconds(), "tokens/s")
		})
		b.Run(fmt.Sprint(name, "/step"), func(b *testing.B) {
			for n := 0; b.Loop(); n++ {
				if n%60 == 0 {
					s.Reset()
				}
				s.Step(batch[0][n%60])
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "tokens/s")
		})
	}
}

// multiply takes the neurons out of the lookup.
func (l *layer) multiply(b *model.Block) {
	l.lookup = &lookup{}
	in := newSparse(b.WIn, b.BIn)
	neurons := neuronsOf(b, in)
	l.neurons = len(neurons)
	l.in = matrix{sparse: in.Pick(neurons)}
	l.out = newUpdate(rows(b.WOut, neurons), b.BOut, false)
}

// BenchmarkLookup compares looking up with multiplying, in nanoseconds a position,
// where each position is the context of one neuron of 24 inputs: familyCost,
// bitCost and foundCost are from it.
func BenchmarkLookup(b *testing.B) {
	const inputs, outputs, positions = 24, 100, 64
	for _, neurons := range []int{50, 100, 200, 1000} {
		r := rand.New(rand.NewPCG(2, 2))
		w, bias, wOut := make([]float32, inputs*neurons), make([]float32, neurons), make([]float32, neurons*outputs)
		x, bounds := panel.New(outputs, positions), make([]interval, outputs)
		for n := range neurons {
			for i := range inputs {
				w[i*neurons+n] = float32(2*r.IntN(2) - 1)
				bounds[i] = interval{-1, 1}
				x.Row(i)[n%positions] = w[i*neurons+n]
			}
			bias[n] = 1 - inputs
			for range 4 {
				wOut[n*outputs+inputs+r.IntN(outputs-inputs)] = 1
			}
		}
		in, out := newSparse(model.Dense(inputs, neurons, w), bias), newSparse(model.Dense(neurons, outputs, wOut), make([]float32, outputs)).Update()
		hidden := panel.New(neurons, positions)
		each := func(b *testing.B) {
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/positions, "ns/position")
		}
		b.Run(fmt.Sprint(neurons, "/product"), func(b *testing.B) {
			for b.Loop() {
				in.Apply(hidden, x, positions, panel.ReLU)
				out.Apply(x, hidden, positions, panel.Add)
			}
			each(b)
		})
		l := &lookup{}
		var p pattern
		var g *group
		var list []keyed
		for o := range in.Outputs {
			if p.of(o, bounds); g == nil {
				g = newGroup(0, &p)
			}
			list = append(list, g.of(&p, o))
		}
		sortKeyed(list)
		l.add(g, list, model.Dense(neurons, outputs, wOut))
		var found []fired
		b.Run(fmt.Sprint(neurons, "/lookup"), func(b *testing.B) {
			for b.Loop() {
				found = l.find(found[:0], x, positions)
				l.write(x, found)
			}
			each(b)
		})
	}
}
