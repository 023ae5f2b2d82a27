package construct

import (
	"math"
	"math/bits"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestPatternsWithZeros: patterns for models that stand noise select what they should, and each
// product of the score of a selected key has a 0.
func TestPatternsWithZeros(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 31))
	for range 300 {
		table := make(Table, 1+r.IntN(6))
		keys := 1 + r.IntN(6)
		for q := range table {
			table[q] = make([]int8, keys)
			for k := range table[q] {
				table[q][k] = int8(r.IntN(3) - 1)
			}
		}
		for _, p := range []Pattern{KeyOneHot(table), QueryOneHot(table)} {
			require.True(t, p.Selects(table) && p.HasZeros(table), "%v", table)
		}
	}
	assert.False(t, Bits([]int{0, 1, 2}, []int{0, 1, 2}, 3).HasZeros(Table{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}), "bits cancel")
}

func TestMismatches(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 32))
	for range 200 {
		count := 1 + r.IntN(20)
		query, key := make([]int, 1+r.IntN(20)), make([]int, 1+r.IntN(20))
		for q := range query {
			query[q] = r.IntN(count)
		}
		for k := range key {
			key[k] = r.IntN(count)
		}
		table := make(Table, len(query))
		for q := range table {
			for k := range key {
				table[q] = append(table[q], int8(min(1, max(0, 1-max(query[q]-key[k], key[k]-query[q])))))
			}
		}
		p := Mismatches(query, key, count)
		require.True(t, p.Selects(table) && p.HasZeros(table), "%v %v", query, key)
	}
}

// TestOrdered: comparisons of numbers, some of which never meet, have scores of factors that are
// 0 up to a number or from one on.
func TestOrdered(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 33))
	for name, allows := range map[string]func(q, k float64) bool{
		"equal":    func(q, k float64) bool { return q == k },
		"less":     func(q, k float64) bool { return k < q },
		"at least": func(q, k float64) bool { return k >= q },
		"falling":  func(q, k float64) bool { return k+q == 5 },
		"near":     func(q, k float64) bool { return math.Abs(k-q) < 2 },
		"ends":     func(q, k float64) bool { return 1 < k && k < 4 },
	} {
		for range 100 {
			query, key := numbers(r), numbers(r)
			table := make(Table, len(query))
			for q, x := range query {
				for _, y := range key {
					allowed := int8(0)
					if allows(x, y) {
						allowed = 1
					}
					if r.IntN(8) == 0 {
						allowed = -1
					}
					table[q] = append(table[q], allowed)
				}
			}
			p, ok := Ordered(table, query, key)
			require.True(t, ok, "%s %v %v", name, query, key)
			require.True(t, p.Selects(table) && p.HasZeros(table), "%s %v %v %v", name, query, key, table)
			for _, d := range p.Dims {
				assert.True(t, isEnd(d.Query, query) && isEnd(d.Key, key), "%v", d)
			}
		}
	}
	_, ok := Ordered(Table{{1, 0, 1}, {0, 1, 0}}, []float64{0, 1}, []float64{0, 1, 2})
	assert.False(t, ok, "even or odd")
}

// numbers are some from 0 to 7, each once, in any order.
func numbers(r *rand.Rand) []float64 {
	list := make([]float64, 0, 8)
	for _, x := range r.Perm(8)[:1+r.IntN(8)] {
		list = append(list, float64(x))
	}
	return list
}

// isEnd reports that a function is 0 up to a number or from one on.
func isEnd(f, numbers []float64) bool {
	changes := 0
	order := sortedBy(numbers)
	for i := 1; i < len(order); i++ {
		if f[order[i]] != f[order[i-1]] {
			changes++
		}
	}
	return changes <= 1
}

// TestSumsAreNear: what a head brings is off by what SumError says at most, and by more than half
// of that in some row.
func TestSumsAreNear(t *testing.T) {
	for _, n := range []int{1, 4, 16, 100} {
		for _, size := range []float64{1, 3} {
			c, worst := SumWeight(n, size), 0.0
			bound := Float64.SumError(n, size, c, 0, 0)
			for w := range n + 1 {
				sum := size * float64(w)
				z := sum / c * SumScale(n, c) / (1 + float64(w)/c)
				require.LessOrEqual(t, math.Abs(z-sum), bound, "n %d, w %d", n, w)
				worst = max(worst, math.Abs(z-sum))
			}
			assert.LessOrEqual(t, bound, 1.0/30)
			if n >= 4 {
				assert.Greater(t, worst, bound/2)
			}
		}
	}
}

// TestMiddle: a step leaves a quarter of the gap on either side, and no more.
func TestMiddle(t *testing.T) {
	for _, gap := range []float64{1, 0.3, 1.0 / 64} {
		low, high := 2-gap/2, 2+gap/2
		r := Middle(low, high)
		at := func(y float64) float64 { return max(0, r.Slope*y-r.At) - max(0, r.Slope*y-r.At-1) }
		assert.InDelta(t, 0, at(low+0.249*gap), 1e-9)
		assert.Positive(t, at(low+0.26*gap))
		assert.InDelta(t, 1, at(high-0.249*gap), 1e-9)
		assert.Less(t, at(high-0.26*gap), 1.0)
		assert.InDelta(t, gap/4, r.Margin(low, high), 1e-9)
	}
}

// TestLeak is the weight of keys a gap below, all together, beside one that is selected.
func TestLeak(t *testing.T) {
	for _, n := range []int{8, 16, 100} {
		gap := RobustGap(n)
		assert.LessOrEqual(t, Leak(n, gap, 0), math.Exp(-16))
		assert.Greater(t, Leak(n, gap-1, 0), math.Exp(-16), "and no larger than it must be")
		assert.InEpsilon(t, float64(n)*math.Exp(-gap+0.5), Leak(n, gap, 0.25), 1e-9)
	}
}

// TestAntichain: numbers are compared by sets of which none is in another, in as few dimensions as
// there can be, and each set has one number in the place of one of the set before.
func TestAntichain(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 35))
	for _, count := range []int{1, 2, 3, 6, 7, 20, 33, 70, 71} {
		query, key := r.Perm(count), r.Perm(count)
		table := make(Table, count)
		for q := range table {
			for k := range key {
				allowed := int8(0)
				if query[q] == key[k] {
					allowed = 1
				}
				table[q] = append(table[q], allowed)
			}
		}
		p := Antichain(query, key, count)
		require.True(t, p.Selects(table) && p.HasZeros(table), "%d", count)

		sets, m := antichain(count)
		require.Len(t, p.Dims, m)
		if m > 0 {
			assert.Less(t, binomial(m-1, (m-1)/2), count, "%d dimensions would do", m-1)
		}
		for i := 1; i < len(sets); i++ {
			assert.Equal(t, 2, bits.OnesCount64(sets[i]^sets[i-1]), "%b %b", sets[i-1], sets[i])
		}
	}
}

func binomial(n, k int) int {
	b := 1
	for i := range k {
		b = b * (n - i) / (i + 1)
	}
	return b
}
