// Package construct has the constructions as mathematics: formula, exactness condition
// and the rule by which the certificate bounds them, without plans or programs.
//
//	qk.go        QK circuits: which keys a query selects
//	latest.go    one of the keys that match, by a slope over positions
//	softmax.go   what a head brings: copies, means, any
//	count.go     counts and sums (tallies): a head whose BOS outweighs all keys
//	share.go     counts: what keys have of a head's attention beside BOS
//	steps.go     thresholds of numbers: two neurons a step
//	float.go     what float32 holds exactly
package construct

import (
	"encoding/binary"
	"math"
	"math/bits"
	"slices"
)

// Gap is the number of logits that separate a selected key from one that is
// not. exp(-104) is 0 in float32, so a key that is 256 below the largest has
// weight exactly 0, and so has one that is 128 below: the distance that is kept
// on either side of the BOS sink. A power of two, so that scores that are small
// integers times Gap are exact in float32.
const Gap = 256

// Pattern is the QK circuit of one condition between a query and a key. Each
// dimension of the head adds query*key to the score, in units of Gap: the sum is
// Base for every key that the query allows (or a Base of the row's own if
// RowBase), and at most Base-1 for every other key.
type Pattern struct {
	Dims    []Dim
	Base    float64
	RowBase bool
}

// Dim is one dimension of a head: a function of the query class and one of the
// key class.
type Dim struct {
	Query []float64 // [query classes]
	Key   []float64 // [key classes]
}

// Table is the truth table of a condition, [query class][key class]: 1 allowed,
// 0 not, -1 for pairs that cannot meet.
type Table [][]int8

// Kinds are the kinds of keys of a table, classes whose columns agree, and those of queries,
// whose rows do.
type Kinds struct {
	table         Table
	keys, queries []int    // the kind of each class
	columns, rows [][]int8 // of each kind
}

func KindsOf(t Table) Kinds {
	k := Kinds{table: t}
	k.keys, k.columns = mergeColumns(t)
	k.queries, k.rows = mergeColumns(transpose(t))
	return k
}

// KeyOneHot writes one dimension for each kind of key, open unless the query forbids that kind:
//
//	score(q, k) = -[q forbids kind(k)]
//
// Exact for every table; kinds that no query forbids cost nothing.
func KeyOneHot(t Table) Pattern { return oneHot(mergeColumns(t)) }

// KeyOneHot is that of the table.
func (k Kinds) KeyOneHot() Pattern { return oneHot(k.keys, k.columns) }

func oneHot(kind []int, columns [][]int8) Pattern {
	var p Pattern
	for c, column := range columns {
		if !slices.Contains(column, 0) {
			continue
		}
		d := Dim{Query: make([]float64, len(column)), Key: make([]float64, len(kind))}
		for q, allowed := range column {
			if allowed == 0 {
				d.Query[q] = -1
			}
		}
		for k := range kind {
			if kind[k] == c {
				d.Key[k] = 1
			}
		}
		p.Dims = append(p.Dims, d)
	}
	return p
}

// QueryOneHot is KeyOneHot with the sides exchanged: one dimension for each kind
// of query.
func QueryOneHot(t Table) Pattern { return exchanged(KeyOneHot(transpose(t))) }

// QueryOneHot is that of the table.
func (k Kinds) QueryOneHot() Pattern { return exchanged(oneHot(k.queries, k.rows)) }

// exchanged has the queries of p as its keys.
func exchanged(p Pattern) Pattern {
	for i, d := range p.Dims {
		p.Dims[i] = Dim{Query: d.Key, Key: d.Query}
	}
	return p
}

// Matching finds, where the table is an equality between kinds (each kind of
// query allows one kind of key at most, and the other way round), a number for
// each class so that a query allows a key exactly if their numbers are equal.
// count is the number of different numbers.
func (k Kinds) Matching() (query, key []int, count int, ok bool) {
	t, keyKind, columns, queryKind := k.table, k.keys, k.columns, k.queries
	partner := make([]int, len(columns)) // query kind that matches a key kind
	for c, column := range columns {
		partner[c] = -1
		for q, allowed := range column {
			if allowed != 1 {
				continue
			}
			if partner[c] >= 0 && partner[c] != queryKind[q] {
				return nil, nil, 0, false
			}
			partner[c] = queryKind[q]
		}
	}
	number := map[int]int{} // by query kind
	byKey := make([]int, len(columns))
	loose := -1
	for c, p := range partner {
		switch {
		case p < 0:
			if loose < 0 {
				loose = count
				count++
			}
			byKey[c] = loose
		default:
			if _, taken := number[p]; taken {
				return nil, nil, 0, false
			}
			number[p] = count
			byKey[c] = count
			count++
		}
	}
	nowhere := -1
	query, key = make([]int, len(t)), make([]int, len(keyKind))
	for q := range query {
		n, matched := number[queryKind[q]]
		if !matched {
			if nowhere < 0 {
				nowhere = count
				count++
			}
			n = nowhere
		}
		query[q] = n
	}
	for k := range key {
		key[k] = byKey[keyKind[k]]
	}
	return query, key, count, equality(t, query, key)
}

func equality(t Table, query, key []int) bool {
	for q, row := range t {
		for k, allowed := range row {
			if allowed >= 0 && (allowed == 1) != (query[q] == key[k]) {
				return false
			}
		}
	}
	return true
}

// Bits compares the numbers of a Matching bit by bit, b = ceil(log2 count) bits
// written as -1 and +1:
//
//	score(q, k) = 1/2 sum over bits of q_i k_i = b/2 if equal, <= b/2 - 1 if not
//
// With a single bit the weight is 1, so that Base is never 1/2: that is where
// the BOS sink stands.
func Bits(query, key []int, count int) Pattern {
	b := max(1, bits.Len(uint(count-1)))
	weight := 0.5
	if b == 1 {
		weight = 1
	}
	p := Pattern{Base: weight * float64(b)}
	for i := range b {
		p.Dims = append(p.Dims, Dim{Query: signs(query, i, weight), Key: signs(key, i, 1)})
	}
	return p
}

func signs(numbers []int, bit int, weight float64) []float64 {
	s := make([]float64, len(numbers))
	for i, n := range numbers {
		s[i] = weight * float64(2*(n>>bit&1)-1)
	}
	return s
}

// Parabola compares two integers by the square of their difference:
//
//	score(q, k) = -(q-k)^2 = 2qk - k^2 - q^2
//
// It needs the integers themselves, not a code of their values. The last term is
// the same for all keys of a row; where each row surely has a key that matches
// it can be left out (rowBase). Exact in float32 while 2 max(q,k)^2 < 2^24.
func Parabola(query, key []float64, rowBase bool) Pattern {
	ones := func(n int, x float64) []float64 { return slices.Repeat([]float64{x}, n) }
	twice, minusSquare := make([]float64, len(key)), make([]float64, len(key))
	for i, k := range key {
		twice[i], minusSquare[i] = 2*k, -k*k
	}
	p := Pattern{RowBase: rowBase, Dims: []Dim{
		{Query: query, Key: twice},
		{Query: ones(len(query), 1), Key: minusSquare},
	}}
	if !rowBase {
		square := make([]float64, len(query))
		for i, q := range query {
			square[i] = -q * q
		}
		p.Dims = append(p.Dims, Dim{Query: square, Key: ones(len(key), 1)})
	}
	return p
}

// Digits compares two integers by the squares of the differences of their digits: counted
// from the least of all, x = b h + l with 0 <= l < b, and
//
//	score(q, k) = 2 q_h k_h + 2 q_l k_l - (k_h^2 + k_l^2) - (q_h^2 + q_l^2)
//	            = -(q_h - k_h)^2 - (q_l - k_l)^2
//
// is 0 if they are equal and -1 or less if not. b is the least power of two of which the
// square is enough. The positive terms, and the negative ones, come to 4 b^2 at most: exact
// in float32 while that is below 2^24. Up to b = 2^10 there is room for other conditions:
// for numbers less than 2^20 apart.
func Digits(query, key []float64) Pattern {
	lo, base := digitBase(query, key)
	qh, ql, q2 := inDigits(query, lo, base)
	kh, kl, k2 := inDigits(key, lo, base)
	for i := range kh {
		kh[i], kl[i] = 2*kh[i], 2*kl[i]
	}
	ones := func(n int) []float64 { return slices.Repeat([]float64{1}, n) }
	return Pattern{Dims: []Dim{{qh, kh}, {ql, kl}, {ones(len(query)), k2}, {q2, ones(len(key))}}}
}

// DigitDims is how many dimensions Digits takes.
const DigitDims = 4

// mostBase is the largest base of which float32 has the squares.
const mostBase = 1 << 10

// AreDigits reports that Digits is exact for some integers.
func AreDigits(query, key []float64) bool {
	_, base := digitBase(query, key)
	return base <= mostBase
}

func digitBase(query, key []float64) (lo, base float64) {
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, list := range [][]float64{query, key} {
		lo, hi = min(lo, slices.Min(list)), max(hi, slices.Max(list))
	}
	for base = 1; base*base <= hi-lo; base *= 2 {
	}
	return lo, base
}

// inDigits are the high and the low digits of integers, and minus the sum of their squares.
func inDigits(list []float64, lo, base float64) (high, low, square []float64) {
	high, low, square = make([]float64, len(list)), make([]float64, len(list)), make([]float64, len(list))
	for i, x := range list {
		high[i] = math.Floor((x - lo) / base)
		low[i] = x - lo - float64(base*high[i])
		square[i] = -float64(high[i]*high[i]) - float64(low[i]*low[i])
	}
	return high, low, square
}

// Dimensions is the number of dimensions of the smallest pattern for a table,
// whatever codes there are.
func Dimensions(t Table) int {
	k := KindsOf(t)
	d := min(forbidding(k.columns), forbidding(k.rows))
	if _, _, count, ok := k.Matching(); ok {
		d = min(d, 3, bits.Len(uint(count-1)))
	}
	return d
}

// forbidding counts the kinds of columns that some row forbids.
func forbidding(columns [][]int8) int {
	n := 0
	for _, c := range columns {
		if slices.Contains(c, 0) {
			n++
		}
	}
	return n
}

// mergeColumns gives each column a kind; columns that agree wherever both are
// defined share one.
func mergeColumns(t Table) (kind []int, columns [][]int8) {
	if len(t) == 0 {
		return nil, nil
	}
	kind = make([]int, len(t[0]))
	exact := map[string]int{}
	open := slices.ContainsFunc(t, func(row []int8) bool { return slices.Contains(row, -1) })
	var kinds []bitColumn
	var text []byte
	for k, column := range bitColumns(t) {
		text = column.appendText(text[:0])
		c, ok := exact[string(text)]
		if !ok {
			c = -1
			if open { // else columns that agree are equal
				c = slices.IndexFunc(kinds, column.agrees)
			}
			if c < 0 {
				c, kinds = len(kinds), append(kinds, bitColumn{slices.Clone(column.allowed), slices.Clone(column.forbidden)})
			}
			exact[string(text)] = c
		}
		kind[k] = c
		kinds[c].add(column)
	}
	room := make([]int8, len(kinds)*len(t))
	for _, c := range kinds {
		columns, room = append(columns, c.entries(room[:len(t):len(t)])), room[len(t):]
	}
	return kind, columns
}

// bitColumn is a column of a table: bit q for query q.
type bitColumn struct{ allowed, forbidden []uint64 }

// bitColumns are the columns of a table, which has a row at least.
func bitColumns(t Table) []bitColumn {
	words := (len(t) + 63) / 64
	columns, bits := make([]bitColumn, len(t[0])), make([]uint64, 2*words*len(t[0]))
	for k := range columns {
		columns[k] = bitColumn{bits[2*k*words : (2*k+1)*words], bits[(2*k+1)*words : 2*(k+1)*words]}
	}
	for q, row := range t {
		for k, allowed := range row {
			switch allowed {
			case 1:
				columns[k].allowed[q/64] |= 1 << (q % 64)
			case 0:
				columns[k].forbidden[q/64] |= 1 << (q % 64)
			}
		}
	}
	return columns
}

// agrees reports that two columns do, wherever both are defined.
func (c bitColumn) agrees(d bitColumn) bool {
	for w := range c.allowed {
		if c.allowed[w]&d.forbidden[w]|c.forbidden[w]&d.allowed[w] != 0 {
			return false
		}
	}
	return true
}

// add defines a column where another one is that agrees with it.
func (c bitColumn) add(d bitColumn) {
	for w := range c.allowed {
		c.allowed[w] |= d.allowed[w]
		c.forbidden[w] |= d.forbidden[w]
	}
}

// appendText appends what no other column has.
func (c bitColumn) appendText(b []byte) []byte {
	for w := range c.allowed {
		b = binary.LittleEndian.AppendUint64(binary.LittleEndian.AppendUint64(b, c.allowed[w]), c.forbidden[w])
	}
	return b
}

// entries are those of the column, in place of zeros for each query.
func (c bitColumn) entries(column []int8) []int8 {
	for q := range column {
		switch bit := uint64(1) << (q % 64); {
		case c.allowed[q/64]&bit != 0:
			column[q] = 1
		case c.forbidden[q/64]&bit == 0:
			column[q] = -1
		}
	}
	return column
}

func transpose(t Table) Table {
	if len(t) == 0 {
		return nil
	}
	u := make(Table, len(t[0]))
	for k := range u {
		u[k] = make([]int8, len(t))
		for q := range t {
			u[k][q] = t[q][k]
		}
	}
	return u
}

// Selects checks a pattern against the table that it was made for: the score of
// allowed keys is the base (of the row, if RowBase), that of others at most one
// less.
func (p Pattern) Selects(t Table) bool {
	for q, row := range t {
		base := p.Base
		if p.RowBase {
			base = math.Inf(-1)
			for k, allowed := range row {
				if allowed == 1 {
					base = max(base, p.score(q, k))
				}
			}
		}
		for k, allowed := range row {
			s := p.score(q, k)
			if allowed == 1 && s != base || allowed == 0 && s > base-1 {
				return false
			}
		}
	}
	return true
}

func (p Pattern) score(q, k int) float64 {
	s := 0.0
	for _, d := range p.Dims {
		s += float64(d.Query[q] * d.Key[k])
	}
	return s
}
