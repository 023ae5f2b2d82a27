package runtime

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/runtime/model"
	"rasp/runtime/model/modeltest"
	"rasp/runtime/panel"
)

// keysOf is a cache of keys [position][dims] and values [position][values].
func keysOf(keys, values [][]float32) *cache {
	c := &cache{panel.New(len(keys[0]), len(keys)), panel.New(len(values[0]), len(keys))}
	for i := range keys {
		for d, x := range keys[i] {
			c.k.Row(d)[i] = x
		}
		for v, x := range values[i] {
			c.v.Row(v)[i] = x
		}
	}
	return c
}

// asked is what a query gets by class, if it can, and from panel.Attend.
func asked(a *alike, c *cache, query []float32, keys int) (byClass []float32, all []float32) {
	q, k, v := panel.NewPosition(a.dims), panel.NewPosition(a.dims), panel.NewPosition(a.values)
	s := &stepping{q: features{of: &q}, k: features{of: &k}, v: features{of: &v}, z: panel.NewPosition(a.values)}
	copy(q.Values, query)
	q.Look(0, a.dims)
	for d := range a.dims {
		k.Set(d, c.k.Row(d)[keys-1])
	}
	for i := range a.values {
		v.Set(i, c.v.Row(i)[keys-1])
	}
	if a.attend(s, c, keys) {
		byClass = slices.Clone(s.z.Values)
	}
	new(worker).attendAll(s, c, &a.head, keys)
	return byClass, s.z.Values
}

// words are random keys of so many different ones, with whole numbers for values.
func words(r *rand.Rand, n, different, dims int) (keys, values [][]float32) {
	vocabulary := make([][]float32, different)
	for i := range vocabulary {
		for range dims {
			vocabulary[i] = append(vocabulary[i], float32(r.IntN(9)-4)/4)
		}
	}
	for range n {
		keys = append(keys, slices.Clone(vocabulary[r.IntN(different)]))
		values = append(values, []float32{float32(r.IntN(100)), float32(r.NormFloat64())})
	}
	return keys, values
}

// Keys by class give what all keys give: soft or hard, as more and more come.
func TestAlike(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 50 {
		n, dims := 300+r.IntN(700), 1+r.IntN(6)
		keys, values := words(r, n, 1+r.IntN(20), dims)
		c, a := keysOf(keys, values), newAlike(head{dims: dims, values: 2})
		scale := float32(1)
		if r.IntN(2) == 0 {
			scale = 1 << 12 // weights are 0 or 1
		}
		for at := worthwhile; at <= n; at += 1 + r.IntN(40) {
			query := slices.Clone(keys[r.IntN(n)])
			for d := range query {
				query[d] *= scale
			}
			byClass, all := asked(a, c, query, at)
			require.NotNil(t, byClass)
			for v := range all {
				assert.InEpsilon(t, all[v]+1000, byClass[v]+1000, 1e-6)
			}
			if scale > 1 {
				assert.Equal(t, all[0], byClass[0], "a mean of whole numbers")
			}
		}
	}
}

// With a slope the latest of the keys that match is brought, bit for bit.
func TestAlikeWithSlope(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 50 {
		n, dims, slope := 300+r.IntN(700), 2+r.IntN(5), 0
		keys, values := words(r, n, 2+r.IntN(20), dims)
		slope = r.IntN(dims)
		sign := float32(1 - 2*r.IntN(2)) // the latest, or the earliest
		for i := range keys {
			keys[i][slope] = sign * 128 * float32(i)
			for d := range keys[i] {
				if d != slope {
					keys[i][d] = float32(2*(int(4*keys[i][d])&1) - 1) // codes of +1 and -1
				}
			}
		}
		c, a := keysOf(keys, values), newAlike(head{dims: dims, values: 2})
		for at := worthwhile; at <= n; at += 1 + r.IntN(40) {
			query := slices.Clone(keys[r.IntN(n)])
			for d := range query {
				query[d] *= 1 << 18
			}
			query[slope] = 1
			byClass, all := asked(a, c, query, at)
			require.Equal(t, all, byClass)
		}
		query := slices.Clone(keys[0])
		query[slope] = -1 // the other end of each class
		byClass, _ := asked(a, c, query, n)
		require.Nil(t, byClass)
		assert.Equal(t, slope, a.slope)
	}
}

// Where the second of a class has a weight, or the query does not rise with the slope, all keys
// are gone through: ties, a slope that is too gentle, a negative one.
func TestAlikeOnlyIfTheFirstCounts(t *testing.T) {
	const n = 400
	for name, test := range map[string]struct {
		slope func(i int) float32
		query float32
		used  bool
	}{
		"steep":    {func(i int) float32 { return 128 * float32(i) }, 1, true},
		"gentle":   {func(i int) float32 { return 64 * float32(i) }, 1, false},
		"tie":      {func(i int) float32 { return 128 * float32(i-i%2) }, 1, false},
		"falling":  {func(i int) float32 { return 128 * float32(i) }, -1, false},
		"even":     {func(i int) float32 { return 128 * float32(i) }, 0, true},
		"opposite": {func(i int) float32 { return -128 * float32(i) }, -1, false},
	} {
		t.Run(name, func(t *testing.T) {
			keys, values := make([][]float32, n), make([][]float32, n)
			for i := range keys {
				keys[i], values[i] = []float32{1, test.slope(i)}, []float32{float32(i)}
			}
			byClass, all := asked(newAlike(head{dims: 2, values: 1}), keysOf(keys, values), []float32{1, test.query}, n)
			assert.Equal(t, test.used, byClass != nil)
			if test.used {
				assert.Equal(t, all, byClass)
			}
		})
	}
}

// Codes of positions have no slope, whatever dim is taken for one: what is answered is right.
func TestAlikeOfCodes(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	answers := 0
	for range 40 {
		n, dims := 300+r.IntN(300), 7
		different := 60 + r.IntN(60)
		var keys, values [][]float32
		for i := range n {
			place := min(i, different)
			key := make([]float32, dims)
			for d := range key {
				key[d] = float32(place>>d&1)*2 - 1
			}
			keys, values = append(keys, key), append(values, []float32{float32(r.IntN(2))})
		}
		c, a := keysOf(keys, values), newAlike(head{dims: dims, values: 1})
		for at := worthwhile; at <= n; at++ {
			query := slices.Clone(keys[r.IntN(different)])
			for d := range query {
				query[d] *= 256
			}
			if byClass, all := asked(a, c, query, at); byClass != nil {
				answers++
				require.Equal(t, all, byClass)
			}
		}
	}
	assert.Greater(t, answers, 100)
}

// Keys that are all different have no classes; 0 and -0 are the same.
func TestAlikeOrNot(t *testing.T) {
	const n = 600
	keys, values := make([][]float32, n), make([][]float32, n)
	for i := range keys {
		keys[i], values[i] = []float32{float32(i), float32(i * i), 1}, []float32{float32(i)}
	}
	a := newAlike(head{dims: 3, values: 1})
	byClass, _ := asked(a, keysOf(keys, values), []float32{1, -1, 1}, n)
	assert.Nil(t, byClass)

	negative := float32(0)
	negative = -negative
	for i := range keys {
		keys[i] = []float32{negative * float32(i%2), 1, 1}
		if i%2 == 0 {
			keys[i][0] = 0
		}
	}
	a = newAlike(head{dims: 3, values: 1})
	byClass, all := asked(a, keysOf(keys, values), []float32{1, -1, 1}, n)
	assert.Equal(t, all, byClass)
	assert.Equal(t, 1, a.classes)
}

// Step by step a long sequence gives what it gives at once, when it is cut and goes on in
// another way too.
func TestDecodingByClass(t *testing.T) {
	for seed := range uint64(6) {
		c := model.Config{Layers: 2, Heads: 2, DModel: 10, DHead: 3, DMLP: 8, NCtx: 700, Causal: true}
		m := modeltest.Random(c, 5, 0.4, seed)
		if seed%2 == 0 { // keys of the first layer are of the token alone
			modeltest.Change(&m.WPos, func(weights []float32) { clear(weights) })
		}
		s := NewSession(m)
		input := modeltest.Input(m, 600, seed)
		steps(t, s, reference(m, input), input, 0)
		used := 0
		for _, heads := range s.decoder.alike {
			for _, a := range heads {
				if a.count == len(input)+1 {
					used++
				}
			}
		}
		if seed%2 == 0 {
			assert.NotZero(t, used)
		}

		other := slices.Concat(input[:300], modeltest.Input(m, 350, seed+100))
		s.Truncate(300)
		_, err := s.Prefill(other[300:620]) // as long as before, and longer
		require.NoError(t, err)
		steps(t, s, reference(m, other), other, 620)
	}
}

func steps(t *testing.T, s *Session, want interface{ At(i, j int) float64 }, input []int, from int) {
	t.Helper()
	for i := from; i < len(input); i++ {
		logits, err := s.Step(input[i])
		require.NoError(t, err)
		for j, x := range logits {
			require.InDelta(t, want.At(i+1, j), x, 2e-5)
		}
	}
}

// A text with too many different keys does not spoil the next one.
func TestResetTriesClassesAgain(t *testing.T) {
	m := modeltest.Random(model.Config{Layers: 1, Heads: 1, DModel: 10, DHead: 3, DMLP: 2, NCtx: 1200, Causal: true}, 1000, 0.2, 1)
	modeltest.Change(&m.WPos, func(weights []float32) { clear(weights) })
	s := NewSession(m)
	read := func(different int) *alike {
		s.Reset()
		for i := range 1000 {
			_, err := s.Step(i % different)
			require.NoError(t, err)
		}
		return s.decoder.alike[0][0]
	}
	assert.Greater(t, read(1000).off, 1000)
	assert.InDelta(t, 5, read(4).classes, 2) // BOS and the first token are computed together, and may round in another way
}

// A step allocates nothing.
func TestStepAllocatesNothing(t *testing.T) {
	m := modeltest.Random(model.Config{Layers: 2, Heads: 2, DModel: 10, DHead: 3, DMLP: 8, NCtx: 3000, Causal: true}, 5, 0.6, 1)
	modeltest.Change(&m.WPos, func(weights []float32) { clear(weights) })
	s := NewSession(m)
	_, err := s.Prefill(modeltest.Input(m, 1100, 1))
	require.NoError(t, err)
	assert.Zero(t, testing.AllocsPerRun(500, func() { _, _ = s.Step(1) }))
}
