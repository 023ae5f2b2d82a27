package ngram

import "fmt"

// discounts are D(1), D(2) and D(3), which holds for all larger counts too.
type discounts struct {
	by       [3]float64
	fallback bool // too little data to estimate them
}

// unestimated are the discounts that KenLM's lmplz offers where they cannot be
// estimated (--discount_fallback).
var unestimated = discounts{[3]float64{0.5, 1, 1.5}, true}

// discountsOf estimates the discounts from how many n-grams have the count 1, 2,
// 3 and 4 (t1 to t4), by leaving one out (Chen and Goodman 1998, equation 26):
//
//	Y = t1 / (t1 + 2 t2),  D(i) = i - (i+1) Y t(i+1) / t(i)
//
// Where one of t1, t2, t3 is zero, or a D(i) not between 0 and i, all are
// unestimated.
func discountsOf(counts []int64) discounts {
	var t [5]float64
	for _, a := range counts {
		if 1 <= a && a <= 4 {
			t[a]++
		}
	}
	if t[1] == 0 || t[2] == 0 || t[3] == 0 {
		return unestimated
	}
	var d discounts
	y := t[1] / (t[1] + float64(2*t[2]))
	for i := 1; i <= 3; i++ {
		amount := float64(i) - float64(i+1)*y*t[i+1]/t[i]
		if amount <= 0 || amount > float64(i) {
			return unestimated
		}
		d.by[i-1] = amount
	}
	return d
}

// of is the discount of a count from 1.
func (d discounts) of(count int64) float64 { return d.by[min(count, 3)-1] }

func (d discounts) String() string {
	text := fmt.Sprintf("%.4g %.4g %.4g", d.by[0], d.by[1], d.by[2])
	if d.fallback {
		text += " (too few to estimate)"
	}
	return text
}
