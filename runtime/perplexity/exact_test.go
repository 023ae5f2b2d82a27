package perplexity

import (
	"encoding/json"
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestExact: sums of numbers of any size are those of rational arithmetic, rounded once, in
// whichever order and from whichever parts.
func TestExact(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 200 {
		want := new(big.Rat)
		var all, left, right exact
		numbers := make([]float64, r.IntN(40))
		for i := range numbers {
			numbers[i] = math.Ldexp(r.Float64()-0.5, r.IntN(160)-80)
			if i > 0 && r.IntN(4) == 0 {
				numbers[i] = -numbers[i-1]
			}
		}
		for _, x := range numbers {
			want.Add(want, new(big.Rat).SetFloat64(x))
			all.add(x)
		}
		for i, at := range r.Perm(len(numbers)) {
			if i%3 == 0 {
				right.add(numbers[at])
			} else {
				left.add(numbers[at])
			}
		}
		kept := append(exact(nil), right...)
		sum := right
		sum.addAll(left)
		require.Equal(t, kept, append(exact(nil), right...), "what was copied stays")
		rounded, _ := want.Float64()
		require.Equal(t, rounded, all.value())
		require.Equal(t, rounded, sum.value())
		b, err := json.Marshal(sum)
		require.NoError(t, err)
		var again exact
		require.NoError(t, json.Unmarshal(b, &again))
		require.Equal(t, rounded, again.value())
	}
	require.Zero(t, exact(nil).value())
}

// TestExactProducts: a product has all its digits.
func TestExactProducts(t *testing.T) {
	var s exact
	x, y := 1/3., 1/7.
	s.addProduct(x, y)
	s.addProduct(-x, y)
	require.Zero(t, s.value())
	s.addProduct(x, y)
	s.add(-float64(x * y))
	want := new(big.Rat).Mul(new(big.Rat).SetFloat64(x), new(big.Rat).SetFloat64(y))
	want.Sub(want, new(big.Rat).SetFloat64(float64(x*y)))
	rest, _ := want.Float64()
	require.Equal(t, rest, s.value())
	require.NotZero(t, rest)
}
