package construct

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func randomTable(r *rand.Rand, values ...int8) Table {
	t := make(Table, 1+r.IntN(7))
	keys := 1 + r.IntN(7)
	for q := range t {
		t[q] = make([]int8, keys)
		for k := range t[q] {
			t[q][k] = values[r.IntN(len(values))]
		}
	}
	return t
}

// randomMatching allows a query the keys that have its number; numbers are from
// 0 to most-1, and some of them stand on one side only.
func randomMatching(r *rand.Rand, most int) Table {
	t := randomTable(r, 0)
	key := make([]int, len(t[0]))
	for k := range key {
		key[k] = r.IntN(most)
	}
	for q := range t {
		n := r.IntN(most)
		for k := range key {
			if key[k] == n {
				t[q][k] = 1
			}
		}
	}
	return t
}

// forget makes some pairs of a table impossible.
func forget(r *rand.Rand, t Table) Table {
	for _, row := range t {
		for k := range row {
			if r.IntN(4) == 0 {
				row[k] = -1
			}
		}
	}
	return t
}

// checkPattern: Base for allowed pairs, Base-1 at most for forbidden ones, and
// nothing that float32 would have to round.
func checkPattern(t *testing.T, name string, table Table, p Pattern) {
	t.Helper()
	for q, row := range table {
		for k, allowed := range row {
			switch s := p.score(q, k); allowed {
			case 1:
				require.Equal(t, p.Base, s, "%s: query %d, key %d of %v", name, q, k, table)
			case 0:
				require.LessOrEqual(t, s, p.Base-1, "%s: query %d, key %d of %v", name, q, k, table)
			}
			require.Equal(t, Gap*p.score(q, k), float64(float32(Gap*p.score(q, k))))
		}
	}
}

func TestSelectsFindsAWrongScore(t *testing.T) {
	table := Table{{1, 0}, {0, 1}, {-1, 0}}
	for name, p := range map[string]Pattern{"key": KeyOneHot(table), "bits": Bits([]int{0, 1, 2}, []int{0, 1}, 3)} {
		require.True(t, p.Selects(table), name)
		p.Dims[0].Query[0] += 0.5
		assert.False(t, p.Selects(table), name)
	}
	table = table[:2] // a parabola with the base of the row needs a match in each
	parabola := Parabola([]float64{0, 1}, []float64{0, 1}, true)
	assert.True(t, parabola.Selects(table))
	parabola.Dims[0].Key[1] -= 2
	assert.False(t, parabola.Selects(table))
}

func TestOneHotIsExactForEveryTable(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 2000 {
		table := randomTable(r, 1, 0, -1)
		for name, p := range map[string]Pattern{"key": KeyOneHot(table), "query": QueryOneHot(table)} {
			checkPattern(t, name, table, p)
			assert.Zero(t, p.Base)
			assert.False(t, p.RowBase)
		}
	}
}

func TestOneHotHasADimensionForEachKind(t *testing.T) {
	// Three kinds of keys, one of which everyone allows; two kinds of queries.
	table := Table{
		{1, 0, 0, 1},
		{1, 1, 0, 1},
		{1, 1, 0, 1},
	}
	assert.Len(t, KeyOneHot(table).Dims, 2)
	assert.Len(t, QueryOneHot(table).Dims, 2)
	assert.Empty(t, KeyOneHot(Table{{1, -1}, {-1, 1}}).Dims, "nobody forbids anything")
	assert.Len(t, KeyOneHot(Table{{1, -1, 0}, {-1, 0, 1}}).Dims, 2, "a key that can be of either kind costs nothing")
}

func TestMatchingIsFoundExactlyWhereThereIsOne(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 1))
	found, refused := 0, 0
	for range 3000 {
		table := randomTable(r, 1, 0, 0)
		if r.IntN(2) == 0 {
			table = randomMatching(r, 1+r.IntN(5))
		}
		query, key, count, ok := KindsOf(table).Matching()
		require.Equal(t, isMatching(table), ok, "%v", table)
		if !ok {
			refused++
			continue
		}
		found++
		checkNumbers(t, table, query, key, count)
	}
	assert.Greater(t, found, 500)
	assert.Greater(t, refused, 500)
}

// isMatching: queries that share a key share all of their keys.
func isMatching(table Table) bool {
	for _, x := range table {
		for _, y := range table {
			share, same := false, true
			for k := range x {
				share = share || x[k] == 1 && y[k] == 1
				same = same && x[k] == y[k]
			}
			if share && !same {
				return false
			}
		}
	}
	return true
}

func checkNumbers(t *testing.T, table Table, query, key []int, count int) {
	t.Helper()
	for q, row := range table {
		require.Less(t, query[q], count)
		for k, allowed := range row {
			require.Less(t, key[k], count)
			if allowed >= 0 {
				require.Equal(t, allowed == 1, query[q] == key[k], "query %d, key %d of %v", q, k, table)
			}
		}
	}
}

func TestMatchingOfATableWithImpossiblePairs(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 1))
	found := 0
	for range 3000 {
		table := forget(r, randomMatching(r, 1+r.IntN(5)))
		if query, key, count, ok := KindsOf(table).Matching(); ok {
			found++
			checkNumbers(t, table, query, key, count)
		}
	}
	assert.Greater(t, found, 1000)
}

func TestBits(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 1))
	for range 1000 {
		table := randomMatching(r, 1+r.IntN(9))
		query, key, count, ok := KindsOf(table).Matching()
		require.True(t, ok)
		p := Bits(query, key, count)
		checkPattern(t, "bits", table, p)
		assert.Len(t, p.Dims, max(1, int(math.Ceil(math.Log2(float64(count))))))
		assert.NotEqual(t, 0.5, p.Base, "the place of the BOS sink")
	}
}

func TestParabola(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 1))
	for range 1000 {
		table := randomTable(r, 0)
		query, key := integers(r, len(table)), integers(r, len(table[0]))
		for q := range table {
			for k := range table[q] {
				if query[q] == key[k] {
					table[q][k] = 1
				}
			}
		}
		full := Parabola(query, key, false)
		checkPattern(t, "parabola", table, full)
		assert.Len(t, full.Dims, 3)

		short := Parabola(query, key, true)
		require.True(t, short.RowBase)
		assert.Len(t, short.Dims, 2)
		for q, row := range table {
			p := Pattern{Dims: short.Dims, Base: query[q] * query[q]} // of a key that matches
			checkPattern(t, "row base", Table{row}, p.of(q))
		}
	}
}

// of is the pattern of a single query.
func (p Pattern) of(q int) Pattern {
	row := Pattern{Base: p.Base}
	for _, d := range p.Dims {
		row.Dims = append(row.Dims, Dim{Query: d.Query[q : q+1], Key: d.Key})
	}
	return row
}

func integers(r *rand.Rand, n int) []float64 {
	f := make([]float64, n)
	for i := range f {
		f[i] = float64(r.IntN(9) - 4)
	}
	return f
}

// TestParabolaAtItsLimit: 2 max^2 < 2^24 holds for 2896, no more for 2897.
// Beyond, float32 loses the difference between neighbours.
func TestParabolaAtItsLimit(t *testing.T) {
	score := func(q, k float64) float32 {
		p := Parabola([]float64{q}, []float64{k}, false)
		s := float32(0)
		for _, d := range p.Dims {
			s += float32(d.Query[0]) * float32(d.Key[0])
		}
		return s
	}
	assert.Less(t, 2.0*2896*2896, 0x1p24)
	for k := 2890.0; k <= 2896; k++ {
		assert.Equal(t, float32(-(2896-k)*(2896-k)), score(2896, k))
	}
	assert.NotEqual(t, float32(-1), score(5793, 5794))
}

func TestNoTable(t *testing.T) {
	assert.Empty(t, KeyOneHot(nil).Dims)
	assert.Empty(t, QueryOneHot(nil).Dims)
}

// TestDigits: the score of equal numbers is 0, that of others -1 or less, in float32 and in
// any order, up to the largest distance.
func TestDigits(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 1))
	for _, apart := range []int{1, 3, 4, 5, 100, 4096, 65536, mostBase*mostBase - 1} {
		lo := r.IntN(2000) - 1000
		list := []float64{float64(lo), float64(lo + apart)}
		for range 300 {
			x := lo + r.IntN(apart+1)
			list = append(list, float64(x), float64(min(x+1, lo+apart)))
		}
		require.True(t, AreDigits(list, list))
		p := Digits(list, list)
		require.Len(t, p.Dims, DigitDims)
		for q, x := range list {
			for k, y := range list {
				score := float32(0)
				for _, d := range r.Perm(len(p.Dims)) {
					score += float32(p.Dims[d].Query[q]) * float32(p.Dims[d].Key[k]) * Gap
				}
				if x == y {
					require.Zero(t, score)
				} else if score > -Gap {
					require.Fail(t, "not apart", "%g and %g score %g", x, y, score)
				}
			}
		}
	}
	require.False(t, AreDigits([]float64{0}, []float64{mostBase * mostBase}))
}
