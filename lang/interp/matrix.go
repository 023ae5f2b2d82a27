package interp

import (
	"math/bits"
)

// matrix is n x n booleans, a row of 64-bit words after the other; column c is
// bit c%64 of word c/64. Bits from column n on are 0.
type matrix struct {
	n, words int
	bits     []uint64
}

// wordsFor is the number of words of a row of n columns.
func wordsFor(n int) int { return (n + 63) / 64 }

func (m *matrix) resize(n int) {
	m.n, m.words = n, wordsFor(n)
	m.bits = resize(m.bits, n*m.words)
}

func (m matrix) row(i int) []uint64 { return m.bits[i*m.words : (i+1)*m.words] }

func (m matrix) and(a, b matrix) {
	for i := range m.bits {
		m.bits[i] = a.bits[i] & b.bits[i]
	}
}

func (m matrix) or(a, b matrix) {
	for i := range m.bits {
		m.bits[i] = a.bits[i] | b.bits[i]
	}
}

// not leaves the columns from n on to be clipped.
func (m matrix) not(a matrix) {
	for i := range m.bits {
		m.bits[i] = ^a.bits[i]
	}
}

// clip clears the columns from limit on.
func clip(row []uint64, limit int) {
	whole := limit / 64
	if whole == len(row) {
		return
	}
	row[whole] &= 1<<(limit%64) - 1
	clear(row[whole+1:])
}

// count is the number of columns selected.
func count(row []uint64) int {
	n := 0
	for _, w := range row {
		n += bits.OnesCount64(w)
	}
	return n
}

// first is the least column selected; the row must not be empty.
func first(row []uint64) int {
	w := 0
	for row[w] == 0 {
		w++
	}
	return w*64 + bits.TrailingZeros64(row[w])
}
