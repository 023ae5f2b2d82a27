package ngram

import (
	"math"
	"math/bits"
	"strconv"
)

// scales are, for numbers m 2^-k with m of 24 bits, the decimals after which a step of the
// last one is at most 2^-k, and ten such steps are more.
var scales = func() (s [31]struct {
	decimals int
	power    uint64 // of ten
}) {
	for k := range s {
		s[k].power = 1
		for s[k].power < 1<<k {
			s[k].power *= 10
			s[k].decimals++
		}
	}
	return s
}()

// appendShortest writes a number with the fewest digits of which float32 makes it again, the
// nearest of these, as strconv does ('g', -1, 32).
//
// Between 2^-7 and 2^7, where most logarithms are, integers of 64 bits decide. With 24 bits of
// m, x = m 2^-k is what float32 makes of all numbers between (m - 1/2) 2^-k and (m + 1/2) 2^-k,
// of these two too if m is even. A step of the last decimal is at most 2^-k and ten steps are
// more, so at most one number between has fewer decimals. If there is none, it is the nearest.
func appendShortest(b []byte, x float32) []byte {
	word := math.Float32bits(x)
	m, k := uint64(word&(1<<23-1)|1<<23), 150-int(word>>23&0xff)
	if k < 17 || k > 30 || m == 1<<23 { // below a power of two numbers stand closer
		return strconv.AppendFloat(b, float64(x), 'g', -1, 32)
	}
	scale := &scales[k]
	unit, half := m*scale.power, scale.power // in 2^-k and 2^-(k+1)
	low, high := 2*unit-half, 2*unit+half
	if m%2 == 1 {
		low, high = low+1, high-1
	}
	shift := k + 1
	n := (2*unit + 1<<(shift-1)) >> shift // the nearest
	if n<<shift-2*unit == 1<<(shift-1) {
		n &^= 1 // of two the even one
	}
	if ten := high >> shift / 10 * 10; ten<<shift >= low {
		n = ten
	}
	if word>>31 > 0 {
		b = append(b, '-')
	}
	return appendFixed(b, n, scale.decimals)
}

// rounded is the integer that is nearest to 10^7 |x|, of two the even one, for |x| below 2^10;
// others are too large.
func rounded(x float64) (n uint64, ok bool) {
	word := math.Float64bits(x)
	m, k := word&(1<<52-1)|1<<52, 1075-int(word>>52&0x7ff) // |x| = m 2^-k
	switch {
	case k < 43:
		return 0, false
	case k > 80:
		return 0, true
	}
	high, low := bits.Mul64(m, 10_000_000) // below 2^77
	shift := k - 1                         // leaves a bit behind the point
	var twice uint64
	var rest bool
	if shift < 64 {
		twice, rest = high<<(64-shift)|low>>shift, low<<(64-shift) != 0
	} else {
		twice, rest = high>>(shift-64), low != 0 || high<<(128-shift) != 0
	}
	n = twice >> 1
	if twice&1 > 0 && (rest || n&1 > 0) {
		n++
	}
	return n, true
}

// twoDigits are the numbers below 100 in two digits.
var twoDigits = func() (two [200]byte) {
	for n := range 100 {
		two[2*n], two[2*n+1] = '0'+byte(n/10), '0'+byte(n%10)
	}
	return two
}()

// appendFixed writes n / 10^decimals, without zeros at its end.
func appendFixed(b []byte, n uint64, decimals int) []byte {
	for decimals > 0 && n%10 == 0 {
		n, decimals = n/10, decimals-1
	}
	var digits [32]byte
	at := len(digits)
	for left := decimals; left > 1; left -= 2 {
		two := 2 * (n % 100)
		n /= 100
		at -= 2
		digits[at], digits[at+1] = twoDigits[two], twoDigits[two+1]
	}
	if decimals%2 > 0 {
		at--
		digits[at] = '0' + byte(n%10)
		n /= 10
	}
	if decimals > 0 {
		at--
		digits[at] = '.'
	}
	for {
		at--
		digits[at] = '0' + byte(n%10)
		if n /= 10; n == 0 {
			return append(b, digits[at:]...)
		}
	}
}
