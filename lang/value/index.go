package value

import (
	"math"
	"math/big"
)

// Index finds atoms in a list by ==.
type Index struct{ place map[Value]int }

// NewIndex indexes a list. Of equal atoms the first is found; nan, which equals
// nothing, never is.
func NewIndex(list []Value) *Index {
	x := &Index{make(map[Value]int, len(list))}
	for i, v := range list {
		key := Key(v)
		if _, found := x.place[key]; !found && !isNaN(v) {
			x.place[key] = i
		}
	}
	return x
}

// Find is the place of the first atom equal to v, -1 if there is none.
func (x *Index) Find(v Value) int {
	if i, found := x.place[Key(v)]; found {
		return i
	}
	return -1
}

// Key is the same for atoms that are == in RASP, and differs for others: bools
// and whole floats become ints.
func Key(v Value) Value {
	switch v.kind {
	case Bool:
		return OfInt(int64(v.bits))
	case Float:
		f := v.Float64()
		switch {
		case f != math.Trunc(f) || math.IsInf(f, 0):
			return v
		case math.Abs(f) < 1<<63:
			return OfInt(int64(f))
		}
		i, _ := big.NewFloat(f).Int(nil)
		return OfBig(i)
	}
	return v
}
