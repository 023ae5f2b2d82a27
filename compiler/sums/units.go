package sums

import (
	"math"

	"rasp/compiler/construct"
	"rasp/compiler/facts"
	"rasp/lang/value"
)

// Bounds of a common unit: so many units make 1 at most, and each value is less
// than so many units.
const (
	maxDenominator = 1 << 40
	maxUnits       = 1 << 44
)

// Units writes numbers as whole multiples of 1/per: per is the least power of
// two that does, up to 2^16, so that sums are exact in float64, or else the
// least whole number that does but for rounding (the thirds of ints have per 3,
// 0.1 and 0.25 have 20). per is 0 if there is none of moderate size.
func Units(values []value.Value) (units []int64, per float64) {
	numbers, least := make([]float64, len(values)), math.Inf(1)
	for i, v := range values {
		if numbers[i] = v.Float64(); numbers[i] != 0 {
			least = min(least, math.Abs(numbers[i]))
		}
	}
	if units, per = unitsOf(numbers); units != nil || math.IsInf(least, 1) {
		return units, per
	}
	for i := range numbers { // multiples of the least: of 1e-40 as of 1
		numbers[i] /= least
	}
	if units, per = unitsOf(numbers); units == nil || !tellApart(units, numbers) {
		return nil, 0
	}
	return units, per / least
}

// tellApart reports that different numbers have different units.
func tellApart(units []int64, numbers []float64) bool {
	first := map[int64]float64{}
	for i, u := range units {
		if x, ok := first[u]; ok && x != numbers[i] {
			return false
		}
		first[u] = numbers[i]
	}
	return true
}

// unitsOf is Units of numbers neither tiny nor huge.
func unitsOf(values []float64) (units []int64, per float64) {
	per = 1
	for _, x := range values {
		if per < 1<<16 && math.Abs(x) < 1<<20 {
			per = max(per, 1/max(construct.PowerOfTwo(x), 1.0/(1<<16)))
		}
	}
	if units = multiples(values, per, 0); units != nil {
		return units, per
	}
	per = 1
	for _, v := range values {
		q := denominator(v)
		if per *= q / facts.Gcd(per, q); q == 0 || per > maxDenominator {
			return nil, 0
		}
	}
	if units = multiples(values, per, facts.RoundingOf); units != nil {
		return units, per
	}
	return nil, 0
}

// multiples are the values times per, nil if one is not whole, up to a relative
// error, or too large.
func multiples(values []float64, per, err float64) []int64 {
	units := make([]int64, len(values))
	for i, x := range values {
		u := math.Round(x * per)
		if !(math.Abs(u) < maxUnits) || math.Abs(u/per-x) > err*math.Abs(x) {
			return nil
		}
		units[i] = int64(u)
	}
	return units
}

// denominator is that of the simplest fraction equal to x but for rounding, by
// continued fractions; 0 if it is above 2^20.
func denominator(x float64) float64 {
	p0, q0, p, q := 0.0, 1.0, 1.0, 0.0
	for y := x; ; {
		whole := math.Floor(y)
		p0, q0, p, q = p, q, float64(whole*p)+p0, float64(whole*q)+q0
		if !(q <= 1<<20) {
			return 0
		}
		if math.Abs(p/q-x) <= facts.RoundingOf*math.Abs(x) {
			return q
		}
		y = 1 / (y - whole)
	}
}
