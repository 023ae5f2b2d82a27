package demand

import (
	"math"
	"slices"
)

// Points are the numbers y where f is defined, ascending, each once, with what f is there: f
// depends on the number alone. Many functions are asked of the numbers of one variable, of
// which there may be tens of thousands; so their order is kept.
func (l *Demands) Points(y, f []float64) []Point {
	points := make([]Point, 0, len(f))
	for _, s := range l.orderOf(y[:len(f)]) {
		if math.IsNaN(f[s]) || len(points) > 0 && points[len(points)-1].Y == y[s] {
			continue
		}
		points = append(points, Point{y[s], f[s]})
	}
	return points
}

// ordered is numbers by state, and the states in their order, but for those without one.
type ordered struct {
	numbers []float64
	states  []int32
}

// mostOrdered is of how many lists of numbers the order is kept.
const mostOrdered = 8

// orderOf is the order of numbers.
func (l *Demands) orderOf(y []float64) []int32 {
	known := slices.IndexFunc(l.ordered, func(o ordered) bool { return sameBits(o.numbers, y) })
	if known >= 0 {
		return l.ordered[known].states
	}
	if len(l.ordered) == mostOrdered {
		l.ordered = slices.Delete(l.ordered, 0, 1)
	}
	states := inOrder(y)
	l.ordered = append(l.ordered, ordered{slices.Clone(y), states})
	return states
}

// sameBits reports that numbers are the same, NaN among them.
func sameBits(x, y []float64) bool {
	return slices.EqualFunc(x, y, func(a, b float64) bool { return math.Float64bits(a) == math.Float64bits(b) })
}

// inOrder are the states that have a number, by their numbers; those of equal ones as they
// are. A radix sort of their bytes, from the least of them on.
func inOrder(y []float64) []int32 {
	states, keys := make([]int32, 0, len(y)), make([]uint64, len(y))
	for s, x := range y {
		if !math.IsNaN(x) {
			states = append(states, int32(s))
			keys[s] = orderKey(x)
		}
	}
	from := make([]int32, len(states))
	for shift := 0; shift < 64; shift += 8 {
		var starts [257]int
		for _, s := range states {
			starts[keys[s]>>shift&255+1]++
		}
		if slices.Contains(starts[1:], len(states)) {
			continue // one byte for all
		}
		for b := range 256 {
			starts[b+1] += starts[b]
		}
		states, from = from, states
		for _, s := range from {
			b := keys[s] >> shift & 255
			states[starts[b]] = s
			starts[b]++
		}
	}
	return states
}

// orderKey is less for a lesser number, and equal for equal ones: 0 and -0.
func orderKey(x float64) uint64 {
	if bits := math.Float64bits(x + 0); bits>>63 == 0 {
		return bits | 1<<63
	} else {
		return ^bits
	}
}
