package construct

import (
	"math"

	"rasp/lang/elementary"
)

// A whole number N over a whole number d that has few values is a neuron for each of these.
// With m_b(k) = 1 where bit b of d is not that of k, and 0 where it is,
//
//	N / d = sum over k of relu(N - G sum over b of m_b(k)) / k
//
// G is a power of two above all that N can be, so that the gates of all but one neuron close
// it. At the open one they are 0, all of them, and N comes through as it is. N may depend on
// k: of N = k Q - S^2 and 1/k^2 comes (Q - S^2/d)/d, with a numerator that is a whole
// number, so that nothing of what cancels is left. A number that can be negative has
// neurons for -N, too.
//
// Exact but for QuotientError while all that N is made of adds up to 2^24 at most: what
// float32 adds up is whole numbers then. (G may be beyond that: 0 times G is 0.)

// GateSize is G for a number that is at most size.
func GateSize(size float64) float64 { return math.Exp2(math.Ceil(elementary.Log2(max(1, size))) + 1) }

// QuotientError bounds how far N/d is off, if it is at most size: by 1/k as float32 has it,
// and by the product. Adding zeros rounds nothing.
func (p Precision) QuotientError(size float64) float64 { return 2.01 * p.Ulp * size }

// Power is x^n, of whole numbers exact below 2^53.
func Power(x float64, n int) float64 {
	y := 1.0
	for range n {
		y *= x
	}
	return y
}

// Mismatched is m_b(k) by value of d: 1 where bit b is not that of k.
func Mismatched(d float64, b int, bit bool) bool { return int64(d)>>b&1 == 1 != bit }
