package facts

import (
	"encoding/binary"
	"math"
	"slices"

	"rasp/compiler/construct"
	"rasp/compiler/keys"
)

// Normal writes f as scale*g + shift with a g that is the same for all
// functions that differ by scale and shift alone, so that they share a column:
// g is 0 at the first state, and for integers its values have no common factor
// and the first that is not 0 is positive. A constant has scale 0.
func Normal(f []float64) (g []float64, scale, shift float64) {
	first, whole, factor := true, true, 0.0
	for _, x := range f {
		switch {
		case math.IsNaN(x):
			continue
		case first:
			shift, first = x, false
		case x != shift && scale == 0:
			scale = math.Copysign(1, x-shift)
		}
		d := math.Abs(x - shift)
		if whole = whole && d == math.Trunc(d) && d < 1<<24; whole && d != factor {
			factor = Gcd(factor, d)
		}
	}
	if scale == 0 {
		return nil, 0, shift
	}
	if whole {
		scale *= factor
	} else if two := onlyTwo(f); two != 0 {
		scale = two
	}
	g = make([]float64, len(f))
	for i, x := range f {
		if math.IsNaN(x) {
			g[i] = math.NaN()
		} else {
			g[i] = (x - shift) / scale
		}
	}
	return g, scale, shift
}

// onlyTwo is the difference of the two values of f, 0 if it has more.
func onlyTwo(f []float64) float64 {
	var first, d float64
	seen := false
	for _, x := range f {
		switch {
		case math.IsNaN(x):
		case !seen:
			first, seen = x, true
		case x != first && d == 0:
			d = x - first
		case x != first && x-first != d:
			return 0
		}
	}
	return d
}

func Gcd(a, b float64) float64 {
	for b != 0 {
		a, b = b, math.Mod(a, b)
	}
	return a
}

// FunctionKey is a string that no other function has: its values, and how many states in
// a row have each, which are few runs of a function that steps through many.
func FunctionKey(g []float64) string {
	var b []byte
	for s := 0; s < len(g); {
		bits, end := math.Float64bits(g[s]), s+1
		for end < len(g) && math.Float64bits(g[end]) == bits {
			end++
		}
		b = binary.AppendUvarint(binary.LittleEndian.AppendUint64(b, bits), uint64(end-s))
		s = end
	}
	return string(b)
}

// FunctionWithKey is the function that has a key, of so many states.
func FunctionWithKey(key string, states int) []float64 {
	g := make([]float64, 0, states)
	for b := []byte(key); len(b) > 0; {
		x := math.Float64frombits(binary.LittleEndian.Uint64(b))
		count, n := binary.Uvarint(b[8:])
		for range count {
			g = append(g, x)
		}
		b = b[8+n:]
	}
	return g
}

// FunctionOf reports whether f depends on y alone, wherever both are defined.
func FunctionOf(f, y []float64) bool {
	if increases(y) {
		return true
	}
	var numbers keys.Numbering
	var values []float64 // of f, by number of y
	for s, x := range f {
		if math.IsNaN(x) || math.IsNaN(y[s]) {
			continue
		}
		number, isNew := numbers.Of(math.Float64bits(y[s] + 0)) // -0 is 0
		if isNew {
			values = append(values, x)
		} else if values[number] != x {
			return false
		}
	}
	return true
}

// increases reports that numbers rise from each to the next.
func increases(y []float64) bool {
	for s := range len(y) - 1 {
		if !(y[s] < y[s+1]) {
			return false
		}
	}
	return true
}

// Affine finds scale and shift with f = scale*x + shift wherever both are
// defined.
func Affine(f, x []float64) (scale, shift float64, ok bool) {
	first := -1
	for i := range f {
		if math.IsNaN(f[i]) {
			continue
		}
		if math.IsNaN(x[i]) {
			return 0, 0, false
		}
		switch {
		case first < 0:
			first = i
		case scale == 0 && x[i] != x[first]:
			scale = (f[i] - f[first]) / (x[i] - x[first])
		}
	}
	if first < 0 {
		return 0, 0, true
	}
	shift = f[first] - float64(scale*x[first])
	most := affineError(f, f[first])
	for i := range f {
		if !math.IsNaN(f[i]) && !(math.Abs(float64(scale*x[i])+shift-f[i]) <= most) {
			return 0, 0, false
		}
	}
	return scale, shift, true
}

// affineError is how far a function may be from an affine one for the rounding of float64
// alone: of what it is made of, which is as large as its values differ, and of the values
// themselves. Whole numbers that are off by that would be others.
func affineError(f []float64, first float64) float64 {
	spread, size, whole := 0.0, 0.0, true
	for _, x := range f {
		if math.IsNaN(x) {
			continue
		}
		spread, size, whole = max(spread, math.Abs(x-first)), max(size, math.Abs(x)), whole && x == math.Trunc(x)
	}
	most := float64(1e-12*spread) + float64(4*construct.Ulp64*size)
	if whole {
		most = min(most, 0.25)
	}
	return most
}

// FunctionThat is 1 where f is x, 0 elsewhere and NaN where f is not defined.
func FunctionThat(f []float64, x float64) []float64 {
	g := make([]float64, len(f))
	for s, y := range f {
		g[s] = math.NaN()
		if !math.IsNaN(y) {
			g[s] = Indicate(y == x)
		}
	}
	return g
}

// Indicate is 1 for true, 0 for false.
func Indicate(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// Snapped is a function by state of a variable whose values in states alike that differ
// by rounding are one: what tells them apart decides a table, which has other numbers.
func Snapped(v *Variable, g []float64) []float64 {
	if v.Alike == nil {
		return g
	}
	f, size, first := slices.Clone(g), sizeOf(g), slices.Repeat([]float64{math.NaN()}, len(g))
	for s, x := range g {
		at := v.Alike[s]
		switch {
		case math.IsNaN(x):
		case math.IsNaN(first[at]):
			first[at] = x
		case nearly(x, first[at], size):
			f[s] = first[at]
		}
	}
	return f
}

// Range32 lists the ids 0..n-1.
func Range32(n int) []int32 {
	ids := make([]int32, n)
	for i := range ids {
		ids[i] = int32(i)
	}
	return ids
}

// Range lists the numbers 0..n.
func Range(n int) []float64 {
	f := make([]float64, n+1)
	for w := range f {
		f[w] = float64(w)
	}
	return f
}
