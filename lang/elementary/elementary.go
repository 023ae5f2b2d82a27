// Package elementary has logarithms and exponentials that are the same, bit for bit, on
// every processor. Those of package math are assembly on some, and on others the compiler
// fuses a multiplication and an addition, which leaves out a rounding. What becomes a
// weight, a bound or a digit of a program is computed here, with each product rounded.
package elementary

import "math"

// ln 2 in two parts: k times the first is exact for exponents k of a float64.
const (
	ln2High = 6.93147180369123816490e-01
	ln2Low  = 1.90821492927058770002e-10
)

// Log is the natural logarithm, to within an ulp: that of x = 2^k (1 + f) is
// k ln 2 + 2 atanh(f / (2 + f)), by a polynomial in s = f / (2 + f). Source: FreeBSD's
// e_log.c, as in package math.
func Log(x float64) float64 {
	switch {
	case math.IsNaN(x) || math.IsInf(x, 1):
		return x
	case x < 0:
		return math.NaN()
	case x == 0:
		return math.Inf(-1)
	}
	f, exponent := math.Frexp(x)
	if f < math.Sqrt2/2 {
		f, exponent = 2*f, exponent-1
	}
	f--
	k, s := float64(exponent), f/(2+f)
	s2 := float64(s * s)
	s4 := float64(s2 * s2)
	odd := float64(s2 * polynomial(s4, 6.666666666666735130e-01, 2.857142874366239149e-01, 1.818357216161805012e-01, 1.479819860511658591e-01))
	even := float64(s4 * polynomial(s4, 3.999999999940941908e-01, 2.222219843214978396e-01, 1.531383769920937332e-01))
	half := float64(0.5 * f * f)
	return float64(k*ln2High) - ((half - (float64(s*(half+odd+even)) + float64(k*ln2Low))) - f)
}

// Exp is e^x, to within an ulp: 2^k e^r for the nearest whole k, where r is at most half
// of ln 2. Source: FreeBSD's e_exp.c, as in package math.
func Exp(x float64) float64 {
	const largest, least = 7.09782712893383973096e+02, -7.45133219101941108420e+02
	switch {
	case math.IsNaN(x):
		return x
	case x > largest:
		return math.Inf(1)
	case x < least:
		return 0
	case math.Abs(x) < 1.0/(1<<28):
		return 1 + x
	}
	k := math.Trunc(float64(x*math.Log2E) + math.Copysign(0.5, x))
	high, low := x-float64(k*ln2High), float64(k*ln2Low)
	r := high - low
	t := float64(r * r)
	c := r - float64(t*polynomial(t, 1.66666666666666657415e-01, -2.77777777770155933842e-03, 6.61375632143793436117e-05, -1.65339022054652515390e-06, 4.13813679705723846039e-08))
	y := 1 - ((low - float64(r*c)/(2-c)) - high)
	return math.Ldexp(y, int(k))
}

// Expm1 is e^x - 1, to within a few ulps: what rounding e^x takes away, the logarithm of
// the rounded one takes away too. Source: W. Kahan, in Higham, "Accuracy and Stability of
// Numerical Algorithms", section 1.14.1.
func Expm1(x float64) float64 {
	switch y := Exp(x); {
	case y == 1:
		return x
	case y == 0 || math.IsInf(y, 1):
		return y - 1
	default:
		return (y - 1) * x / Log(y)
	}
}

// Log2 is the binary logarithm, exact for powers of two, else to within an ulp or 3e-16.
func Log2(x float64) float64 {
	f, exponent := math.Frexp(x)
	if f == 0.5 {
		return float64(exponent - 1)
	}
	return float64(exponent) + float64(Log(f)*(1/math.Ln2))
}

// polynomial is a[0] + a[1] x + a[2] x^2 + ...
func polynomial(x float64, a ...float64) float64 {
	y := 0.0
	for i := len(a) - 1; i >= 0; i-- {
		y = a[i] + float64(x*y)
	}
	return y
}
