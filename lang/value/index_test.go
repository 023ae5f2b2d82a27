package value

import (
	"math"
	"math/big"
	"testing"
)

// TestIndex: an index finds what a search from the left finds.
func TestIndex(t *testing.T) {
	huge, _ := new(big.Int).SetString("100000000000000000000", 10)
	atoms := []Value{
		OfInt(0), OfFloat(math.Copysign(0, -1)), OfBool(false), OfString(""), OfString("0"), OfFloat(0.5), OfInt(1), OfBool(true),
		OfFloat(1), OfFloat(math.NaN()), OfFloat(math.Inf(1)), OfFloat(math.Inf(-1)), OfFloat(1e20), OfBig(huge), OfFloat(1 << 63),
		OfInt(math.MinInt64), OfFloat(-1 << 63), OfInt(1<<53 + 1), OfFloat(1 << 53), OfFloat(1e300), OfString("nan"),
	}
	for skip := range atoms {
		list := append(append([]Value{}, atoms[skip:]...), atoms[:skip/2]...)
		index := NewIndex(list)
		for _, v := range atoms {
			want := -1
			for i := range list {
				if Equal(list[i], v) {
					want = i
					break
				}
			}
			if got := index.Find(v); got != want {
				t.Errorf("%s among %v is at %d, want %d", Describe(v), list, got, want)
			}
		}
	}
}
