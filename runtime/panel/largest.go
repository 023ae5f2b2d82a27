package panel

import "math"

// Largest finds in which of the first rows of x [rows, positions] each of the first
// positions has its largest number: the first of equals; -1 if that is infinite or one of the
// numbers is none. The list has room for whole vectors of Lanes, what is in it after the
// positions is lost.
func Largest(list []int32, x Panel, rows, positions int) {
	if rows > 0 && positions > 0 {
		largest(list, x, rows, positions)
	}
}

// genericLargest is Largest: row by row, so that one position need not wait for another.
func genericLargest(list []int32, x Panel, rows, positions int) {
	for from := 0; from < positions; from += tile {
		genericLargestTile(list[from:min(from+tile, positions)], x.From(from), rows)
	}
}

func genericLargestTile(list []int32, x Panel, rows int) {
	var tops [tile]int64 // the rank of the largest, and below it ^row
	var leasts [tile]int32
	for i := range list {
		tops[i], leasts[i] = math.MinInt64, math.MaxInt32
	}
	for r := range rows {
		second := int64(^uint32(r))
		for i, v := range x.Rows(r).Data[:len(list)] {
			rank := rank(v)
			tops[i] = max(tops[i], int64(rank)<<32|second)
			leasts[i] = min(leasts[i], rank)
		}
	}
	const infinite = 0x7f800000 // the rank of +Inf
	for i, top := range tops[:len(list)] {
		list[i] = -1
		if largest := int32(top >> 32); leasts[i] >= ^infinite && largest < infinite && largest > ^infinite {
			list[i] = int32(^uint32(top))
		}
	}
}

// rank orders float32 as integers, which processors compare without a branch; those that are no
// numbers are at both ends.
func rank(x float32) int32 {
	bits := int32(math.Float32bits(x + 0)) // -0 + 0 is 0
	return bits ^ bits>>31&math.MaxInt32
}
