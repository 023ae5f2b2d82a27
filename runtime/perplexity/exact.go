package perplexity

import (
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"slices"
)

// exact is a sum of float64s without any rounding: numbers of which none has a digit in common
// with another, from the least to the largest, that add up to it (Shewchuk 1997; math.fsum of
// Python). So it is the same in whichever order, and from whichever parts, it is made.
type exact []float64

// add a finite number.
func (s *exact) add(x float64) {
	kept := (*s)[:0]
	for _, y := range *s {
		high, low := twoSum(x, y)
		if low != 0 {
			kept = append(kept, low)
		}
		x = high
	}
	*s = append(kept, x)
}

// twoSum is x+y, and what that is rounded by (Knuth 4.2.2).
func twoSum(x, y float64) (sum, low float64) {
	sum = x + y
	of := sum - x
	return sum, (x - (sum - of)) + (y - of)
}

// addProduct adds x*y, all its digits.
func (s *exact) addProduct(x, y float64) {
	product := float64(x * y)
	s.add(math.FMA(x, y, -product))
	s.add(product)
}

// addAll adds another sum. What the sum was stays what it was, for those who have a copy.
func (s *exact) addAll(other exact) {
	*s = slices.Clone(*s)
	for _, x := range other {
		s.add(x)
	}
}

// exactly has all digits of a sum of float64s: they are multiples of 2^-1074 below 2^1024,
// and 64 bits for so many of them.
const exactly = 1074 + 1024 + 64

func (s exact) big() *big.Float {
	sum := new(big.Float).SetPrec(exactly)
	for _, x := range s {
		sum.Add(sum, big.NewFloat(x))
	}
	return sum
}

// value is the sum, rounded once.
func (s exact) value() float64 {
	switch len(s) {
	case 0:
		return 0
	case 1:
		return s[0]
	}
	x, _ := s.big().Float64()
	return x
}

// MarshalJSON keeps all digits.
func (s exact) MarshalJSON() ([]byte, error) {
	bits := make([]uint64, len(s))
	for i, x := range s {
		bits[i] = math.Float64bits(x)
	}
	return json.Marshal(bits)
}

// largestPart bounds what is read of a sum: squares of sums of logarithms of probabilities that
// float32 has are far below, and however many add up to a finite number.
const largestPart = 0x1p500

// UnmarshalJSON reads what MarshalJSON wrote.
func (s *exact) UnmarshalJSON(from []byte) error {
	var bits []uint64
	if err := json.Unmarshal(from, &bits); err != nil {
		return err
	}
	*s = nil
	for _, b := range bits {
		x := math.Float64frombits(b)
		if !(math.Abs(x) < largestPart) {
			return fmt.Errorf("%v is no part of a sum of logarithms", x)
		}
		s.add(x)
	}
	return nil
}
