package perplexity

import (
	"context"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rasp/runtime/text"
)

// table has a distribution after each token.
type table [][]float64

func (p table) Rows(ids []int, each func(position int, logs []float64) error) error {
	logs := make([]float64, len(p[0]))
	for position, id := range ids {
		for next, probability := range p[id] {
			logs[next] = math.Log(probability)
		}
		if err := each(position, logs); err != nil {
			return err
		}
	}
	return nil
}

// TestPair compares with the definitions, over windows, for models with their tokens in
// another order.
func TestPair(t *testing.T) {
	v := abc(false)
	a := table{{0.5, 0.25, 0.25}, {0.1, 0.2, 0.7}, {0.3, 0.4, 0.3}}
	b := table{{0.2, 0.5, 0.3}, {0.6, 0.2, 0.2}, {0.1, 0.3, 0.6}} // tokens c, a, b
	inB := []int{1, 2, 0}
	from := strings.Repeat("abcacbbca", 200)
	for _, o := range []Options{{Longest: 4000}, {Longest: 7, Stride: 3}} {
		pair := NewPair(a, b, inB, false)
		o.Each = func(t *text.Token, log float64, _ int) error {
			pair.Count(t, log)
			return nil
		}
		r, err := Measure(context.Background(), strings.NewReader(from), v, pair, o, nil)
		require.NoError(t, err)
		c := pair.Comparison()
		var logA, logB, ab, ba float64
		same := 0
		differences := newGroups(false)
		best := func(row []float64) (best int) {
			for i := range row {
				if row[i] > row[best] {
					best = i
				}
			}
			return best
		}
		for i := 1; i < len(from); i++ {
			before, next := int(from[i-1]-'a'), int(from[i]-'a')
			rowA, rowB := a[before], make([]float64, 3)
			for id := range rowB {
				rowB[id] = b[inB[before]][inB[id]]
				ab += rowA[id] * math.Log2(rowA[id]/rowB[id])
				ba += rowB[id] * math.Log2(rowB[id]/rowA[id])
			}
			if best(rowA) == best(rowB) {
				same++
			}
			logA, logB = logA+math.Log2(rowA[next]), logB+math.Log2(rowB[next])
			differences.add(math.Log2(rowB[next] / rowA[next]))
		}
		n := float64(len(from) - 1)
		require.Equal(t, len(from)-1, c.Tokens)
		require.InDelta(t, -logA/n, r.Bits(), 1e-9)
		require.InDelta(t, -logB/n, c.BitsB(), 1e-9)
		require.InDelta(t, ab/n, c.BitsAB(), 1e-9)
		require.InDelta(t, ba/n, c.BitsBA(), 1e-9)
		require.Equal(t, same, c.Same)
		require.Less(t, same, c.Tokens)
		differences.finish()
		want := differences.error()
		require.InDelta(t, want, c.Error, 1e-9)
	}
}

// TestImpossibleForOne: the relative entropy is infinite in one direction only.
func TestImpossibleForOne(t *testing.T) {
	a, b := table{{0.5, 0.5, 0}, {0.5, 0.5, 0}, {0.5, 0.5, 0}}, table{{0.4, 0.4, 0.2}, {0.4, 0.4, 0.2}, {0.4, 0.4, 0.2}}
	pair := NewPair(a, b, []int{0, 1, 2}, false)
	_, err := Measure(context.Background(), strings.NewReader("abab"), abc(false), pair, Options{Longest: 8, Each: func(t *text.Token, log float64, _ int) error {
		pair.Count(t, log)
		return nil
	}}, nil)
	require.NoError(t, err)
	c := pair.Comparison()
	require.InDelta(t, math.Log2(1.25), c.BitsAB(), 1e-9)
	require.True(t, math.IsInf(c.BitsBA(), 1))
	require.Equal(t, 3, c.Same)
}
