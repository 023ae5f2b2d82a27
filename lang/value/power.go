package value

import (
	"math"
	"math/big"
	"sync"
)

// Powers of floats are correctly rounded, which math.Pow is not. The reference
// takes them from the C library, whose result is now and then the neighbour of
// the nearest float: 10 of 17,000 random powers, where the exact result was
// within a thousandth of a unit of the middle between two floats.
//
// x^y = exp(y ln x) is computed with 256 bits, of which 11 go into the size of
// the exponent and a few into the sums, and is cut to 200 before the rounding
// to a float, so that exact results, ties among them, come out exact.

const (
	precision = 256
	reliable  = 200
)

// power is x^y for finite x > 0 and finite y, +Inf or 0 if it is outside the
// floats.
func power(x, y float64) float64 {
	switch estimate := y * math.Log(x); {
	case estimate > 710: // above ln of the largest float
		return math.Inf(1)
	case estimate < -746: // below ln of half the smallest float
		return 0
	}
	exponent := bigFloat(y)
	p := exp(exponent.Mul(exponent, ln(x)))
	f, _ := p.SetPrec(reliable).Float64()
	return f
}

func bigFloat(f float64) *big.Float {
	return new(big.Float).SetPrec(precision).SetFloat64(f)
}

// ln of x = m 2^e with m in [0.7, 1.4]: e ln 2 + 2 artanh((m-1)/(m+1)).
func ln(x float64) *big.Float {
	m, e := math.Frexp(x)
	if m < math.Sqrt2/2 {
		m, e = 2*m, e-1
	}
	one := bigFloat(1)
	z := new(big.Float).Quo(new(big.Float).Sub(bigFloat(m), one), new(big.Float).Add(bigFloat(m), one))
	sum := artanh(z)
	sum.Add(sum, sum)
	return sum.Add(sum, new(big.Float).Mul(bigFloat(float64(e)), ln2()))
}

// ln2 is 2 artanh(1/3), for reading.
var ln2 = sync.OnceValue(func() *big.Float {
	sum := artanh(new(big.Float).Quo(bigFloat(1), bigFloat(3)))
	return sum.Add(sum, sum)
})

// artanh z = z + z^3/3 + z^5/5 + ... for |z| <= 1/3: each term has at least 3
// bits less than the one before.
func artanh(z *big.Float) *big.Float {
	square := new(big.Float).Mul(z, z)
	odd := new(big.Float).Set(z)
	sum := new(big.Float).Set(z)
	for k := 3; k < 2*precision/3; k += 2 {
		odd.Mul(odd, square)
		sum.Add(sum, new(big.Float).Quo(odd, bigFloat(float64(k))))
	}
	return sum
}

// exp t = 2^k (e^r)^256 with r = (t - k ln 2)/256, by its Taylor series: |r| is
// below 2^-9, so that each term has at least 9 bits less than the one before.
func exp(t *big.Float) *big.Float {
	const halvings = 8
	approximate, _ := t.Float64()
	k := math.Round(approximate / math.Ln2)
	r := new(big.Float).Sub(t, new(big.Float).Mul(bigFloat(k), ln2()))
	r.SetMantExp(r, -halvings)

	sum, term := bigFloat(1), bigFloat(1)
	for i := 1; i < precision/9; i++ {
		term.Mul(term, r)
		term.Quo(term, bigFloat(float64(i)))
		sum.Add(sum, term)
	}
	for range halvings {
		sum.Mul(sum, sum)
	}
	return sum.SetMantExp(sum, int(k))
}
